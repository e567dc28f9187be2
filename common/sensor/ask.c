#include "sensor/ask.h"

#include "base/clock.h"
#include "base/localdb.h"
#include "bio/print.h"
#include "wire/channel.h"
#include "wire/knock.h"
#include "wire/packet.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

enum att_err
sensor_connect(int timeout_ms, int *fd)
{
	struct knock k = { .folder = SENSOR_FOLDER, .name = SENSOR_NAME };
	struct att_local_user u;

	/* without such a user it can be root's alone */
	if (att_local_user_find(SENSOR_USER, &u) == ATT_OK)
		k.owner = u.uid;
	return knock(&k, timeout_ms, fd);
}

static enum att_err
say(int fd, const struct sensor_msg *m)
{
	uint8_t buf[SENSOR_FRAME_MAX];
	size_t len;
	enum att_err e = sensor_encode(m, buf, sizeof(buf), &len);

	if (e != ATT_OK)
		return e;
	return packet_send(fd, buf, len, NULL, 0, WIRE_CHECK_MS);
}

/* Wait for either; ATT_ABSENT if it is the other one, or both. */
static enum att_err
wait_either(int fd, int until, int64_t deadline)
{
	for (;;) {
		struct pollfd p[] = { { .fd = fd, .events = POLLIN },
			{ .fd = until, .events = POLLIN | POLLRDHUP } };
		int64_t left = deadline - att_mono_ms();
		int n;

		if (left <= 0)
			return ATT_TIMEOUT;
		n = poll(p, 2, (int)left);
		if (n < 0 && errno != EINTR)
			return ATT_IO;
		if (n > 0)
			return p[1].revents != 0 ? ATT_ABSENT : ATT_OK;
	}
}

static enum att_err
hear(int fd, uint8_t buf[SENSOR_FRAME_MAX], struct sensor_msg *m)
{
	size_t len;
	enum att_err e =
	    packet_recv(fd, buf, SENSOR_FRAME_MAX, &len, NULL, NULL, 0);

	return e == ATT_OK ? sensor_decode(buf, len, m) : e;
}

static enum att_err
take_no(const struct sensor_failed *f, struct sensor_no *no)
{
	struct sensor_no n = { .reason = (enum sensor_reason)f->reason,
		.retry_ms = f->retry_ms };

	if (att_slice_str(f->detail, n.detail, sizeof(n.detail)) != ATT_OK)
		return ATT_FORMAT;
	*no = n;
	return ATT_REFUSED;
}

/* What ends a capture; ATT_TIMEOUT: nothing yet. */
static enum att_err
take_end(const struct sensor_msg *m, const struct sensor_wait *w,
    struct bio_template *out, struct sensor_no *no)
{
	switch (m->type) {
	case SENSOR_NOTICE:
		if (w->notice != NULL)
			w->notice(w->ctx, (enum sensor_notice)m->notice.what);
		return ATT_TIMEOUT;
	case SENSOR_SAMPLE:
		if (bio_template_decode(
			m->sample.print.at, m->sample.print.len, out) != ATT_OK)
			return ATT_FORMAT;
		return out->sample[0].n >= BIO_PRINT_MIN ? ATT_OK : ATT_FORMAT;
	case SENSOR_FAILED: return take_no(&m->failed, no);
	case SENSOR_CAPTURE:
	case SENSOR_CANCEL:
	case SENSOR_ASK_STATUS:
	case SENSOR_STATUS: break;
	}
	return ATT_FORMAT;
}

/* Whatever crosses the cancelling is nobody's any more. */
static enum att_err
cancel(int fd, uint8_t buf[SENSOR_FRAME_MAX])
{
	const struct sensor_msg m = { .type = SENSOR_CANCEL };
	const int64_t deadline = att_mono_ms() + SENSOR_REPLY_MS;
	struct sensor_msg got = { .type = SENSOR_NOTICE };
	enum att_err e = say(fd, &m);

	while (e == ATT_OK && got.type == SENSOR_NOTICE) {
		e = wait_either(fd, -1, deadline);
		if (e == ATT_OK)
			e = hear(fd, buf, &got);
	}
	if (e != ATT_OK)
		return e;
	return got.type == SENSOR_SAMPLE || got.type == SENSOR_FAILED
	    ? ATT_ABSENT
	    : ATT_FORMAT;
}

enum att_err
sensor_capture(int fd, const struct sensor_wait *wait, struct bio_template *out,
    struct sensor_no *no)
{
	const uint32_t ms = wait->wait_ms == 0	 ? SENSOR_WAIT_MS
	    : wait->wait_ms < SENSOR_WAIT_MS_MAX ? wait->wait_ms
						 : SENSOR_WAIT_MS_MAX;
	const struct sensor_msg ask = { .type = SENSOR_CAPTURE,
		.capture = { ms } };
	const int64_t latest = att_mono_ms() + ms + SENSOR_REPLY_MS;
	/* whoever is alive soon says something, if only what to do */
	int64_t deadline = att_mono_ms() + SENSOR_REPLY_MS;
	uint8_t buf[SENSOR_FRAME_MAX];
	unsigned notices = 0;
	struct sensor_msg m;
	enum att_err e = say(fd, &ask);

	if (e != ATT_OK)
		return e;
	do {
		e = wait_either(fd, wait->until, deadline);
		if (e == ATT_ABSENT) {
			e = cancel(fd, buf);
			break;
		}
		if (e != ATT_OK)
			break;
		e = hear(fd, buf, &m);
		if (e != ATT_OK)
			break;
		deadline = latest;
		if (m.type == SENSOR_NOTICE && ++notices > SENSOR_NOTICES_MAX)
			e = ATT_FORMAT;
		else
			e = take_end(&m, wait, out, no);
	} while (e == ATT_TIMEOUT);
	explicit_bzero(buf, sizeof(buf));
	if (e != ATT_OK)
		explicit_bzero(out, sizeof(*out));
	return e;
}

static enum att_err
take_state(const struct sensor_status *s, struct sensor_state *out)
{
	struct sensor_state st = { .reason = (enum sensor_reason)s->reason,
		.in_use = s->in_use == 1,
		.test = s->test == 1,
		.temperature = (enum sensor_temperature)s->temperature,
		.retry_ms = s->retry_ms };

	if (att_slice_str(s->driver, st.driver, sizeof(st.driver)) != ATT_OK ||
	    att_slice_str(s->name, st.name, sizeof(st.name)) != ATT_OK)
		return ATT_FORMAT;
	*out = st;
	return ATT_OK;
}

enum att_err
sensor_state_read(int fd, int timeout_ms, struct sensor_state *out)
{
	const struct sensor_msg ask = { .type = SENSOR_ASK_STATUS };
	const int64_t deadline = att_mono_ms() + timeout_ms;
	uint8_t buf[SENSOR_FRAME_MAX];
	struct sensor_msg m;
	enum att_err e = say(fd, &ask);

	if (e == ATT_OK)
		e = wait_either(fd, -1, deadline);
	if (e == ATT_OK)
		e = hear(fd, buf, &m);
	if (e != ATT_OK)
		return e;
	return m.type == SENSOR_STATUS ? take_state(&m.status, out)
				       : ATT_FORMAT;
}

#include "attendd/reader.h"

#include "attendd/log.h"
#include "base/clock.h"
#include "base/owner.h"

#include <string.h>

/*
 * Nobody has been asked for anything yet, and nobody shall wait long for what
 * hangs; attend-sensor may have to start first.
 */
#define READY_MS 2000

static enum att_err
connect_sensor(struct dialogue *d, int timeout_ms)
{
	int fd = -1;
	enum att_err e;

	if (d->sensor > 0)
		return ATT_OK;
	e = sensor_connect(timeout_ms, &fd);
	if (e == ATT_OK)
		d->sensor = fd;
	else if (e != ATT_ABSENT)
		log_line(
		    LOG_WARNING, "reader unavailable why=%s", att_err_text(e));
	return e;
}

void
reader_close(struct dialogue *d)
{
	if (d->sensor > 0)
		att_close(&d->sensor);
	d->sensor = 0;
}

/* attend-sensor is not itself: for the person as if the reader had failed. */
static enum att_err
broken(struct dialogue *d, enum att_err e, struct sensor_no *no)
{
	log_line(LOG_WARNING, "reader failed why=%s", att_err_text(e));
	reader_close(d);
	*no = (struct sensor_no){ .reason = SENSOR_FAULT };
	return ATT_REFUSED;
}

enum att_err
reader_ready(struct dialogue *d, struct sensor_no *no)
{
	const int64_t deadline = att_mono_ms() + READY_MS;
	struct sensor_state st;
	int64_t left;
	enum att_err e;

	/* a client that hears nothing for WIRE_CHECK_MS gives up */
	dialogue_wait(d, WIRE_CHECK_MS);
	e = connect_sensor(d, READY_MS);
	if (e == ATT_ABSENT)
		return e;
	left = deadline - att_mono_ms();
	if (e == ATT_OK)
		e = left > 0 ? sensor_state_read(d->sensor, (int)left, &st)
			     : ATT_TIMEOUT;
	if (e != ATT_OK)
		return broken(d, e, no);
	if (st.reason == SENSOR_FINE)
		return ATT_OK;
	*no =
	    (struct sensor_no){ .reason = st.reason, .retry_ms = st.retry_ms };
	return ATT_REFUSED;
}

static void
on_notice(void *ctx, enum sensor_notice what)
{
	struct dialogue *d = ctx;
	const char *text = sensor_notice_text(what);

	if (text[0] != '\0')
		dialogue_inform(d, "%s", _(text));
}

static enum att_err
no_sample(struct dialogue *d, enum att_err e, struct sensor_no *no)
{
	if (e == ATT_ABSENT)
		return d->io = ATT_CLOSED; /* hung up, or spoke out of turn */
	if (e != ATT_REFUSED)
		return broken(d, e, no);
	log_line(LOG_INFO, "reader no-sample why=%s",
	    sensor_reason_word(no->reason));
	return e;
}

enum att_err
reader_capture(
    struct dialogue *d, struct bio_template *out, struct sensor_no *no)
{
	const struct sensor_wait wait = { .wait_ms = READER_WAIT_MS,
		.until = d->channel.fd,
		.notice = on_notice,
		.ctx = d };
	enum att_err e = connect_sensor(d, READY_MS);

	_Static_assert(
	    READER_WAIT_MS + SENSOR_REPLY_MS <= WIRE_WAIT_MS, "it waits");
	if (e != ATT_OK) {
		*no = (struct sensor_no){ .reason = SENSOR_NO_READER };
		return ATT_REFUSED;
	}
	dialogue_wait(d, WIRE_WAIT_MS);
	child_waits(d->waits);
	e = sensor_capture(d->sensor, &wait, out, no);
	if (!child_goes_on(d->waits)) {
		explicit_bzero(out, sizeof(*out));
		return d->io = ATT_CLOSED;
	}
	return e == ATT_OK ? d->io : no_sample(d, e, no);
}

void
reader_tell(struct dialogue *d, const struct sensor_no *no)
{
	dialogue_warn(d, "%s", _(sensor_reason_text(no->reason)));
	if (no->retry_ms > 2000)
		dialogue_inform(d, _("It can be used again in %u seconds."),
		    (unsigned)((no->retry_ms + 999) / 1000));
}

enum att_verdict
reader_excuse(struct dialogue *d, enum att_err e, const struct sensor_no *no)
{
	if (e != ATT_REFUSED)
		return VERDICT_UNAVAILABLE;
	reader_tell(d, no);
	return VERDICT_NOT_NOW;
}

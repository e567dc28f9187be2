#include "sensor/sensor.h"

#include "base/text.h"
#include "bio/template.h"
#include "wire/head.h"

#include <string.h>

const char *
sensor_notice_text(enum sensor_notice n)
{
	static const char *const texts[SENSOR_NOTICE_END] = {
#define X(name, text) [SENSOR_##name] = text,
		SENSOR_NOTICES(X)
#undef X
	};

	return n > SENSOR_NOTICE_NONE && n < SENSOR_NOTICE_END ? texts[n] : "";
}

const char *
sensor_reason_text(enum sensor_reason r)
{
	static const char *const texts[SENSOR_REASON_END] = {
#define X(name, text) [SENSOR_##name] = text,
		SENSOR_REASONS(X)
#undef X
	};

	return r > SENSOR_FINE && r < SENSOR_REASON_END ? texts[r] : "";
}

const char *
sensor_reason_word(enum sensor_reason r)
{
	switch (r) {
	case SENSOR_FINE: return "fine";
	case SENSOR_TIMEOUT: return "timeout";
	case SENSOR_NO_READER: return "no-reader";
	case SENSOR_UNSUITABLE: return "unsuitable";
	case SENSOR_TEST_READER: return "test-reader";
	case SENSOR_BUSY: return "busy";
	case SENSOR_HELD: return "held";
	case SENSOR_NO_ACCESS: return "no-access";
	case SENSOR_HOT: return "hot";
	case SENSOR_GONE: return "gone";
	case SENSOR_SLEPT: return "slept";
	case SENSOR_CANCELLED: return "cancelled";
	case SENSOR_TAKEN_AWAY: return "taken-away";
	case SENSOR_FAULT: return "fault";
	case SENSOR_REASON_END: break;
	}
	return "";
}

static bool
is_text(struct att_slice s)
{
	return s.len <= SENSOR_TEXT_MAX && att_text_ok(s);
}

/* One sample, nobody's finger, in its one encoding. */
static bool
is_print(struct att_slice s)
{
	struct bio_template t;
	bool ok = bio_template_decode(s.at, s.len, &t) == ATT_OK && t.n == 1 &&
	    t.finger == BIO_FINGER_UNKNOWN;

	explicit_bzero(&t, sizeof(t));
	return ok;
}

static bool
status_ok(const struct sensor_status *s)
{
	return s->reason < SENSOR_REASON_END && s->in_use <= 1 &&
	    s->test <= 1 && s->temperature <= SENSOR_TOO_HOT &&
	    is_text(s->driver) && is_text(s->name);
}

/* The documented limits of fields, the same for both directions. */
static bool
fields_ok(const struct sensor_msg *m)
{
	switch (m->type) {
	case SENSOR_CAPTURE:
	case SENSOR_CANCEL:
	case SENSOR_ASK_STATUS: return true;
	case SENSOR_NOTICE:
		return m->notice.what > SENSOR_NOTICE_NONE &&
		    m->notice.what < SENSOR_NOTICE_END;
	case SENSOR_SAMPLE: return is_print(m->sample.print);
	case SENSOR_FAILED:
		return m->failed.reason > SENSOR_FINE &&
		    m->failed.reason < SENSOR_REASON_END &&
		    is_text(m->failed.detail);
	case SENSOR_STATUS: return status_ok(&m->status);
	}
	return false;
}

static void
take_body(struct att_reader *r, struct sensor_msg *m)
{
	switch (m->type) {
	case SENSOR_CAPTURE: m->capture.wait_ms = att_take_le32(r); return;
	case SENSOR_CANCEL:
	case SENSOR_ASK_STATUS: return;
	case SENSOR_NOTICE: m->notice.what = att_take_u8(r); return;
	case SENSOR_SAMPLE:
		m->sample.print = att_take_bytes(r, r->left);
		return;
	case SENSOR_FAILED:
		m->failed.reason = att_take_u8(r);
		m->failed.retry_ms = att_take_le32(r);
		m->failed.detail = att_take_str8(r);
		return;
	case SENSOR_STATUS:
		m->status.reason = att_take_u8(r);
		m->status.in_use = att_take_u8(r);
		m->status.test = att_take_u8(r);
		m->status.temperature = att_take_u8(r);
		m->status.retry_ms = att_take_le32(r);
		m->status.driver = att_take_str8(r);
		m->status.name = att_take_str8(r);
		return;
	}
	r->failed = true;
}

enum att_err
sensor_decode(const void *buf, size_t len, struct sensor_msg *out)
{
	struct att_reader r = att_reader_of(buf, len);
	struct sensor_msg m = { 0 };
	uint8_t type;
	uint32_t body;

	if (len > SENSOR_FRAME_MAX ||
	    !head_take(&r, SENSOR_VERSION, &type, &body) || body != r.left)
		return ATT_FORMAT;
	m.type = (enum sensor_type)type;
	take_body(&r, &m);
	if (att_reader_done(&r) != ATT_OK || !fields_ok(&m))
		return ATT_FORMAT;
	*out = m;
	return ATT_OK;
}

static void
put_body(struct att_writer *w, const struct sensor_msg *m)
{
	switch (m->type) {
	case SENSOR_CAPTURE: att_put_le32(w, m->capture.wait_ms); return;
	case SENSOR_CANCEL:
	case SENSOR_ASK_STATUS: return;
	case SENSOR_NOTICE: att_put_u8(w, m->notice.what); return;
	case SENSOR_SAMPLE:
		att_put_bytes(w, m->sample.print.at, m->sample.print.len);
		return;
	case SENSOR_FAILED:
		att_put_u8(w, m->failed.reason);
		att_put_le32(w, m->failed.retry_ms);
		att_put_str8(w, m->failed.detail);
		return;
	case SENSOR_STATUS:
		att_put_u8(w, m->status.reason);
		att_put_u8(w, m->status.in_use);
		att_put_u8(w, m->status.test);
		att_put_u8(w, m->status.temperature);
		att_put_le32(w, m->status.retry_ms);
		att_put_str8(w, m->status.driver);
		att_put_str8(w, m->status.name);
		return;
	}
	w->failed = true;
}

enum att_err
sensor_encode(const struct sensor_msg *msg, void *buf, size_t cap, size_t *len)
{
	struct att_writer frame, w;

	if (!fields_ok(msg))
		return ATT_LIMIT;
	frame =
	    att_writer_of(buf, cap < SENSOR_FRAME_MAX ? cap : SENSOR_FRAME_MAX);
	w = frame;
	head_put(&w, SENSOR_VERSION, (uint8_t)msg->type);
	put_body(&w, msg);
	return head_close(frame, &w, len);
}

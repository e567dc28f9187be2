#include "audit/audit.h"

#include "base/text.h"

#include <string.h>

#define FORMAT 1

/* One of the record's own fixed arrays; max is its size less one. */
static enum att_err
field_put(struct att_writer *w, const char *at, size_t max, bool wide)
{
	size_t len = strnlen(at, max + 1);
	struct att_slice s = { (const uint8_t *)at, len };

	if (len > max)
		return ATT_LIMIT;
	if (!att_text_ok(s))
		return ATT_FORMAT;
	if (wide)
		att_put_str16(w, s);
	else
		att_put_str8(w, s);
	return ATT_OK;
}

enum att_err
audit_encode(const struct audit_record *r, uint8_t *bytes, size_t *len)
{
	struct att_writer w = att_writer_of(bytes, AUDIT_BYTES_MAX);
	enum att_err e;

	if (r->event[0] == '\0' || r->actor[0] == '\0')
		return ATT_FORMAT;
	att_put_u8(&w, FORMAT);
	att_put_le64(&w, r->seq);
	att_put_le64(&w, (uint64_t)r->time_utc);
	e = field_put(&w, r->event, AUDIT_EVENT_MAX, false);
	att_put_bytes(&w, r->subject, sizeof(r->subject));
	if (e == ATT_OK)
		e = field_put(&w, r->actor, AUDIT_ACTOR_MAX, false);
	if (e == ATT_OK)
		e = field_put(&w, r->detail, AUDIT_DETAIL_MAX, true);
	return e == ATT_OK ? att_writer_done(&w, len) : e;
}

static bool
field_take(struct att_slice s, char *buf, size_t cap)
{
	return att_text_ok(s) && att_slice_str(s, buf, cap) == ATT_OK;
}

enum att_err
audit_decode(struct att_slice bytes, struct audit_record *out)
{
	struct att_reader r = att_reader_of(bytes.at, bytes.len);
	struct audit_record a = { 0 };
	struct att_slice event, subject, actor, detail;

	if (att_take_u8(&r) != FORMAT)
		return ATT_FORMAT;
	a.seq = att_take_le64(&r);
	a.time_utc = (int64_t)att_take_le64(&r);
	event = att_take_str8(&r);
	subject = att_take_bytes(&r, sizeof(a.subject));
	actor = att_take_str8(&r);
	detail = att_take_str16(&r);
	if (att_reader_done(&r) != ATT_OK || event.len == 0 || actor.len == 0)
		return ATT_FORMAT;
	memcpy(a.subject, subject.at, sizeof(a.subject));
	if (!field_take(event, a.event, sizeof(a.event)) ||
	    !field_take(actor, a.actor, sizeof(a.actor)) ||
	    !field_take(detail, a.detail, sizeof(a.detail)))
		return ATT_FORMAT;
	*out = a;
	return ATT_OK;
}

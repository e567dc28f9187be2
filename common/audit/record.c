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
field_ok(struct att_slice s, size_t max)
{
	return s.len <= max && att_text_ok(s);
}

enum att_err
audit_read(struct att_slice bytes, struct audit_fields *out)
{
	struct att_reader r = att_reader_of(bytes.at, bytes.len);
	struct audit_fields f;

	if (att_take_u8(&r) != FORMAT)
		return ATT_FORMAT;
	f.seq = att_take_le64(&r);
	f.time_utc = (int64_t)att_take_le64(&r);
	f.event = att_take_str8(&r);
	f.subject = att_take_bytes(&r, VAULT_TAG_LEN);
	f.actor = att_take_str8(&r);
	f.detail = att_take_str16(&r);
	if (att_reader_done(&r) != ATT_OK || f.event.len == 0 ||
	    f.actor.len == 0 || !field_ok(f.event, AUDIT_EVENT_MAX) ||
	    !field_ok(f.actor, AUDIT_ACTOR_MAX) ||
	    !field_ok(f.detail, AUDIT_DETAIL_MAX))
		return ATT_FORMAT;
	*out = f;
	return ATT_OK;
}

enum att_err
audit_decode(struct att_slice bytes, struct audit_record *out)
{
	struct audit_record a = { 0 };
	struct audit_fields f;
	enum att_err e = audit_read(bytes, &f);

	if (e != ATT_OK)
		return e;
	a.seq = f.seq;
	a.time_utc = f.time_utc;
	memcpy(a.subject, f.subject.at, sizeof(a.subject));
	memcpy(a.event, f.event.at, f.event.len);
	memcpy(a.actor, f.actor.at, f.actor.len);
	if (f.detail.len > 0)
		memcpy(a.detail, f.detail.at, f.detail.len);
	*out = a;
	return ATT_OK;
}

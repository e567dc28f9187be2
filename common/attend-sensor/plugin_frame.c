#include "attend-sensor/plugin_frame.h"

#include "base/text.h"
#include "bio/minutiae.h"
#include "bio/template.h"

#include <string.h>

/* The most a body of this type can be; so nothing is awaited in vain. */
static size_t
body_max(enum plugin_type type)
{
	switch (type) {
	case PLUGIN_CAPTURE:
	case PLUGIN_STOP: return 0;
	case PLUGIN_HELLO: return 2 + BIO_DRIVER_MAX + SENSOR_TEXT_MAX;
	case PLUGIN_NOTICE:
	case PLUGIN_FAILED: return 1;
	case PLUGIN_PICTURE: return PLUGIN_BODY_MAX;
	}
	return 0;
}

static bool
is_driver(struct att_slice s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";

	if (s.len == 0 || s.len > BIO_DRIVER_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == 0 || strchr(letters, s.at[i]) == NULL)
			return false;
	return true;
}

static void
take_picture(struct att_reader *r, struct picture *p)
{
	struct att_slice grey;

	p->width = att_take_le16(r);
	p->height = att_take_le16(r);
	p->resolution = att_take_le16(r);
	if (p->width == 0 || p->width > PICTURE_SIDE_MAX || p->height == 0 ||
	    p->height > PICTURE_SIDE_MAX ||
	    p->resolution < BIO_RESOLUTION_MIN ||
	    p->resolution > BIO_RESOLUTION_MAX)
		r->failed = true;
	grey = att_take_bytes(r, (size_t)p->width * p->height);
	p->grey = grey.at;
}

static void
take_body(struct att_reader *r, struct plugin_msg *m)
{
	switch (m->type) {
	case PLUGIN_CAPTURE:
	case PLUGIN_STOP: return;
	case PLUGIN_HELLO:
		m->hello.driver = att_take_str8(r);
		m->hello.name = att_take_str8(r);
		if (!is_driver(m->hello.driver) || !att_text_ok(m->hello.name))
			r->failed = true;
		return;
	case PLUGIN_NOTICE:
		m->notice = att_take_u8(r);
		if (m->notice == SENSOR_NOTICE_NONE ||
		    m->notice >= SENSOR_NOTICE_END)
			r->failed = true;
		return;
	case PLUGIN_PICTURE: take_picture(r, &m->picture); return;
	case PLUGIN_FAILED:
		m->failed = att_take_u8(r);
		if (m->failed == SENSOR_FINE || m->failed >= SENSOR_REASON_END)
			r->failed = true;
		return;
	}
	r->failed = true;
}

enum att_err
plugin_decode(const void *buf, size_t len, struct plugin_msg *out, size_t *used)
{
	struct att_reader r = att_reader_of(buf, len);
	struct plugin_msg m = { 0 };
	uint8_t type;
	uint32_t body;

	if (len < HEAD_LEN)
		return ATT_ABSENT;
	if (!head_take(&r, PLUGIN_VERSION, &type, &body))
		return ATT_FORMAT;
	m.type = (enum plugin_type)type;
	if (body > body_max(m.type))
		return ATT_FORMAT;
	if (body > r.left)
		return ATT_ABSENT;
	r.left = body;
	take_body(&r, &m);
	if (att_reader_done(&r) != ATT_OK)
		return ATT_FORMAT;
	*out = m;
	*used = HEAD_LEN + body;
	return ATT_OK;
}

void
plugin_encode(enum plugin_type type, uint8_t out[HEAD_LEN])
{
	struct att_writer w = att_writer_of(out, HEAD_LEN);

	head_put(&w, PLUGIN_VERSION, (uint8_t)type); /* no body follows */
}

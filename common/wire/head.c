#include "wire/head.h"

#define LENGTH_AT 4

bool
head_take(struct att_reader *r, uint8_t version, uint8_t *type, uint32_t *body)
{
	uint8_t theirs = att_take_u8(r);
	uint16_t reserved;

	*type = att_take_u8(r);
	reserved = att_take_le16(r);
	*body = att_take_le32(r);
	return !r->failed && theirs == version && reserved == 0;
}

void
head_put(struct att_writer *w, uint8_t version, uint8_t type)
{
	att_put_u8(w, version);
	att_put_u8(w, type);
	att_put_le16(w, 0);
	att_put_le32(w, 0); /* the length, once it is known */
}

enum att_err
head_close(struct att_writer frame, const struct att_writer *w, size_t *len)
{
	size_t n;

	if (att_writer_done(w, &n) != ATT_OK)
		return ATT_LIMIT;
	frame.len = LENGTH_AT;
	att_put_le32(&frame, (uint32_t)(n - HEAD_LEN));
	*len = n;
	return ATT_OK;
}

/*
 * The eight bytes that every frame begins with, whatever the dialogue:
 *
 *	u8 version, u8 type, le16 zero, le32 length of what follows
 */
#ifndef ATT_WIRE_HEAD_H
#define ATT_WIRE_HEAD_H

#include "base/bytes.h"

#define HEAD_LEN 8

/*
 * Take a head: false when it is cut, of another version or not zero where it
 * must be. Whether body is what follows is for the caller to say.
 */
bool
head_take(struct att_reader *r, uint8_t version, uint8_t *type, uint32_t *body);

/* Put a head whose length is not known yet. */
void head_put(struct att_writer *w, uint8_t version, uint8_t type);

/*
 * All of the frame is written: set the length in the head it began with. frame
 * is the writer as it was before head_put. *len is the frame's. ATT_LIMIT.
 */
enum att_err head_close(struct att_writer frame, const struct att_writer *w,
    size_t *len) ATT_CHECKED;

#endif

/*
 * Text that people see: UTF-8, decoded strictly. What fails here never
 * reaches a terminal, a table or JSON unescaped.
 */
#ifndef ATT_BASE_TEXT_H
#define ATT_BASE_TEXT_H

#include "base/bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decode one code point at the front of at most left bytes. The number of
 * bytes it takes; 0 when there is none: end, cut short, overlong, surrogate
 * or beyond U+10FFFF.
 */
size_t att_utf8_next(const uint8_t *at, size_t left, uint32_t *code);

/* C0, DEL and C1: what steers terminals instead of showing something. */
bool att_code_is_control(uint32_t code);

/* Whether the whole slice is UTF-8 without control characters. */
bool att_text_ok(struct att_slice s);

/* Columns a terminal gives the text; needs a UTF-8 LC_CTYPE. */
size_t att_text_width(struct att_slice s);

#endif

/*
 * A JSON writer, indented, one member a line. It cannot write what is not
 * JSON: control characters and quotes are escaped, bytes that are not UTF-8
 * become U+FFFD. The caller pairs opens with closes and gives each member of
 * an object a key.
 */
#ifndef ATT_ADMIN_JSON_H
#define ATT_ADMIN_JSON_H

#include "admin/print.h"

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH 16

struct json {
	struct print *p;
	unsigned depth;
	bool filled[JSON_DEPTH]; /* this level has a member already */
	bool keyed; /* a key was written, its value follows */
};

void json_start(struct json *j, struct print *p);
void json_object(struct json *j);
void json_object_end(struct json *j);
void json_array(struct json *j);
void json_array_end(struct json *j);
void json_key(struct json *j, const char *key);
void json_text(struct json *j, const char *text); /* NULL: null */
void json_number(struct json *j, int64_t v);
void json_bool(struct json *j, bool v);
void json_null(struct json *j);

#endif

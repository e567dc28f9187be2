#include "base/opt.h"

#include "base/bytes.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* One input while it is read: values go to a copy until all of it is right. */
struct reading {
	const struct att_opt *rows;
	size_t n;
	uint8_t *into; /* the copy of the struct */
	struct att_opt_error *err;
	struct att_slice keys[ATT_OPT_KEYS_MAX]; /* given so far */
	size_t given;
};

static enum att_err
refuse(struct reading *r, const char *reason)
{
	r->err->reason = reason;
	return ATT_FORMAT;
}

static void
name_key(struct att_opt_error *err, struct att_slice key)
{
	size_t n = key.len < sizeof(err->key) ? key.len : sizeof(err->key) - 1;

	for (size_t i = 0; i < n; i++) {
		char c = (char)key.at[i];

		err->key[i] = c;
		if (c < ' ' || c > '~')
			err->key[i] = '?';
	}
	err->key[n] = '\0';
}

static bool
matches(const struct att_opt *row, struct att_slice key)
{
	size_t n = strlen(row->name);

	if (!row->dotted)
		return att_slice_is(key, row->name);
	return key.len > n + 1 && memcmp(key.at, row->name, n) == 0 &&
	    key.at[n] == '.';
}

static const struct att_opt *
find(const struct reading *r, struct att_slice key)
{
	for (size_t i = 0; i < r->n; i++)
		if (matches(&r->rows[i], key))
			return &r->rows[i];
	return NULL;
}

static bool
is_given(const struct reading *r, struct att_slice key)
{
	for (size_t i = 0; i < r->given; i++)
		if (r->keys[i].len == key.len &&
		    memcmp(r->keys[i].at, key.at, key.len) == 0)
			return true;
	return false;
}

static const char *
set_bool(uint8_t *at, struct att_slice value)
{
	bool v = att_slice_is(value, "yes");

	if (!v && !att_slice_is(value, "no"))
		return "neither yes nor no";
	memcpy(at, &v, sizeof(v));
	return NULL;
}

static const char *
set_u32(const struct att_opt *row, uint8_t *at, struct att_slice value)
{
	uint64_t v = 0;

	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] < '0' || value.at[i] > '9')
			return "not a whole number";
		if (v <= UINT32_MAX)
			v = v * 10 + (value.at[i] - '0');
	}
	if (v < row->min || v > row->max)
		return "number out of range";
	memcpy(at, &(uint32_t){ (uint32_t)v }, sizeof(uint32_t));
	return NULL;
}

static const char *
set_text(uint8_t *at, size_t cap, struct att_slice value)
{
	if (!att_text_ok(value))
		return "not printable UTF-8";
	if (att_slice_str(value, (char *)at, cap) != ATT_OK)
		return "value too long";
	return NULL;
}

static const char *
set_checked(const struct att_opt *row, uint8_t *into, struct att_slice key,
    struct att_slice value)
{
	char text[ATT_OPT_VALUE_MAX], sub[ATT_OPT_VALUE_MAX];
	const char *why = set_text((uint8_t *)text, sizeof(text), value);

	if (why != NULL || !row->dotted)
		return why != NULL ? why : row->check(into, NULL, text);
	key.at += strlen(row->name) + 1;
	key.len -= strlen(row->name) + 1;
	why = set_text((uint8_t *)sub, sizeof(sub), key);
	return why != NULL ? why : row->check(into, sub, text);
}

static const char *
set(const struct att_opt *row, uint8_t *into, struct att_slice key,
    struct att_slice value)
{
	uint8_t *at = into + row->offset;

	switch (row->kind) {
	case ATT_OPT_KIND_BOOL:
		return value.len == 0 ? "value missing" : set_bool(at, value);
	case ATT_OPT_KIND_U32:
		return value.len == 0 ? "value missing"
				      : set_u32(row, at, value);
	case ATT_OPT_KIND_TEXT: return set_text(at, row->cap, value);
	case ATT_OPT_KIND_CHECKED: return set_checked(row, into, key, value);
	}
	return "unknown key";
}

/* has_value: "key" alone, as module arguments may be, is no empty value. */
static enum att_err
take(struct reading *r, struct att_slice key, struct att_slice value,
    bool has_value)
{
	static const char yes[] = "yes";
	const struct att_opt *row = find(r, key);
	const char *why;

	name_key(r->err, key);
	r->err->unknown = row == NULL;
	if (row == NULL)
		return refuse(r, "unknown key");
	if (is_given(r, key))
		return refuse(r, "key given twice");
	if (r->given == ATT_OPT_KEYS_MAX)
		return refuse(r, "too many keys");
	if (!has_value && row->kind != ATT_OPT_KIND_BOOL)
		return refuse(r, "value missing");
	why = set(row, r->into, key, has_value ? value : att_slice_of(yes));
	if (why != NULL)
		return refuse(r, why);
	r->keys[r->given++] = key;
	return ATT_OK;
}

static struct att_slice
trim(struct att_slice s)
{
	static const char blanks[] = " \t\r";

	while (s.len > 0 && memchr(blanks, s.at[0], sizeof(blanks) - 1)) {
		s.at++;
		s.len--;
	}
	while (s.len > 0 && memchr(blanks, s.at[s.len - 1], sizeof(blanks) - 1))
		s.len--;
	return s;
}

/* Split at the first '='; false if there is none, key is then all of it. */
static bool
split(struct att_slice s, struct att_slice *key, struct att_slice *value)
{
	const uint8_t *eq = s.len > 0 ? memchr(s.at, '=', s.len) : NULL;

	*key = s;
	*value = (struct att_slice){ s.at + s.len, 0 };
	if (eq == NULL)
		return false;
	key->len = (size_t)(eq - s.at);
	*value = (struct att_slice){ eq + 1, s.len - key->len - 1 };
	return true;
}

static enum att_err
read_line(struct reading *r, struct att_slice line)
{
	struct att_slice key, value;

	r->err->line++;
	line = trim(line);
	if (line.len == 0 || line.at[0] == '#')
		return ATT_OK;
	if (!split(line, &key, &value)) {
		name_key(r->err, key);
		return refuse(r, "no '=' in the line");
	}
	return take(r, trim(key), trim(value), true);
}

static enum att_err
read_lines(struct reading *r, struct att_slice text)
{
	enum att_err e = ATT_OK;

	if (text.len > ATT_OPT_FILE_MAX)
		return refuse(r, "file too large");
	if (text.len > 0 && memchr(text.at, 0, text.len) != NULL)
		return refuse(r, "contains a NUL byte");
	while (e == ATT_OK && text.len > 0) {
		const uint8_t *nl = memchr(text.at, '\n', text.len);
		size_t n = nl != NULL ? (size_t)(nl - text.at) : text.len;
		size_t skip = nl != NULL ? n + 1 : n;

		e = read_line(r, (struct att_slice){ text.at, n });
		text.at += skip;
		text.len -= skip;
	}
	return e;
}

static enum att_err
read_args(struct reading *r, int argc, const char **argv)
{
	enum att_err e = ATT_OK;

	for (int i = 0; e == ATT_OK && i < argc; i++) {
		struct att_slice key, value;
		bool has_value = split(att_slice_of(argv[i]), &key, &value);

		r->err->line++;
		e = take(r, key, value, has_value);
	}
	return e;
}

static enum att_err
begin(struct reading *r, const void *s, size_t size)
{
	*r->err = (struct att_opt_error){ .reason = att_err_text(ATT_NOMEM) };
	r->into = malloc(size);
	if (r->into == NULL)
		return ATT_NOMEM;
	memcpy(r->into, s, size);
	return ATT_OK;
}

static enum att_err
finish(struct reading *r, enum att_err e, void *s, size_t size)
{
	if (e == ATT_OK) {
		memcpy(s, r->into, size);
		*r->err = (struct att_opt_error){ 0 };
	}
	free(r->into);
	return e;
}

enum att_err
att_opt_read(const struct att_opt *rows, size_t n, const char *text, size_t len,
    void *s, size_t size, struct att_opt_error *err)
{
	struct reading r = { .rows = rows, .n = n, .err = err };
	struct att_slice all = { (const uint8_t *)text, len };
	enum att_err e = begin(&r, s, size);

	if (e != ATT_OK)
		return e;
	return finish(&r, read_lines(&r, all), s, size);
}

enum att_err
att_opt_args(const struct att_opt *rows, size_t n, int argc, const char **argv,
    void *s, size_t size, struct att_opt_error *err)
{
	struct reading r = { .rows = rows, .n = n, .err = err };
	enum att_err e = begin(&r, s, size);

	if (e != ATT_OK)
		return e;
	return finish(&r, read_args(&r, argc, argv), s, size);
}

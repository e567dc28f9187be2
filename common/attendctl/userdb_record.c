#include "attendctl/userdb_record.h"

#include "admin/json.h"
#include "base/text.h"

#include <string.h>

static void
collect(void *ctx, const void *at, size_t len)
{
	struct userdb_record *r = ctx;

	if (len <= sizeof(r->at) - r->len)
		memcpy(r->at + r->len, at, len);
	r->len += len <= SIZE_MAX - r->len ? len : 0;
}

static void
start(struct userdb_record *r, struct print *p, struct json *j)
{
	r->len = 0;
	print_open(p, collect, r);
	json_start(j, p);
	json_object(j);
	json_key(j, "attendRecord"); /* USERDB_MARK */
	json_bool(j, true);
}

static enum att_err
finish(struct userdb_record *r, struct print *p, struct json *j)
{
	json_object_end(j);
	print_flush(p);
	return r->len <= sizeof(r->at) ? ATT_OK : ATT_LIMIT;
}

/* A member whose value is a string of the directory's. */
static enum att_err
put(struct json *j, const char *key, struct att_slice value)
{
	char text[DIRECTORY_STRING_MAX + 1];

	if (!att_text_ok(value))
		return ATT_FORMAT;
	json_key(j, key);
	if (att_slice_str(value, text, sizeof(text)) != ATT_OK)
		return ATT_FORMAT;
	json_text(j, text);
	return ATT_OK;
}

static void
put_number(struct json *j, const char *key, uint32_t value)
{
	json_key(j, key);
	json_number(j, value);
}

/* An ordinary account, as opposed to one of the system. */
static void
put_regular(struct json *j)
{
	json_key(j, "disposition");
	json_text(j, "regular");
}

enum att_err
userdb_record_person(struct userdb_record *r, const struct directory_person *p)
{
	struct print print;
	struct json j;
	enum att_err e;

	start(r, &print, &j);
	e = put(&j, "userName", p->name);
	if (e == ATT_OK && p->gecos.len > 0)
		e = put(&j, "realName", p->gecos);
	put_number(&j, "uid", p->uid);
	put_number(&j, "gid", p->gid);
	if (e == ATT_OK)
		e = put(&j, "homeDirectory", p->home);
	if (e == ATT_OK)
		e = put(&j, "shell", p->shell);
	put_regular(&j);
	return e != ATT_OK ? e : finish(r, &print, &j);
}

enum att_err
userdb_record_group(struct userdb_record *r, const struct directory_group *g)
{
	struct print print;
	struct json j;
	enum att_err e;

	start(r, &print, &j);
	e = put(&j, "groupName", g->name);
	put_number(&j, "gid", g->gid);
	put_regular(&j);
	return e != ATT_OK ? e : finish(r, &print, &j);
}

enum att_err
userdb_record_membership(struct userdb_record *r)
{
	struct print print;
	struct json j;

	start(r, &print, &j);
	return finish(r, &print, &j);
}

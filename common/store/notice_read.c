/* Notices as they were published: in force, coming, and all there ever were. */
#include "store/consent.h"

#include "base/owner.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

static void
take_notice(struct db_query *q, struct store_notice *n)
{
	*n = (struct store_notice){ 0 };
	db_take_text(q, n->version, sizeof(n->version));
	db_take_text(q, n->lang, sizeof(n->lang));
	n->major = (uint32_t)db_take_int_in(q, 1, UINT32_MAX);
	n->is_major = db_take_int(q) != 0;
	n->changes = (uint32_t)db_take_int_in(q, 0, STORE_CHANGES_ALL);
	n->published_utc = db_take_int(q);
	n->effective_utc = db_take_int(q);
	if (n->effective_utc == 0)
		n->effective_utc = n->published_utc;
	db_take_bytes(q, n->hash, sizeof(n->hash));
}

/* The texts of a row of NOTICE_SELECT; whole is owned by the caller. */
static enum att_err
take_texts(struct store *s, struct db_query *q, const struct store_notice *n,
    char brief[STORE_SHORT_BYTES], char **whole)
{
	uint8_t hash[VAULT_HASH_LEN];
	char *text = malloc(STORE_NOTICE_MAX + 1);

	if (text == NULL)
		return db_trouble(s, ATT_NOMEM, "out of memory");
	db_take_text(q, brief, STORE_SHORT_BYTES);
	db_take_text(q, text, STORE_NOTICE_MAX + 1);
	vault_hash(att_slice_of(text), hash);
	if (db_query_done(q) == ATT_OK &&
	    memcmp(hash, n->hash, sizeof(hash)) == 0) {
		*whole = text;
		return ATT_OK;
	}
	free(text);
	if (db_query_done(q) != ATT_OK)
		return db_query_done(q);
	return db_trouble(s, ATT_CORRUPT, "a notice's text was changed");
}

/* The one row of a query of NOTICE_SELECT, bound but for the language. */
static enum att_err
notice_one(struct store *s, struct db_query *q, const char *lang,
    struct store_notice *out, char *short_text, char **text)
{
	char brief[STORE_SHORT_BYTES] = "";
	ATT_AUTO_FREE char *whole = NULL;
	struct store_notice n;
	enum att_err e;

	db_bind_text(q, ":lang", lang);
	e = db_step(q);
	if (e == ATT_ABSENT)
		return db_trouble(s, e, "no such notice");
	take_notice(q, &n);
	e = db_query_done(q);
	if (e == ATT_OK && (short_text != NULL || text != NULL))
		e = take_texts(s, q, &n, brief, &whole);
	if (e != ATT_OK)
		return e;
	*out = n;
	if (short_text != NULL)
		memcpy(short_text, brief, strlen(brief) + 1);
	if (text != NULL)
		*text = att_take_ptr(whole);
	return ATT_OK;
}

enum att_err
store_notice_get(struct store *s, const char *version, const char *lang,
    struct store_notice *out, char *short_text, char **text)
{
	STORE_AUTO_QUERY struct db_query q =
	    db_query(s, STMT_NOTICE_BY_VERSION);

	db_bind_text(&q, ":version", version);
	return notice_one(s, &q, lang, out, short_text, text);
}

enum att_err
store_notice_in_force(struct store *s, int64_t at_utc, const char *lang,
    struct store_notice *out, char *short_text, char **text)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_IN_FORCE);

	db_bind_int(&q, ":at", at_utc);
	return notice_one(s, &q, lang, out, short_text, text);
}

enum att_err
store_notice_coming(struct store *s, int64_t at_utc, const char *lang,
    struct store_notice *out, char *short_text)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_COMING);

	db_bind_int(&q, ":at", at_utc);
	return notice_one(s, &q, lang, out, short_text, NULL);
}

enum att_err
store_notice_changes(
    struct store *s, uint32_t since, int64_t at_utc, uint32_t *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_CHANGES);
	uint32_t all = 0;
	enum att_err e;

	db_bind_int(&q, ":since", since);
	db_bind_int(&q, ":at", at_utc);
	while ((e = db_step(&q)) == ATT_OK)
		all |= (uint32_t)db_take_int_in(&q, 0, STORE_CHANGES_ALL);
	if (e == ATT_ABSENT)
		e = db_query_done(&q);
	if (e == ATT_OK)
		*out = all;
	return e;
}

enum att_err
store_notice_list(struct store *s, store_notice_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_NOTICE_LIST);
	struct store_notice n;
	enum att_err e;

	while ((e = db_step(&q)) == ATT_OK) {
		take_notice(&q, &n);
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (!each(ctx, &n))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

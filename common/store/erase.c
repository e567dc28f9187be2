/* What is destroyed of a person, and what stays in the person's place. */
#include "store/keep.h"

#include "store/person.h"
#include "store/team.h"
#include "store/tidy.h"

#include <string.h>

static const char *const reasons[STORE_ERASE_REASON_COUNT] = {
#define X(name, id) [STORE_ERASE_##name] = id,
	STORE_ERASE_REASONS(X)
#undef X
};

const char *
store_erase_reason_id(enum store_erase_reason r)
{
	return r < STORE_ERASE_REASON_COUNT ? reasons[r] : "unknown";
}

enum att_err
store_erase_reason_find(const char *id, enum store_erase_reason *out)
{
	for (unsigned i = 0; i < STORE_ERASE_REASON_COUNT; i++)
		if (strcmp(id, reasons[i]) == 0) {
			*out = (enum store_erase_reason)i;
			return ATT_OK;
		}
	return ATT_ABSENT;
}

/* Every row about a person, in this order: consents can be deleted only when
 * the key is gone. */
static const enum store_stmt forgets[] = {
	STMT_FORGET_KEY,
	STMT_FORGET_PIN,
	STMT_FORGET_FINGERS,
	STMT_FORGET_PIN_PAST,
	STMT_FORGET_ATTEMPTS,
	STMT_FORGET_COUNTERS,
	STMT_FORGET_SHOWN,
	STMT_FORGET_CONSENTS,
	STMT_FORGET_ATTENDANCE,
	STMT_FORGET_HOLD,
	STMT_FORGET_HISTORY,
	STMT_FORGET_REQUESTS,
	STMT_FORGET_DISCLOSURES,
};

static enum att_err
forget(struct store *s, enum store_stmt which, const uint8_t *person)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, which);

	db_bind_id(&q, ":person", person);
	return db_run(&q);
}

void
person_tombstone(
    const struct store *s, const char *login, char out[ATT_LOGIN_MAX + 1])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t tag[VAULT_TAG_LEN];

	_Static_assert(2 * VAULT_TAG_LEN <= ATT_LOGIN_MAX, "the tag fits");
	vault_index(s->vault, "erased-login", att_slice_of(login), tag);
	for (size_t i = 0; i < sizeof(tag); i++) {
		out[2 * i] = digits[tag[i] >> 4];
		out[2 * i + 1] = digits[tag[i] & 15];
	}
	out[2 * sizeof(tag)] = '\0';
}

static enum att_err
tombstone_set(struct store *s, const uint8_t *person, const char *login)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_ERASE);

	db_bind_id(&q, ":person", person);
	db_bind_text(&q, ":login", login);
	return db_run(&q);
}

static enum att_err
erasure_add(
    struct store *s, const uint8_t *person, int64_t at_utc, const char *reason)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ERASURE_ADD);

	db_bind_id(&q, ":person", person);
	db_bind_int(&q, ":at", at_utc);
	db_bind_text(&q, ":reason", reason);
	return db_run(&q);
}

/* The login as it is, of somebody who is not erased. */
static enum att_err
login_of(struct store *s, const uint8_t *person, char buf[ATT_LOGIN_MAX + 1])
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_LOGIN);
	enum att_err e;

	db_bind_id(&q, ":person", person);
	e = db_step(&q);
	if (e == ATT_ABSENT)
		return db_trouble(s, e, "no such person, or erased");
	if (e != ATT_OK)
		return e;
	db_take_text(&q, buf, ATT_LOGIN_MAX + 1);
	return db_query_done(&q);
}

/* Without the pseudonym: beside the tombstone it would name the person. */
static enum att_err
record(struct store *s, const struct store_by *by, const char *reason,
    bool from_ledger)
{
	struct detail d = { 0 };

	detail_text(&d, "reason", reason);
	detail_text(&d, "again", from_ledger ? "yes" : "no");
	return chain_append(s, by, "employee-erase", NULL, d.text);
}

static enum att_err
destroy(struct store *s, const uint8_t *person)
{
	char login[ATT_LOGIN_MAX + 1], tag[ATT_LOGIN_MAX + 1];
	enum att_err e = login_of(s, person, login);

	for (size_t i = 0; i < sizeof(forgets) / sizeof(forgets[0]); i++)
		if (e == ATT_OK)
			e = forget(s, forgets[i], person);
	if (e != ATT_OK)
		return e;
	person_tombstone(s, login, tag);
	e = tombstone_set(s, person, tag);
	if (e == ATT_OK)
		e = team_touch_directory(s);
	return e == ATT_OK ? tidy_due(s) : e;
}

enum att_err
store_erase(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], enum store_erase_reason reason)
{
	const char *why = store_erase_reason_id(reason);
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = destroy(s, person);
	if (e == ATT_OK)
		e = erasure_add(s, person, by->now.utc, why);
	return e == ATT_OK ? record(s, by, why, false) : e;
}

static void
take_erasure(struct db_query *q, struct store_erasure *x)
{
	*x = (struct store_erasure){ 0 };
	db_take_bytes(q, x->person, sizeof(x->person));
	x->uid = (uint32_t)db_take_int_in(q, 1, UINT32_MAX);
	x->at_utc = db_take_int(q);
	db_take_text(q, x->number, sizeof(x->number));
	db_take_text(q, x->login, sizeof(x->login));
	db_take_text(q, x->reason, sizeof(x->reason));
}

enum att_err
store_erasure_list(struct store *s, store_erasure_each *each, void *ctx)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ERASURE_LIST);
	struct store_erasure x;
	enum att_err e;

	while ((e = db_step(&q)) == ATT_OK) {
		take_erasure(&q, &x);
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (!each(ctx, &x))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

enum att_err
erasure_count(struct store *s, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ERASURE_COUNT);

	return db_count(&q, n);
}

enum att_err
ids_used(struct store *s, uint32_t next_uid, uint32_t next_gid)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_SITE_IDS_USED);

	db_bind_int(&q, ":uid", next_uid);
	db_bind_int(&q, ":gid", next_gid);
	return db_run(&q);
}

enum known {
	NOBODY,
	PRESENT,
	ERASED
};

static enum att_err
look_up(struct store *s, const struct store_erasure *x, enum known *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_KNOWN);
	uint8_t id[VAULT_ID_LEN];
	int64_t erased;
	enum att_err e;

	db_bind_text(&q, ":number", x->number);
	e = db_step(&q);
	*out = NOBODY;
	if (e != ATT_OK)
		return e == ATT_ABSENT ? ATT_OK : e;
	db_take_bytes(&q, id, sizeof(id));
	erased = db_take_int(&q);
	if (db_query_done(&q) != ATT_OK)
		return db_query_done(&q);
	if (memcmp(id, x->person, sizeof(id)) != 0)
		return db_trouble(s, ATT_EXISTS,
		    "the number of an erased person is somebody else's");
	*out = erased != 0 ? ERASED : PRESENT;
	return ATT_OK;
}

static enum att_err
reserve(struct store *s, const struct store_erasure *x)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_PERSON_RESERVE);

	db_bind_id(&q, ":person", x->person);
	db_bind_text(&q, ":number", x->number);
	db_bind_text(&q, ":login", x->login);
	db_bind_int(&q, ":uid", x->uid);
	return db_run(&q);
}

enum att_err
store_erasure_apply(struct store *s, const struct store_by *by,
    const struct store_erasure *x, bool *done)
{
	enum known known = NOBODY;
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = look_up(s, x, &known);
	*done = e == ATT_OK && known != ERASED;
	if (e != ATT_OK || known == ERASED)
		return e;
	e = known == PRESENT ? destroy(s, x->person) : reserve(s, x);
	if (e == ATT_OK)
		e = erasure_add(s, x->person, x->at_utc, x->reason);
	if (e == ATT_OK)
		e = ids_used(s, x->uid + 1, 0);
	return e == ATT_OK ? record(s, by, x->reason, true) : e;
}

/* What past attempts tell, and getting rid of them. */
#include "store/attempt.h"

#include "store/keep.h"
#include "store/person.h"

#include <string.h>

#define FORGET_SECONDS ((int64_t)30 * 24 * 3600) /* counters of strangers */

static enum att_err
count_of_subject(
    struct store *s, enum store_stmt which, const uint8_t *subject, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, which);

	db_bind_id(&q, ":subject", subject);
	return db_count(&q, n);
}

enum att_err
store_attempt_failures(
    struct store *s, const uint8_t subject[VAULT_ID_LEN], uint32_t *n)
{
	uint64_t failures = 0, open = 0;
	enum att_err e =
	    count_of_subject(s, STMT_COUNTER_SUM, subject, &failures);

	if (e == ATT_OK)
		e = count_of_subject(
		    s, STMT_ATTEMPT_PENDING_ALL, subject, &open);
	if (e == ATT_OK)
		*n = failures + open > UINT32_MAX ? UINT32_MAX
						  : (uint32_t)(failures + open);
	return e;
}

/* One past success: whether it is of this boot, young enough, this service. */
static bool
recent_row(struct db_query *q, const struct att_now *now, const char *service,
    uint32_t max_age, uint32_t *factor)
{
	char at[256];
	uint8_t boot_id[ATT_BOOT_ID_LEN];
	uint32_t f = (uint32_t)db_take_int_in(q, 1, UINT32_MAX);
	int64_t ended;

	db_take_text(q, at, sizeof(at));
	ended = db_take_int(q);
	db_take_bytes(q, boot_id, sizeof(boot_id));
	if (db_query_done(q) != ATT_OK ||
	    memcmp(boot_id, now->boot_id, sizeof(boot_id)) != 0 ||
	    ended > now->boot || now->boot - ended > max_age ||
	    (service != NULL && strcmp(at, service) != 0))
		return false;
	*factor = f;
	return true;
}

enum att_err
store_attempt_recent(struct store *s, const struct att_now *now,
    const uint8_t person[VAULT_ID_LEN], const char *service, uint32_t among,
    uint32_t max_age, uint32_t *factor)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTEMPT_RECENT);
	enum att_err e;

	db_bind_id(&q, ":subject", person);
	db_bind_int(&q, ":among", among);
	while ((e = db_step(&q)) == ATT_OK)
		if (recent_row(&q, now, service, max_age, factor))
			return ATT_OK;
	return e;
}

enum att_err
store_attempt_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_attempt_each *each, void *ctx)
{
	static const char *const outcomes[] = { "unfinished", "succeeded",
		"failed", "unfinished", "failed" };
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTEMPT_LIST);
	struct store_attempt_row a;
	enum att_err e;

	db_bind_id(&q, ":subject", person);
	while ((e = db_step(&q)) == ATT_OK) {
		a.at_utc = db_take_int(&q);
		a.factor = (uint32_t)db_take_int_in(&q, 0, UINT32_MAX);
		db_take_text(&q, a.service, sizeof(a.service));
		a.outcome = outcomes[db_take_int_in(&q, 0, 4)];
		if (db_query_done(&q) != ATT_OK)
			return db_query_done(&q);
		if (!each(ctx, &a))
			return ATT_OK;
	}
	return e == ATT_ABSENT ? ATT_OK : e;
}

static enum att_err
run_of_subject(struct store *s, enum store_stmt which, const uint8_t *subject)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, which);

	db_bind_id(&q, ":subject", subject);
	return db_run(&q);
}

enum att_err
store_attempt_clear(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN])
{
	enum att_err e = db_need_tx(s);

	if (e == ATT_OK)
		e = run_of_subject(s, STMT_ATTEMPT_FORGET_ALL, person);
	if (e == ATT_OK)
		e = run_of_subject(s, STMT_COUNTER_CLEAR, person);
	if (e == ATT_OK)
		e = store_audit(s, by, "attempt-clear", person, "");
	return e;
}

static enum att_err
run_before(struct store *s, enum store_stmt which, int64_t before, uint64_t *n)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, which);
	enum att_err e;

	db_bind_int(&q, ":before", before);
	db_bind_int(&q, ":most", STORE_PRUNE_MOST);
	e = db_run(&q);
	*n += e == ATT_OK ? (uint64_t)db_changes(&q) : 0;
	return e;
}

/* The record of what went, and none where nothing did. */
static enum att_err
pruned(
    struct store *s, const struct store_by *by, const char *event, uint64_t n)
{
	struct detail d = { 0 };

	if (n == 0) {
		s->unrecorded = false; /* nothing was changed */
		return ATT_OK;
	}
	detail_int(&d, "rows", (int64_t)n);
	return store_audit(s, by, event, NULL, d.text);
}

enum att_err
store_attempt_prune(
    struct store *s, const struct store_by *by, int64_t before_utc, uint64_t *n)
{
	enum att_err e = db_need_tx(s);

	*n = 0;
	if (e == ATT_OK)
		e = run_before(s, STMT_ATTEMPT_PRUNE, before_utc, n);
	if (e == ATT_OK)
		e = run_before(
		    s, STMT_COUNTER_PRUNE, by->now.utc - FORGET_SECONDS, n);
	return e == ATT_OK ? pruned(s, by, "attempt-prune", *n) : e;
}

enum att_err
store_attendance_prune(
    struct store *s, const struct store_by *by, int64_t before_utc, uint64_t *n)
{
	enum att_err e = db_need_tx(s);

	*n = 0;
	if (e == ATT_OK)
		e = run_before(s, STMT_ATTENDANCE_PRUNE, before_utc, n);
	return e == ATT_OK ? pruned(s, by, "attendance-prune", *n) : e;
}

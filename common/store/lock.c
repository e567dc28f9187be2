#include "store/lock.h"

#include <string.h>

const uint8_t lock_kiosk[VAULT_ID_LEN];

enum att_err
lock_get(struct store *s, const uint8_t subject[VAULT_ID_LEN], uint32_t factor,
    struct lock_counter *out)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_COUNTER_GET);
	struct lock_counter c = { 0 };
	enum att_err e;

	db_bind_id(&q, ":subject", subject);
	db_bind_int(&q, ":factor", factor);
	e = db_step(&q);
	if (e == ATT_ABSENT) {
		*out = c;
		return ATT_OK;
	}
	c.failures = (uint32_t)db_take_int_in(&q, 0, UINT32_MAX);
	c.locked = db_take_int(&q) != 0;
	c.utc = db_take_int(&q);
	c.boot = db_take_int(&q);
	db_take_bytes(&q, c.boot_id, sizeof(c.boot_id));
	e = db_query_done(&q);
	if (e == ATT_OK)
		*out = c;
	return e;
}

enum att_err
lock_set(struct store *s, const struct att_now *now,
    const uint8_t subject[VAULT_ID_LEN], bool known, uint32_t factor,
    const struct lock_counter *c)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_COUNTER_SET);

	db_bind_id(&q, ":subject", subject);
	db_bind_int(&q, ":factor", factor);
	db_bind_int(&q, ":known", known);
	db_bind_int(&q, ":failures", c->failures);
	db_bind_int(&q, ":utc", now->utc);
	db_bind_int(&q, ":locked", c->locked);
	db_bind_int(&q, ":lock_utc", c->utc);
	db_bind_int(&q, ":lock_boot", c->boot);
	db_bind_id(&q, ":lock_boot_id", c->boot_id);
	return db_run(&q);
}

void
lock_start(struct lock_counter *c, const struct att_now *now)
{
	c->locked = true;
	c->utc = now->utc;
	c->boot = now->boot;
	memcpy(c->boot_id, now->boot_id, sizeof(c->boot_id));
}

/* Clocks that ran backwards mean that no time passed. */
static int64_t
passed(int64_t from, int64_t to)
{
	int64_t seconds;

	if (__builtin_sub_overflow(to, from, &seconds))
		return to > from ? INT64_MAX : 0;
	return seconds > 0 ? seconds : 0;
}

uint32_t
lock_left(const struct lock_counter *c, const struct att_now *now,
    uint32_t lock_seconds)
{
	int64_t age;

	if (!c->locked)
		return 0;
	if (memcmp(c->boot_id, now->boot_id, sizeof(c->boot_id)) == 0) {
		age = passed(c->boot, now->boot);
	} else {
		age = passed(c->utc, now->utc);
		if (age < now->boot)
			age = now->boot;
	}
	return age < lock_seconds ? lock_seconds - (uint32_t)age : 0;
}

static enum att_err
pending_forget(struct store *s, const uint8_t *subject, uint32_t factor)
{
	STORE_AUTO_QUERY struct db_query q = db_query(s, STMT_ATTEMPT_FORGET);

	db_bind_id(&q, ":subject", subject);
	db_bind_int(&q, ":factor", factor);
	return db_run(&q);
}

enum att_err
lock_reset(struct store *s, const struct store_by *by,
    const uint8_t subject[VAULT_ID_LEN], bool known, uint32_t factor)
{
	const struct lock_counter zero = { 0 };
	enum att_err e = pending_forget(s, subject, factor);

	if (e == ATT_OK)
		e = lock_set(s, &by->now, subject, known, factor, &zero);
	return e;
}

/*
 * What people ask for: to see, correct or delete what is held about them, to
 * withdraw consent, to complain. A request is received, verified (whose it
 * is), and then answered: fulfilled, or refused with a reason of the list.
 * Until then its owner may take it back. The answer is due
 * STORE_REQUEST_DAYS days after the verification.
 */
#ifndef ATT_STORE_REQUEST_H
#define ATT_STORE_REQUEST_H

#include "store/consent.h"
#include "store/employee.h"

#define STORE_REQUEST_DAYS 30
#define STORE_REQUEST_TEXT 1000 /* bytes of what is asked and answered */

#define STORE_REQUESTS(X)       \
	X(ACCESS, "access")     \
	X(CORRECT, "correct")   \
	X(DELETE, "delete")     \
	X(WITHDRAW, "withdraw") \
	X(FEEDBACK, "feedback")
enum store_request_kind {
#define X(name, id) STORE_REQUEST_##name,
	STORE_REQUESTS(X)
#undef X
	STORE_REQUEST_KINDS
};
const char *store_request_kind_id(enum store_request_kind k);
/* ATT_ABSENT: no such kind. */
enum att_err store_request_kind_find(
    const char *id, enum store_request_kind *out) ATT_CHECKED;

enum store_request_state {
	STORE_RECEIVED = 1,
	STORE_VERIFIED = 2,
	STORE_FULFILLED = 3,
	STORE_REFUSED = 4,
	STORE_TAKEN_BACK = 5,
};
const char *store_request_state_id(enum store_request_state s);

/* How it was made sure whose request it is. */
#define STORE_VERIFIED_HOW \
	"pin", "session", "id-document", "staff-card", "in-person", "callback"
bool store_request_how_ok(const char *how);
/* The only reasons for a refusal; "abuse" needs evidence. */
#define STORE_REFUSALS                                                    \
	"legal-duty", "national-security", "public-interest", "criminal", \
	    "abuse", "vital-interests", "others-rights", "trade-secret"
bool store_request_reason_ok(const char *reason);

struct store_request {
	int64_t n;
	uint8_t person[VAULT_ID_LEN];
	char number[ATT_NUMBER_MAX + 1]; /* the person's; out */
	enum store_request_kind kind;
	enum store_request_state state;
	int64_t opened_utc, verified_utc, closed_utc; /* 0: not yet */
	char opened_by[AUDIT_ACTOR_MAX + 1];
	char verified_how[16];
	char field[17]; /* CORRECT: as history_field names it */
	enum store_purpose purpose; /* WITHDRAW */
	char reason[24];
	bool has_evidence;
	uint8_t evidence[VAULT_HASH_LEN];
	/* sealed at rest */
	char content[STORE_REQUEST_TEXT + 1]; /* new value, or words */
	char answer[STORE_REQUEST_TEXT + 1];
};

/* Days until the answer is due, negative when late; INT_MAX: none is due. */
int store_request_days_left(const struct store_request *r, int64_t now_utc);

/*
 * Open one. In: person, kind, field, purpose, content, and verified_how if it
 * is verified already. Out: *r whole. ATT_ABSENT: no such person, or erased;
 * ATT_FORMAT (store_trouble names what).
 */
enum att_err store_request_open(struct store *s, const struct store_by *by,
    struct store_request *r) ATT_CHECKED;

/* ATT_ABSENT; ATT_EXISTS: it is verified or closed already; ATT_FORMAT. */
enum att_err store_request_verify(struct store *s, const struct store_by *by,
    int64_t n, const char *how) ATT_CHECKED;

/*
 * Close *r as fulfilled, refused (reason, and evidence if has_evidence) or
 * taken back, with answer for the person, empty for none. ATT_REFUSED: it is
 * not verified, and only taking back needs no verification; ATT_EXISTS: closed
 * already; ATT_FORMAT: no such reason, or abuse without evidence; ATT_ABSENT:
 * erased meanwhile.
 */
enum att_err store_request_close(struct store *s, const struct store_by *by,
    const struct store_request *r, enum store_request_state as) ATT_CHECKED;

/*
 * Make an open one come true, or its verification, that this store does not
 * know of: with its number, words and clock. *done: it was new here.
 * ATT_ABSENT: whose it is is not here; ATT_EXISTS: its number is another's.
 */
enum att_err store_request_apply(struct store *s, const struct store_by *by,
    const struct store_request *r, bool *done) ATT_CHECKED;

/* ATT_ABSENT. */
enum att_err store_request_get(
    struct store *s, int64_t n, struct store_request *out) ATT_CHECKED;

/* In order: one person's, or (NULL) everybody's, all or only open ones. */
typedef bool store_request_each(void *ctx, const struct store_request *r);
enum att_err store_request_list(struct store *s, const uint8_t *person,
    bool open_only, store_request_each *each, void *ctx) ATT_CHECKED;

/*
 * Open ones whose answer is late, or that have waited as long to be verified.
 */
enum att_err
store_request_late(struct store *s, int64_t now_utc, uint64_t *n) ATT_CHECKED;

/*
 * Answers to the person's requests since the login before the last one: what
 * to point out at this one.
 */
enum att_err store_request_news(struct store *s,
    const uint8_t person[VAULT_ID_LEN], uint64_t *n) ATT_CHECKED;

#endif

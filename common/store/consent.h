/*
 * Notices, consents and guardians. Consent is a list of signed events; the
 * state is derived from the newest one of a purpose; events are never edited.
 */
#ifndef ATT_STORE_CONSENT_H
#define ATT_STORE_CONSENT_H

#include "gate/gate.h"
#include "store/store.h"

#define STORE_VERSION_MAX   16 /* bytes of a notice version, [0-9A-Za-z.-] */
#define STORE_LANG_MAX	    8 /* "en", "zh_CN" */
#define STORE_NOTICE_MAX    (256 * 1024)
#define STORE_SHORT_MAX	    400 /* characters of the short form */
#define STORE_RECIPIENT_MAX 128 /* bytes: to whom, and what for */

/* DISCLOSURE is consent for one recipient and one aim. */
#define STORE_PURPOSES(X)             \
	X(LOGIN, "login")             \
	X(ATTENDANCE, "attendance")   \
	X(FINGER, "biometric.finger") \
	X(FACE, "biometric.face")     \
	X(PHOTO, "photo")             \
	X(LOCATION, "location")       \
	X(DISCLOSURE, "disclosure")
enum store_purpose {
#define X(name, id) STORE_FOR_##name,
	STORE_PURPOSES(X)
#undef X
	STORE_PURPOSE_COUNT
};
const char *store_purpose_id(enum store_purpose p);
/* ATT_ABSENT: no such purpose. */
enum att_err
store_purpose_find(const char *id, enum store_purpose *out) ATT_CHECKED;

/*
 * What a major version changes, the six kinds of change that the policy
 * calls major. Ids are what `notice publish --major` takes.
 */
#define STORE_CHANGES(X)            \
	X(SERVICE, "service")       \
	X(OWNERSHIP, "ownership")   \
	X(RECIPIENTS, "recipients") \
	X(RIGHTS, "rights")         \
	X(CONTACT, "contact")       \
	X(RISK, "risk")
enum store_change {
#define X(name, id) STORE_CHANGE_##name,
	STORE_CHANGES(X)
#undef X
	STORE_CHANGE_COUNT
};
const char *store_change_id(enum store_change c);
#define STORE_CHANGES_ALL ((1u << STORE_CHANGE_COUNT) - 1)

/*
 * A published notice text. `major` counts the major versions up to and
 * including this one, from 1; a minor version has the count of the one before.
 */
struct store_notice {
	char version[STORE_VERSION_MAX + 1];
	char lang[STORE_LANG_MAX + 1];
	uint32_t major;
	bool is_major;
	uint32_t changes; /* bits 1 << enum store_change; 0: minor or first */
	int64_t published_utc;
	int64_t effective_utc; /* in force from then on */
	uint8_t hash[VAULT_HASH_LEN]; /* of the whole text */
};

/* What is to be published; everything borrowed. */
struct store_notice_draft {
	const char *version, *lang;
	uint32_t changes; /* bits; not 0 makes the version a major one */
	int64_t effective_utc; /* 0: at once, or as the version's first text */
	struct att_slice brief; /* at most STORE_SHORT_MAX characters */
	struct att_slice whole; /* at most STORE_NOTICE_MAX bytes */
};

/*
 * Publish a text: the first language of a new version makes the version; more
 * languages may follow, with the same changes and day. Both texts are UTF-8.
 * A version cannot be in force before it is published, nor before the one in
 * front of it. ATT_EXISTS: that version has that language already, or is not
 * the newest any more; ATT_FORMAT (store_trouble names what); ATT_LIMIT. Out:
 * *n. The first version ever is a major one, and needs no changes.
 */
enum att_err store_notice_publish(struct store *s, const struct store_by *by,
    const struct store_notice_draft *draft, struct store_notice *n) ATT_CHECKED;

/*
 * Make one come true that this store does not know of, with all that the store
 * it comes from says of it. *done: it was new here. ATT_EXISTS: another one was
 * published here in its place.
 */
enum att_err store_notice_apply(struct store *s, const struct store_by *by,
    const struct store_notice *n, const char *brief, const char *whole,
    bool *done) ATT_CHECKED;

/*
 * Any version ever published, in lang or else in "en" or else in any
 * language. short_text (STORE_SHORT_BYTES) may be NULL; text may be NULL, else
 * is an owned, NUL-terminated malloc'ed string. ATT_ABSENT.
 */
#define STORE_SHORT_BYTES (STORE_SHORT_MAX * 4 + 1)
enum att_err
store_notice_get(struct store *s, const char *version, const char *lang,
    struct store_notice *out, char *short_text, char **text) ATT_CHECKED;

/* The same of the one in force at a time. ATT_ABSENT: none yet. */
enum att_err
store_notice_in_force(struct store *s, int64_t at_utc, const char *lang,
    struct store_notice *out, char *short_text, char **text) ATT_CHECKED;

/* The next one, published but not yet in force at a time. ATT_ABSENT. */
enum att_err store_notice_coming(struct store *s, int64_t at_utc,
    const char *lang, struct store_notice *out, char *short_text) ATT_CHECKED;

/* What changed for somebody who agreed to major count `since`, up to a time. */
enum att_err store_notice_changes(struct store *s, uint32_t since,
    int64_t at_utc, uint32_t *changes) ATT_CHECKED;

/* Every version and language, oldest first. */
typedef bool store_notice_each(void *ctx, const struct store_notice *n);
enum att_err store_notice_list(
    struct store *s, store_notice_each *each, void *ctx) ATT_CHECKED;

enum store_consent_kind {
	STORE_CONSENT_GIVEN = 1,
	STORE_CONSENT_REFUSED = 2,
	STORE_CONSENT_WITHDRAWN = 3,
};
const char *store_consent_kind_id(enum store_consent_kind k);

/*
 * One event, of the person or of the guardian. how: "kiosk", "paper",
 * "command"; place: service or tty, or empty. signature: Ed25519 of the site
 * over the event's canonical bytes (documented in event.c).
 */
struct store_consent {
	uint8_t id[16];
	enum store_purpose purpose;
	enum store_consent_kind kind;
	bool by_guardian;
	char notice[STORE_VERSION_MAX + 1];
	uint32_t notice_major;
	uint8_t notice_hash[VAULT_HASH_LEN];
	int64_t at_utc;
	char how[12];
	char place[64];
	bool has_paper;
	uint8_t paper_hash[VAULT_HASH_LEN];
	/* guardian events only; name and relation sealed at rest */
	char guardian[129];
	char relation[33];
	struct att_date until;
	/* STORE_FOR_DISCLOSURE only; sealed at rest */
	char recipient[STORE_RECIPIENT_MAX + 1];
	char aim[STORE_RECIPIENT_MAX + 1];
	uint8_t signature[VAULT_SIG_LEN];
};

/*
 * Record an event against the notice in force. In: everything but id, notice
 * fields (taken from the notice in force in lang), at_utc (by->now) and
 * signature, which come out; a refusal of what was given under the same major
 * notice comes out as a withdrawal. ATT_ABSENT: no notice published or no such
 * person; ATT_EXISTS: withdrawing what is not given.
 */
enum att_err store_consent_record(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const char *lang,
    struct store_consent *c) ATT_CHECKED;

/*
 * The newest recorded event, whatever its time says. ATT_ABSENT: there is
 * none (state: never asked); ATT_CORRUPT: it is not genuine.
 */
enum att_err store_consent_state(struct store *s,
    const uint8_t person[VAULT_ID_LEN], enum store_purpose purpose,
    bool by_guardian, struct store_consent *out) ATT_CHECKED;
/*
 * The same of one question as an event has it: its purpose and party, and of a
 * disclosure its recipient and aim. No more of `to` is looked at.
 */
enum att_err
store_consent_last(struct store *s, const uint8_t person[VAULT_ID_LEN],
    const struct store_consent *to, struct store_consent *out) ATT_CHECKED;

/* All events of a person, oldest first. */
typedef bool store_consent_each(void *ctx, const struct store_consent *c);
enum att_err
store_consent_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_consent_each *each, void *ctx) ATT_CHECKED;

/* An event as the gate sees it; of zeros: there is none. */
struct gate_consent store_consent_own(const struct store_consent *c);
struct gate_guardian store_consent_guardian(const struct store_consent *c);

/* Whether the event's signature is the site's and fits its content. */
bool store_consent_genuine(const struct store *s,
    const uint8_t person[VAULT_ID_LEN], const struct store_consent *c);

/* A notice that informs once: has this person been shown this version? */
enum att_err
store_notice_shown(struct store *s, const uint8_t person[VAULT_ID_LEN],
    const char *version, bool *shown) ATT_CHECKED;
/* Every version that the person was shown, oldest first. */
typedef bool
store_notice_shown_each(void *ctx, const char *version, int64_t at_utc);
enum att_err
store_notice_shown_list(struct store *s, const uint8_t person[VAULT_ID_LEN],
    store_notice_shown_each *each, void *ctx) ATT_CHECKED;
enum att_err store_notice_mark_shown(struct store *s, const struct store_by *by,
    const uint8_t person[VAULT_ID_LEN], const char *version) ATT_CHECKED;

#endif

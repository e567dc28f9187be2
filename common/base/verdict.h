/*
 * What was decided about a person. Zeroed memory and every unlisted value
 * mean "no": the one value that lets somebody in has sixteen bits set, so no
 * single fault turns a refusal into it. Compare with == VERDICT_ALLOW; never
 * test for truth. The values travel on the wire and never change meaning.
 */
#ifndef ATT_BASE_VERDICT_H
#define ATT_BASE_VERDICT_H

enum att_verdict {
	VERDICT_DENY = 0, /* wrong PIN, or nothing proven */
	VERDICT_UNKNOWN = 1, /* not a person the store knows */
	VERDICT_LOCKED = 2, /* too many failures; try later */
	VERDICT_NO_CONSENT = 3, /* consent absent, withdrawn, outdated */
	VERDICT_EXPIRED = 4, /* not employed: not yet, suspended, ended */
	VERDICT_NOT_NOW = 5, /* age, hours, not clocked in */
	VERDICT_UNAVAILABLE = 6, /* store, broker or reader cannot answer */
	VERDICT_REFUSED = 7, /* the caller may not ask this */
	VERDICT_MUST_CHANGE = 8, /* account: a new PIN is due first */
	VERDICT_BAD_PIN = 9, /* PIN change: new PIN not accepted */
	VERDICT_ALLOW = 0x69a5c3d2,
};

#endif

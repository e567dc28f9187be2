/*
 * One change by a verb: a transaction, and when it touched what is published,
 * a new directory right behind the commit.
 *
 *	struct change c ADMIN_AUTO_CHANGE = { 0 };
 *	status = change_begin(&c, d);
 *	...
 *	return change_end(&c, e, "adding the employee");
 */
#ifndef ATT_ADMIN_CHANGE_H
#define ATT_ADMIN_CHANGE_H

#include "admin/verbs.h"
#include "attendd/dialogue.h"
#include "attendd/publish_store.h"

struct change {
	struct dialogue *d;
	struct store_by by;
	struct store_tx tx;
	uint64_t generation; /* of the directory before the change */
	bool stored; /* set by change_end, whether or not it was published */
};

#define ADMIN_AUTO_CHANGE __attribute__((cleanup(change_drop)))

/* VERB_DONE, or a status whose reason has been told. */
enum verb_status change_begin(struct change *c, struct dialogue *d);

/*
 * Commit if e is ATT_OK, and publish if needed; otherwise roll back and tell
 * why `doing` failed. A change that is stored but could not be published says
 * so and gives VERB_FAILED.
 */
enum verb_status
change_end(struct change *c, enum att_err e, const char *doing);

/* Roll back what was not ended; the empty change is accepted. */
void change_drop(struct change *c);

/* The generation of the directory that is published; 0: none that is whole. */
uint64_t change_published(const struct dialogue *d);

/* Publish now. VERB_FAILED with a message; the old directory then stays. */
enum verb_status change_publish(struct dialogue *d, struct publish_report *out);

#endif

/*
 * The workers under way: whom each serves, and since when it waits for a
 * client. Root's callers may be su and login in anybody's hands, and each can
 * sit at its prompt for minutes; so when all places are taken, whoever has
 * waited longest makes room. Ordinary users have a bound each, and half of all
 * together: a user can have thousands of uids (subuid), and root's callers log
 * everybody in. When their half is taken, whoever has less of it than another
 * comes in his place: of the uid that has most the longest wait ends. So many
 * uids as there are places can still end what waits, but not keep anybody out.
 * While a worker waits for its client it holds no
 * turn and no transaction, and the PAM module asks again with the PIN that was
 * typed; a change of PIN or a command ends there, undone.
 *
 * The words in which they say that they wait are shared memory.
 */
#ifndef ATT_ATTENDD_CHILDREN_H
#define ATT_ATTENDD_CHILDREN_H

#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* 0: at work; else since when it waits (att_mono_ms), or one of these. */
typedef _Atomic int64_t child_wait;
#define CHILD_EVICTED (-1)
#define CHILD_RESTS   1 /* its dialogue is over: the first to make room */

struct child {
	pid_t pid; /* 0: free */
	uid_t uid;
	bool leaves; /* evicted, and not gone yet */
};

struct children {
	struct child *at; /* of cap dialogues and one spare */
	child_wait *waits; /* of each, shared with it */
	size_t cap, running, leaving;
};

/* ATT_NOMEM. */
enum att_err children_open(struct children *c, size_t cap) ATT_CHECKED;
void children_close(struct children *c);

/*
 * A free place's number for the worker that is started next, its word set
 * back. There is one while fewer than cap run.
 */
size_t children_place(struct children *c);
/* Whoever has this place serves uid now. */
void children_add(struct children *c, size_t place, pid_t pid, uid_t uid);
/* pid ended; whether it was to. */
bool children_remove(struct children *c, pid_t pid);

/* How many serve uid, or anybody but root; without those that leave. */
size_t children_of(const struct children *c, uid_t uid);
size_t children_of_users(const struct children *c);

/* End the one that has waited longest; false when all are at work. */
bool children_evict(struct children *c);
/* For uid, of the ordinary user that has most, and more than uid has. */
bool children_evict_user(struct children *c, uid_t uid);

/* End those that only rest. */
void children_wake(struct children *c);

/* The worker's side, w NULL in a process of no broker: begin to wait, and
 * whether it may go on afterwards; begin to rest. */
void child_waits(child_wait *w);
bool child_goes_on(child_wait *w);
void child_rests(child_wait *w);

#endif

/*
 * The process's view of the published directory: which file is mapped, who is
 * using it, when to look for a newer one. It is the only state the module
 * keeps, and it is static: nothing is allocated, no thread-local storage, no
 * lock that a fork could leave held.
 *
 * A lookup counts itself in at the current slot, uses the mapping, and counts
 * itself out. Counts are spread over cache lines by thread, so lookups of
 * different threads do not meet. A new file goes into a free slot, which then
 * becomes the current one; the slot it replaces is unmapped once nobody is
 * counted in. A count that a fork caught half-way in another thread stays for
 * ever in the child and costs it that one slot; with none left the child
 * stays with the file it has.
 *
 * Whoever finds that a second began or that the file says it is superseded
 * refreshes the view, one thread at a time: the word that says so holds its
 * process id, so a child that inherits it set sees that it is not its own.
 * The others go on with the mapping there is, or, if there is none yet, map
 * the file for that one lookup.
 *
 * What a refresh does:
 *	same file			nothing more
 *	a good new file			it becomes the view
 *	no file, no folder		no view: the package was removed, or the
 *					process changed its root
 *	a file that is refused, no descriptor, no memory, no permission
 *					the view stays as it was
 */
#ifndef ATT_NSS_VIEW_H
#define ATT_NSS_VIEW_H

#include "directory/directory.h"

#include <stdatomic.h>

#define VIEW_SLOTS  8
#define VIEW_SHARDS 16
#define VIEW_LINE   64 /* bytes that two processors fight over */

struct view_shard {
	_Alignas(VIEW_LINE) atomic_uint in;
};

struct view_slot {
	_Alignas(VIEW_LINE) struct directory dir; /* constant while mapped */
	atomic_bool mapped;
	atomic_bool old_news; /* superseded, yet still the file at the path */
	atomic_uint pins; /* cursors that stay on it between calls */
	struct view_shard shard[VIEW_SHARDS];
};

struct view {
	const char *path; /* NULL: DIRECTORY_PATH */
	atomic_uint current; /* slot + 1; 0: none */
	atomic_uint checked; /* second of the last refresh; 0: never */
	atomic_uint why; /* the enum att_err of no view */
	atomic_int refresher; /* process id; 0: nobody */
	struct view_slot slot[VIEW_SLOTS];
};

/* The one of this process. Zeroed memory is a view that has not looked yet. */
extern struct view nss_view;

/* A mapping in use. */
struct view_hold {
	const struct directory *dir;
	atomic_uint *in; /* where it is counted; NULL: own */
	unsigned slot; /* slot + 1; 0: own */
	struct directory own;
};

/*
 * Take hold of the directory for one lookup; let go soon, on the same thread
 * or another. Keeps errno. ATT_ABSENT: there is no file; ATT_NOMEM: nothing
 * could be mapped just now; others: the file is refused.
 */
enum att_err view_take(struct view *v, struct view_hold *h) ATT_CHECKED;
void view_let_go(struct view_hold *h);

/*
 * A place to stay at across calls, as an enumeration does: one file from
 * beginning to end, whatever is published meanwhile. Zeroed memory is a
 * cursor that is nowhere.
 */
struct view_cursor {
	atomic_uint slot; /* slot + 1; 0: nowhere */
	atomic_uint next; /* record number */
};

/* Go to the beginning of the current file. Errors as view_take. */
enum att_err
view_cursor_start(struct view *v, struct view_cursor *c) ATT_CHECKED;
void view_cursor_end(struct view *v, struct view_cursor *c);

/* Hold the file the cursor is at; one that is nowhere is started. */
enum att_err view_cursor_hold(
    struct view *v, struct view_cursor *c, struct view_hold *h) ATT_CHECKED;

#endif

#include "view.h"

#include "nss_attend.h"

#include <errno.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct view nss_view;

static const char *
path_of(const struct view *v)
{
	return v->path != NULL ? v->path : DIRECTORY_PATH;
}

/* The running second; the kernel keeps it in memory, so no system call. */
static unsigned
second_now(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC_COARSE, &ts) != 0)
		return 1;
	return (unsigned)ts.tv_sec + 1; /* 0 means never */
}

/* Stacks lie apart by their size, so a page number tells threads apart. */
static unsigned
shard_of_thread(void)
{
	const uint32_t page = (uint32_t)((uintptr_t)pthread_self() >> 12);

	return page * 0x9e3779b1u >> 28;
}

_Static_assert(VIEW_SHARDS == 1 << 4, "shard_of_thread gives four bits");

/*
 * Count in at the slot that *where names, and look again: if it still names
 * it, whoever moves it away from now on sees the count before unmapping.
 */
static bool
count_in(struct view *v, atomic_uint *where, struct view_hold *h)
{
	unsigned named;

	while ((named = atomic_load(where)) != 0) {
		struct view_slot *s = &v->slot[named - 1];
		atomic_uint *in = &s->shard[shard_of_thread()].in;

		atomic_fetch_add(in, 1);
		if (atomic_load(where) == named) {
			h->dir = &s->dir;
			h->in = in;
			h->slot = named;
			return true;
		}
		atomic_fetch_sub(in, 1);
	}
	return false;
}

static bool
in_use(struct view_slot *s)
{
	if (atomic_load(&s->pins) != 0)
		return true;
	for (unsigned i = 0; i < VIEW_SHARDS; i++)
		if (atomic_load(&s->shard[i].in) != 0)
			return true;
	return false;
}

/*
 * Unmap what nobody can be using: not the current slot and nobody counted in.
 * Marked before it is unmapped: a child of a fork in between loses a mapping
 * instead of unmapping what somebody else has put there since.
 */
static void
sweep(struct view *v)
{
	const unsigned current = atomic_load(&v->current);

	for (unsigned i = 0; i < VIEW_SLOTS; i++) {
		struct view_slot *s = &v->slot[i];

		if (i + 1 == current || !atomic_load(&s->mapped) || in_use(s))
			continue;
		atomic_store(&s->mapped, false);
		directory_close(&s->dir);
	}
}

static unsigned
free_slot(struct view *v)
{
	for (unsigned i = 0; i < VIEW_SLOTS; i++)
		if (!atomic_load(&v->slot[i].mapped) && !in_use(&v->slot[i]))
			return i + 1;
	return 0;
}

static enum att_err
open_file(const struct view *v, struct directory *out)
{
	uid_t owner;
	enum att_err e = directory_owner(path_of(v), &owner);

	return e == ATT_OK ? directory_open(out, path_of(v), owner, false) : e;
}

static bool
same_file(const struct view *v, const struct directory *d)
{
	struct stat st;

	return lstat(path_of(v), &st) == 0 && st.st_dev == d->dev &&
	    st.st_ino == d->ino;
}

static enum att_err
replace(struct view *v)
{
	const unsigned slot = free_slot(v);
	struct directory d;
	enum att_err e;

	if (slot == 0)
		return ATT_NOMEM;
	e = open_file(v, &d);
	if (e == ATT_ABSENT)
		atomic_store(&v->current, 0);
	if (e != ATT_OK)
		return e;
	v->slot[slot - 1].dir = d;
	atomic_store(&v->slot[slot - 1].old_news, false);
	atomic_store(&v->slot[slot - 1].mapped, true);
	atomic_store(&v->current, slot);
	return ATT_OK;
}

static void
look(struct view *v, unsigned now)
{
	const unsigned current = atomic_load(&v->current);
	struct view_slot *s = current == 0 ? NULL : &v->slot[current - 1];
	enum att_err e;

	sweep(v);
	if (s != NULL && same_file(v, &s->dir)) {
		/* Do not ask again on every lookup. */
		if (directory_superseded(&s->dir))
			atomic_store(&s->old_news, true);
		atomic_store(&v->checked, now);
		return;
	}
	e = replace(v);
	if (e != ATT_OK && s != NULL && directory_superseded(&s->dir))
		atomic_store(&s->old_news, true); /* again next second */
	sweep(v);
	atomic_store(&v->why, e);
	/* What may be over in a moment is tried again on the next lookup. */
	if (e != ATT_NOMEM || atomic_load(&v->current) != 0)
		atomic_store(&v->checked, now);
}

/*
 * No thread waits here, in a fork or otherwise. Cancellation is off because
 * a thread that ended inside would leave the word set for good.
 */
static NSS_SELDOM void
refresh(struct view *v, unsigned now)
{
	const int self = getpid(), saved = errno;
	int holder = atomic_load(&v->refresher);
	int cancel;

	if (holder == self ||
	    !atomic_compare_exchange_strong(&v->refresher, &holder, self))
		return;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	look(v, now);
	atomic_store(&v->refresher, 0);
	(void)pthread_setcancelstate(cancel, NULL);
	errno = saved;
}

/* There is no view: because of the file, or because nobody got to it yet. */
static NSS_SELDOM enum att_err
take_own(struct view *v, struct view_hold *h, unsigned now)
{
	const int saved = errno;
	int cancel;
	enum att_err e = (enum att_err)atomic_load(&v->why);

	if (atomic_load(&v->checked) == now && e != ATT_OK)
		return e;
	(void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
	e = open_file(v, &h->own);
	(void)pthread_setcancelstate(cancel, NULL);
	errno = saved;
	if (e != ATT_OK)
		return e;
	h->dir = &h->own;
	h->in = NULL;
	h->slot = 0;
	return ATT_OK;
}

enum att_err
view_take(struct view *v, struct view_hold *h)
{
	const unsigned now = second_now();

	if (atomic_load_explicit(&v->checked, memory_order_relaxed) != now)
		refresh(v, now);
	if (!count_in(v, &v->current, h))
		return take_own(v, h, now);
	if (!directory_superseded(h->dir) ||
	    atomic_load(&v->slot[h->slot - 1].old_news))
		return ATT_OK;
	view_let_go(h);
	refresh(v, now);
	return count_in(v, &v->current, h) ? ATT_OK : take_own(v, h, now);
}

void
view_let_go(struct view_hold *h)
{
	if (h->in != NULL)
		atomic_fetch_sub(h->in, 1);
	else
		directory_close(&h->own);
}

static void
unpin(struct view *v, unsigned slot)
{
	if (slot != 0)
		atomic_fetch_sub(&v->slot[slot - 1].pins, 1);
}

enum att_err
view_cursor_start(struct view *v, struct view_cursor *c)
{
	struct view_hold h;
	enum att_err e = view_take(v, &h);

	if (e != ATT_OK) {
		view_cursor_end(v, c);
		return e;
	}
	if (h.slot != 0)
		atomic_fetch_add(&v->slot[h.slot - 1].pins, 1);
	atomic_store(&c->next, 0);
	unpin(v, atomic_exchange(&c->slot, h.slot));
	e = h.slot != 0 ? ATT_OK : ATT_NOMEM; /* nothing to stay at */
	view_let_go(&h);
	return e;
}

void
view_cursor_end(struct view *v, struct view_cursor *c)
{
	unpin(v, atomic_exchange(&c->slot, 0));
	atomic_store(&c->next, 0);
}

enum att_err
view_cursor_hold(struct view *v, struct view_cursor *c, struct view_hold *h)
{
	enum att_err e;

	if (count_in(v, &c->slot, h))
		return ATT_OK;
	e = view_cursor_start(v, c);
	if (e != ATT_OK)
		return e;
	return count_in(v, &c->slot, h) ? ATT_OK : ATT_NOMEM;
}

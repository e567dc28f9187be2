#include "attendd/children.h"

#include "base/clock.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

static size_t
waits_size(const struct children *c)
{
	return (c->cap + 1) * sizeof(c->waits[0]);
}

enum att_err
children_open(struct children *c, size_t cap)
{
	void *waits;

	*c = (struct children){ .cap = cap };
	waits = mmap(NULL, waits_size(c), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (waits == MAP_FAILED)
		return ATT_NOMEM;
	c->waits = waits;
	c->at = calloc(cap + 1, sizeof(c->at[0]));
	if (c->at != NULL)
		return ATT_OK;
	children_close(c);
	return ATT_NOMEM;
}

void
children_close(struct children *c)
{
	if (c->waits != NULL)
		(void)munmap(c->waits, waits_size(c));
	free(c->at);
	*c = (struct children){ 0 };
}

size_t
children_place(struct children *c)
{
	size_t i = 0;

	while (i < c->cap && c->at[i].pid != 0)
		i++;
	atomic_store(&c->waits[i], 0);
	return i;
}

void
children_add(struct children *c, size_t place, pid_t pid, uid_t uid)
{
	c->at[place] = (struct child){ .pid = pid, .uid = uid };
	c->running++;
}

bool
children_remove(struct children *c, pid_t pid)
{
	for (size_t i = 0; i <= c->cap; i++) {
		struct child gone = c->at[i];

		if (gone.pid != pid)
			continue;
		c->at[i] = (struct child){ 0 };
		c->running--;
		c->leaving -= gone.leaves;
		return gone.leaves;
	}
	return false;
}

size_t
children_of(const struct children *c, uid_t uid)
{
	size_t n = 0;

	for (size_t i = 0; i <= c->cap; i++)
		n += c->at[i].pid != 0 && !c->at[i].leaves &&
		    c->at[i].uid == uid;
	return n;
}

size_t
children_of_users(const struct children *c)
{
	return c->running - c->leaving - children_of(c, 0);
}

/* End this one, unless its client has answered since then. */
static bool
evict(struct children *c, size_t place, int64_t since)
{
	if (!atomic_compare_exchange_strong(
		&c->waits[place], &since, CHILD_EVICTED))
		return false;
	c->at[place].leaves = true;
	c->leaving++;
	(void)kill(c->at[place].pid, SIGKILL);
	return true;
}

bool
children_evict(struct children *c)
{
	size_t oldest = 0;
	int64_t since = 0;

	for (size_t i = 0; i <= c->cap; i++) {
		int64_t w = atomic_load(&c->waits[i]);

		if (c->at[i].pid == 0 || w <= 0 || (since > 0 && w >= since))
			continue;
		since = w;
		oldest = i;
	}
	return since > 0 && evict(c, oldest, since);
}

bool
children_evict_user(struct children *c, uid_t uid)
{
	const size_t own = children_of(c, uid);
	size_t chosen = 0, most = own;
	int64_t since = 0;

	for (size_t i = 0; i <= c->cap; i++) {
		const struct child *at = &c->at[i];
		int64_t w = atomic_load(&c->waits[i]);
		size_t n;

		if (at->pid == 0 || at->uid == 0 || w <= 0)
			continue;
		n = children_of(c, at->uid);
		if (n <= own || n < most || (n == most && w >= since))
			continue;
		most = n;
		since = w;
		chosen = i;
	}
	return most > own && evict(c, chosen, since);
}

void
children_wake(struct children *c)
{
	for (size_t i = 0; i <= c->cap; i++)
		if (c->at[i].pid != 0 &&
		    atomic_load(&c->waits[i]) == CHILD_RESTS)
			(void)kill(c->at[i].pid, SIGKILL);
}

void
child_waits(child_wait *w)
{
	int64_t now = att_mono_ms();

	if (w != NULL)
		atomic_store(w, now > CHILD_RESTS ? now : CHILD_RESTS + 1);
}

void
child_rests(child_wait *w)
{
	if (w != NULL)
		atomic_store(w, CHILD_RESTS);
}

bool
child_goes_on(child_wait *w)
{
	return w == NULL || atomic_exchange(w, 0) != CHILD_EVICTED;
}

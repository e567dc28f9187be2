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
	c->at[place] = (struct child){ pid, uid };
	c->running++;
}

bool
children_remove(struct children *c, pid_t pid)
{
	for (size_t i = 0; i <= c->cap; i++) {
		if (c->at[i].pid != pid)
			continue;
		c->at[i].pid = 0;
		c->running--;
		return true;
	}
	return false;
}

bool
children_too_many(const struct children *c, uid_t uid, size_t per_uid)
{
	size_t own = 0, users = 0;

	for (size_t i = 0; i <= c->cap; i++) {
		own += c->at[i].pid != 0 && c->at[i].uid == uid;
		users += c->at[i].pid != 0 && c->at[i].uid != 0;
	}
	return uid != 0 && (own >= per_uid || users >= c->cap / 2);
}

pid_t
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
	/* unless its client has answered this moment */
	if (since == 0 ||
	    !atomic_compare_exchange_strong(
		&c->waits[oldest], &since, CHILD_EVICTED))
		return 0;
	(void)kill(c->at[oldest].pid, SIGKILL);
	return c->at[oldest].pid;
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

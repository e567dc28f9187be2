/*
 * Owners that let go at scope end. Initialise at declaration to the empty
 * value; give away explicitly with att_take_fd() or att_take_ptr().
 */
#ifndef ATT_BASE_OWNER_H
#define ATT_BASE_OWNER_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Close if open and remember that it is closed. Keeps errno. */
void att_close(int *fd);

/* The descriptor, owned by the caller from now on; *fd becomes -1. */
int att_take_fd(int *fd);

static inline void
att_free_at(void *p)
{
	free(*(void **)p);
}

static inline void
att_fclose_at(FILE **f)
{
	if (*f != NULL)
		(void)fclose(*f); /* only ever read from, or checked before */
}

#define ATT_AUTO_FD   __attribute__((cleanup(att_close)))
#define ATT_AUTO_FREE __attribute__((cleanup(att_free_at)))
#define ATT_AUTO_FILE __attribute__((cleanup(att_fclose_at)))

/* The pointer, owned by the caller from now on; p becomes NULL. */
#define att_take_ptr(p)                     \
	__extension__({                     \
		__typeof__(p) taken_ = (p); \
		(p) = NULL;                 \
		taken_;                     \
	})

#endif

/*
 * Memory that is freed is wiped first, whoever frees it: libfprint and GLib do
 * not wipe pictures and prints, and this process goes on to serve others.
 * mallopt's M_PERTURB leaves out what a thread keeps for its next use, which
 * is just the size of a print. So the program has a free and a realloc of its
 * own, which the libraries find before libc's.
 */
#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <string.h>

/* A sanitizer has its own. */
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#define EXPORTED __attribute__((visibility("default")))

/* libc's own, under the names it keeps for those who replace them. */
void __libc_free(void *at);
void *__libc_malloc(size_t len);

EXPORTED void free(void *at);
EXPORTED void *realloc(void *at, size_t len);

void
free(void *at)
{
	const int kept = errno; /* free does not touch it */

	if (at == NULL)
		return;
	explicit_bzero(at, malloc_usable_size(at));
	__libc_free(at);
	errno = kept;
}

/* libc's would let go of the old place by itself. */
void *
realloc(void *at, size_t len)
{
	const size_t had = at != NULL ? malloc_usable_size(at) : 0;
	void *new;

	if (at != NULL && len == 0) {
		free(at);
		return NULL;
	}
	if (len <= had && len >= had / 2)
		return at;
	new = __libc_malloc(len);
	if (new == NULL)
		return NULL;
	if (had > 0)
		memcpy(new, at, len < had ? len : had);
	free(at);
	return new;
}

#endif

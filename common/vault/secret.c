#include "vault/secret.h"

#include <sodium.h>

enum att_err
att_secret_new(struct att_secret *s, size_t len)
{
	struct att_secret fresh = { .len = len };

	if (sodium_init() < 0)
		return ATT_NOMEM;
	fresh.at = sodium_malloc(len);
	if (fresh.at == NULL)
		return ATT_NOMEM;
	/* sodium_malloc locks too, but keeps quiet when it cannot. */
	if (sodium_mlock(fresh.at, len) != 0) {
		att_secret_free(&fresh);
		return ATT_NOMEM;
	}
	*s = fresh;
	return ATT_OK;
}

bool
att_secret_same(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void
att_secret_free(struct att_secret *s)
{
	sodium_free(s->at); /* wipes and unlocks; takes NULL */
	*s = (struct att_secret){ 0 };
}

/* Whose fingers there are, as a list: nothing of them is opened. */
#ifndef ATT_ADMIN_PLACES_H
#define ATT_ADMIN_PLACES_H

#include "attendd/finger.h"

struct place {
	uint8_t person[VAULT_ID_LEN];
	uint8_t finger;
};

/* Zero at first. */
struct places {
	struct place *at; /* owned; places_free */
	size_t n, cap;
	bool failed; /* no memory */
};

/*
 * Everybody's, suspended people's too, that this matcher can compare, in the
 * order of persons. ATT_NOMEM and the store's.
 */
enum att_err places_read(struct store *s, struct places *out) ATT_CHECKED;
void places_free(struct places *p);

#endif

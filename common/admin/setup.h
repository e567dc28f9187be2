/*
 * Setting a site up: site key, store, site group, first notice, directory.
 * Each step that is done already is left as it is, so that a setup which was
 * interrupted, or is run twice, ends in the same place.
 */
#ifndef ATT_ADMIN_SETUP_H
#define ATT_ADMIN_SETUP_H

#include "admin/answer.h"

struct setup_paths {
	const char *key, *store;
	const char *notices; /* folder of notice-1.LANG{,.short}.txt */
};

/*
 * Do it, telling each step. d->vault and d->store are opened where they are
 * not. A store without its site key is never given a new one: nothing in it
 * could be read again.
 */
enum verb_status setup_run(struct dialogue *d, const struct setup_paths *paths);

#endif

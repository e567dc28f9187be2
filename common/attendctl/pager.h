/*
 * Long texts on a terminal: through $PAGER, else pager, less or more, else
 * as they are. An empty PAGER or "cat" means as they are.
 */
#ifndef ATT_ATTENDCTL_PAGER_H
#define ATT_ATTENDCTL_PAGER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Show len bytes on standard output, a terminal, and wait until they have
 * been read. Leaving the pager early is no failure. ATT_IO: they could not be
 * written.
 */
enum att_err pager_show(const char *text, size_t len) ATT_CHECKED;

#endif

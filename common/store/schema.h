/*
 * The schema: numbered SQL files, embedded by embed.sh, applied in order. The
 * number of the newest one a store has seen is its user_version.
 */
#ifndef ATT_STORE_SCHEMA_H
#define ATT_STORE_SCHEMA_H

#include "store/store.h"

#include <stddef.h>

struct store_schema {
	const char *name; /* "001_kiosk.sql" */
	const char *sql; /* NUL-terminated */
};

/* [0] is number 1, and so on. */
extern const struct store_schema store_schemas[];
extern const size_t store_schemas_count;

/* The schema number a store has. */
enum att_err schema_number(struct store *s, size_t *number) ATT_CHECKED;

/*
 * Bring the connection's store up to the n schemas of the list, in one
 * transaction. A store that has any schema already is first copied, fsynced,
 * to PATH.before-N, N being the number it goes to. path NULL: no copy, for a
 * store that is being made. ATT_NEWER: it has more than n.
 */
enum att_err schema_migrate(struct store *s, const char *path,
    const struct store_schema *list, size_t n) ATT_CHECKED;

#endif

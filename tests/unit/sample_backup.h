/* Backups of a sample store, and what is asked of one that was put back. */
#ifndef ATT_TESTS_SAMPLE_BACKUP_H
#define ATT_TESTS_SAMPLE_BACKUP_H

#include "sample_store.h"
#include "store/backup.h"

#include <unistd.h>

static const struct store_watch quiet = { NULL, NULL };

struct backup {
	int fd;
	struct store_backup b;
};

static inline void
backup_end(struct backup *b)
{
	if (b->fd >= 0)
		(void)close(b->fd);
}
#define BACKUP __attribute__((cleanup(backup_end))) struct backup

static inline bool
knows(struct sample *t, const char *number)
{
	struct store_employee e;

	return store_employee_by_number(t->store, number, &e) == ATT_OK &&
	    e.state == STORE_ACTIVE;
}

#endif

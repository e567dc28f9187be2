/* The broker's folders, and how confine.h confines it. */
#ifndef ATT_ATTENDD_SANDBOX_H
#define ATT_ATTENDD_SANDBOX_H

#include "base/err.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Make the run, state and cache folders if they are missing (as root), with
 * their owners and modes. ATT_REFUSED: one belongs to somebody else; ATT_IO.
 */
enum att_err sandbox_folders(uid_t uid, gid_t gid) ATT_CHECKED;

/* Become uid and gid and close the sandbox, see confine_enter(). */
enum att_err sandbox_enter(uid_t uid, gid_t gid) ATT_CHECKED;

/*
 * A worker's own bounds, on top: processor time and memory; alone: without a
 * broker, so that he keeps the gallery himself.
 */
enum att_err sandbox_worker(bool alone) ATT_CHECKED;

/* And whoever keeps it for the others: he lives longer and locks more. */
enum att_err sandbox_librarian(void) ATT_CHECKED;

#endif

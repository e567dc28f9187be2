/* nscd and unscd, which remember people as they were. */
#ifndef ATT_ATTENDCTL_NSCD_H
#define ATT_ATTENDCTL_NSCD_H

#include "base/err.h"

#define NSCD_SOCKET "/var/run/nscd/socket"
#define NSCD_MS	    2000 /* the longest wait for its answer */

/*
 * Have it forget a database, "passwd" or "group", as `nscd -i` does; for root
 * only. ATT_ABSENT: none runs; ATT_REFUSED: it says no; ATT_TIMEOUT, ATT_IO.
 *
 * Source: nscd/nscd-client.h of the GNU C Library: int32 version, int32
 * request, int32 length of the key, the key with its terminator; an int32
 * comes back, 0 or an errno; unscd closes instead. nscd closes too on whoever
 * is not root, so only root's calls mean something.
 */
enum att_err
nscd_forget(const char *socket_path, const char *database) ATT_CHECKED;

#endif

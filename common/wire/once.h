/*
 * attendd without a socket: a broker of our own for one dialogue, for a
 * caller that is root on a machine where nothing listens.
 */
#ifndef ATT_WIRE_ONCE_H
#define ATT_WIRE_ONCE_H

#include "base/err.h"

/*
 * Start `attendd --once` on a socketpair: its end is its standard input, it
 * gets no other descriptor of ours, no environment but PATH, default signals
 * and a session of its own; it leaves our process tree at once, so that the
 * host program keeps no child. The host may have closed its standard
 * descriptors or ignore SIGCHLD. *fd is owned, close-on-exec, non-blocking.
 *
 * ATT_ABSENT: no such program. ATT_REFUSED: it is not root's or others may
 * write to it. ATT_CLOSED: it ended with an error. ATT_TIMEOUT, ATT_IO.
 */
enum att_err once_start(int *fd, int timeout_ms) ATT_CHECKED;

#endif

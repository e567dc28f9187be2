/*
 * The accept loop: one forked worker a dialogue, bounded in number and in
 * number per uid, and one spare worker that has the store open already. The
 * broker itself reads no byte of any dialogue.
 */
#ifndef ATT_ATTENDD_BROKER_H
#define ATT_ATTENDD_BROKER_H

#include "base/err.h"

#include <stdbool.h>

/*
 * Serve the listening socket until SIGTERM or, when leave_idle, until nobody
 * has come for the configured time. Workers that run go on to their end.
 * listener is owned. ATT_IO, ATT_NOMEM.
 */
enum att_err broker_serve(int listener, bool leave_idle) ATT_CHECKED;

/*
 * Serve one connection in this process, and exit. sensor is a connection to an
 * attend-sensor of our own, or -1. Both are owned.
 */
_Noreturn void broker_once(int conn, int sensor);

#endif

/*
 * attend-sensor without a socket: one of our own for one connection, for
 * attendd --once on a machine where nothing listens.
 */
#ifndef ATT_SENSOR_START_H
#define ATT_SENSOR_START_H

#include "base/err.h"

/*
 * Make ready for `attend-sensor --once` on a socketpair. To be called as root,
 * single-threaded, before the sandbox closes, as nothing can be started from
 * inside it. A child becomes user attend-sensor at once and only then waits
 * for the first bytes; when they come it starts the program, which is given
 * the socketpair as its standard input, no other descriptor of ours and no
 * environment but PATH. If none come before *fd is closed, nothing is started:
 * a login without a finger costs two forks. The child leaves our process tree.
 *
 * *fd is for sensor_capture(), owned, close-on-exec, non-blocking.
 *
 * ATT_ABSENT: no such program or user. ATT_REFUSED: the program is not root's
 * or others may write to it. ATT_IO.
 */
enum att_err sensor_start(int *fd) ATT_CHECKED;

#endif

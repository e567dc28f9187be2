/*
 * The connections of attend-sensor: who may speak, what they say, and when
 * the program may leave. Runs in the GLib main loop of libfprint.
 */
#ifndef ATT_ATTEND_SENSOR_SERVER_H
#define ATT_ATTEND_SENSOR_SERVER_H

#include "attend-sensor/reader.h"

#include <sys/types.h>

#define SERVER_CLIENTS_MAX 64
#define SERVER_LINGER_MS   30000 /* without anybody, before leaving */

struct server;

/*
 * listener or conn is -1. uid: whose connections are served besides root's;
 * conn is not asked. leave_idle: leave after a while without anybody, once the
 * reader is at rest and cold. Descriptors are taken. Owned; NULL when out of
 * memory.
 */
struct server *server_new(int listener, int conn, uid_t uid, bool leave_idle);
void server_free(struct server *s);

/* To be initialised by whoever knows the provider, before server_run(). */
struct reader *server_reader(struct server *s);
const struct reader_world *server_world(struct server *s);

/* Serve until told to stop. False if the reader got stuck, or was lost. */
bool server_run(struct server *s);

/* From within: end every connection, let the reader come to rest, leave. */
void server_lose(void *server);

#endif

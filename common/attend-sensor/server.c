#include "attend-sensor/server.h"

#include "base/clock.h"
#include "base/owner.h"
#include "daemon/log.h"
#include "wire/channel.h"
#include "wire/packet.h"

#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define SLEPT_MS 1000 /* less is the clocks' own difference */

struct client {
	struct server *server;
	reader_client id; /* READER_NOBODY: the place is free */
	int fd;
	guint watch;
	uid_t uid;
	int64_t asked_ms; /* when it asked for the capture under way */
};

struct server {
	GMainLoop *loop;
	GSource *timer;
	int listener, conn;
	uid_t uid;
	bool leave_idle, once, stopping, failed;
	int64_t last_ms; /* when somebody was here last */
	int64_t asleep_ms; /* this machine altogether, when last seen */
	reader_client last_id;
	struct client clients[SERVER_CLIENTS_MAX];
	struct reader reader;
	struct reader_world world;
};

/* --- time ------------------------------------------------------------------
 */

/* A source of the main loop that is due when the reader is. */
struct timer {
	GSource source;
	struct server *server;
};

static int64_t
slept_ms(void)
{
	struct timespec boot;
	int64_t before, after;
	int tries = 0;

	do { /* not to have run in between is not to have slept */
		before = att_mono_ms();
		boot = (struct timespec){ 0 };
		(void)clock_gettime(CLOCK_BOOTTIME, &boot); /* cannot fail */
		after = att_mono_ms();
	} while (after - before > SLEPT_MS / 4 && ++tries < 8);
	return (int64_t)boot.tv_sec * 1000 + boot.tv_nsec / 1000000 - after;
}

static bool
has_clients(const struct server *s)
{
	for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (s->clients[i].id != READER_NOBODY)
			return true;
	return false;
}

static int64_t
due_ms(const struct server *s)
{
	int64_t due = reader_next(&s->reader);

	/* to leave, or to look whether one may */
	if (s->leave_idle && !has_clients(s) &&
	    s->last_ms + SERVER_LINGER_MS < due)
		due = s->last_ms + SERVER_LINGER_MS;
	return due;
}

static bool
may_leave(const struct server *s)
{
	if (s->reader.state == READER_STUCK)
		return true;
	if (has_clients(s) || s->reader.state != READER_CLOSED)
		return false;
	if (s->stopping || s->once)
		return true;
	return s->leave_idle && reader_rests(&s->reader) &&
	    att_mono_ms() >= s->last_ms + SERVER_LINGER_MS;
}

/* The reader's own events end here, too: each turns the main loop once. */
static bool
is_due(const struct server *s)
{
	return due_ms(s) <= att_mono_ms() ||
	    slept_ms() - s->asleep_ms > SLEPT_MS || may_leave(s);
}

static gboolean
timer_prepare(GSource *source, gint *timeout_ms)
{
	const struct server *s = ((struct timer *)source)->server;
	const int64_t left = due_ms(s) - att_mono_ms();

	*timeout_ms = left < 0 ? 0 : left < G_MAXINT ? (gint)left : -1;
	return is_due(s);
}

static gboolean
timer_check(GSource *source)
{
	return is_due(((struct timer *)source)->server);
}

/* After whatever happened. */
static void
settle(struct server *s)
{
	if (s->reader.state == READER_STUCK && !s->failed) {
		log_line(
		    LOG_ERR, "the reader does not come to rest; starting anew");
		s->failed = true;
	}
	if (may_leave(s))
		g_main_loop_quit(s->loop);
}

static gboolean
timer_dispatch(GSource *source, GSourceFunc unused, gpointer ctx)
{
	struct server *s = ((struct timer *)source)->server;
	const int64_t asleep = slept_ms();

	if (asleep - s->asleep_ms > SLEPT_MS) {
		log_line(LOG_INFO, "the machine slept");
		reader_slept(&s->reader);
	}
	s->asleep_ms = asleep;
	reader_tick(&s->reader);
	/* still warm: look again later */
	if (s->leave_idle && !has_clients(s) &&
	    att_mono_ms() >= s->last_ms + SERVER_LINGER_MS && !may_leave(s))
		s->last_ms = att_mono_ms();
	settle(s);
	return G_SOURCE_CONTINUE;
}

static GSourceFuncs timer_functions = {
	.prepare = timer_prepare,
	.check = timer_check,
	.dispatch = timer_dispatch,
};

/* --- the world of the reader -----------------------------------------------
 */

static int64_t
now_ms(void *ctx)
{
	return att_mono_ms();
}

static struct client *
find(struct server *s, reader_client id)
{
	for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (id != READER_NOBODY && s->clients[i].id == id)
			return &s->clients[i];
	return NULL;
}

static void
end_client(struct client *c)
{
	if (c->watch != 0)
		(void)g_source_remove(c->watch);
	att_close(&c->fd);
	c->watch = 0;
	c->id = READER_NOBODY;
	c->server->last_ms = att_mono_ms();
}

static void
drop(void *ctx, reader_client who)
{
	struct client *c = find(ctx, who);

	if (c != NULL)
		end_client(c);
}

static void
log_end(const struct client *c, const struct sensor_msg *m)
{
	if (m->type != SENSOR_SAMPLE && m->type != SENSOR_FAILED)
		return;
	log_line(LOG_INFO, "capture end=%s ms=%lld peer=%u",
	    m->type == SENSOR_SAMPLE
		? "sample"
		: sensor_reason_word((enum sensor_reason)m->failed.reason),
	    (long long)(att_mono_ms() - c->asked_ms), (unsigned)c->uid);
}

/*
 * Frames are few and small: a client with no room for one is not listening.
 * It is ended when it hangs up or its lease is over, never from in here, where
 * the reader is in the middle of something.
 */
static void
tell(void *ctx, reader_client to, const struct sensor_msg *msg)
{
	const struct client *c = find(ctx, to);
	uint8_t buf[SENSOR_FRAME_MAX];
	size_t len = 0;

	if (c == NULL)
		return;
	log_end(c, msg);
	if (sensor_encode(msg, buf, sizeof(buf), &len) != ATT_OK ||
	    packet_send(c->fd, buf, len, NULL, 0, 0) != ATT_OK)
		(void)shutdown(c->fd, SHUT_RDWR);
	explicit_bzero(buf, sizeof(buf));
}

/* --- clients ----------------------------------------------------------------
 */

static void
leave(struct client *c)
{
	struct server *s = c->server;
	const reader_client id = c->id;

	end_client(c);
	reader_leave(&s->reader, id);
}

/*
 * A hang-up may stand in line behind the question of whoever comes next: he
 * must not be told that the reader is in use.
 */
static void
bury_the_gone(struct server *s, const struct client *asker)
{
	for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++) {
		struct client *c = &s->clients[i];
		struct pollfd p = { .fd = c->fd };

		if (c->id != READER_NOBODY && c != asker &&
		    poll(&p, 1, 0) == 1 &&
		    (p.revents & (POLLHUP | POLLERR)) != 0)
			leave(c);
	}
}

static bool
take_msg(struct client *c, const struct sensor_msg *m)
{
	struct reader *r = &c->server->reader;

	switch (m->type) {
	case SENSOR_CAPTURE:
		c->asked_ms = att_mono_ms();
		bury_the_gone(c->server, c);
		reader_ask(r, c->id, m->capture.wait_ms);
		return true;
	case SENSOR_CANCEL: reader_cancel(r, c->id); return true;
	case SENSOR_ASK_STATUS: reader_status(r, c->id); return true;
	case SENSOR_NOTICE:
	case SENSOR_SAMPLE:
	case SENSOR_FAILED:
	case SENSOR_STATUS: break;
	}
	return false;
}

static gboolean
on_packet(gint fd, GIOCondition condition, gpointer at)
{
	struct client *c = at;
	struct server *s = c->server;
	const reader_client id = c->id;
	uint8_t buf[SENSOR_FRAME_MAX];
	struct sensor_msg m;
	size_t len;
	enum att_err e = packet_recv(fd, buf, sizeof(buf), &len, NULL, NULL, 0);

	if (e == ATT_TIMEOUT)
		return G_SOURCE_CONTINUE; /* woken for nothing */
	if (e == ATT_OK)
		e = sensor_decode(buf, len, &m);
	if (e == ATT_OK && !take_msg(c, &m))
		e = ATT_FORMAT;
	if (e != ATT_OK) {
		if (e != ATT_CLOSED)
			log_line(LOG_WARNING,
			    "connection refused peer=%u why=\"%s\"",
			    (unsigned)c->uid, att_err_text(e));
		c->watch = 0; /* removed by our answer */
		leave(c);
	}
	settle(s);
	return e == ATT_OK && c->id == id ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static struct client *
free_place(struct server *s)
{
	for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (s->clients[i].id == READER_NOBODY)
			return &s->clients[i];
	return NULL;
}

/* fd is taken. */
static void
add_client(struct server *s, int fd, uid_t uid)
{
	struct client *c = free_place(s);

	if (c == NULL) {
		log_line(
		    LOG_WARNING, "too many connections peer=%u", (unsigned)uid);
		att_close(&fd);
		return;
	}
	*c = (struct client){
		.server = s, .id = ++s->last_id, .fd = fd, .uid = uid
	};
	c->watch =
	    g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_packet, c);
	s->last_ms = att_mono_ms();
}

static gboolean
on_knock(gint listener, GIOCondition condition, gpointer at)
{
	struct server *s = at;
	ATT_AUTO_FD int fd =
	    accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct wire_peer peer;

	if (fd < 0 || wire_peer_read(fd, &peer) != ATT_OK)
		return G_SOURCE_CONTINUE; /* gone again */
	if (peer.uid != 0 && peer.uid != s->uid) {
		log_line(LOG_WARNING, "connection refused peer=%u",
		    (unsigned)peer.uid);
		return G_SOURCE_CONTINUE;
	}
	add_client(s, att_take_fd(&fd), peer.uid);
	return G_SOURCE_CONTINUE;
}

/* --- the whole --------------------------------------------------------------
 */

void
server_lose(void *server)
{
	struct server *s = server;

	s->failed = true;
	s->stopping = true;
	for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (s->clients[i].id != READER_NOBODY)
			leave(&s->clients[i]);
	settle(s);
}

static gboolean
on_signal(gpointer at)
{
	struct server *s = at;

	server_lose(s);
	s->failed = false;
	return G_SOURCE_CONTINUE;
}

struct server *
server_new(int listener, int conn, uid_t uid, bool leave_idle)
{
	struct server *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->loop = g_main_loop_new(NULL, FALSE);
	s->listener = listener;
	s->conn = conn;
	s->uid = uid;
	s->leave_idle = leave_idle;
	s->once = conn >= 0;
	s->world = (struct reader_world){
		.now_ms = now_ms, .tell = tell, .drop = drop, .ctx = s
	};
	return s;
}

struct reader *
server_reader(struct server *s)
{
	return &s->reader;
}

const struct reader_world *
server_world(struct server *s)
{
	return &s->world;
}

/*
 * Only now: while libfprint looks for readers it turns the main loop itself,
 * and nobody is to be heard before there is a provider.
 */
static void
attach(struct server *s)
{
	struct wire_peer peer = { 0 };

	s->last_ms = att_mono_ms();
	s->asleep_ms = slept_ms();
	s->timer = g_source_new(&timer_functions, sizeof(struct timer));
	((struct timer *)s->timer)->server = s;
	(void)g_source_attach(s->timer, NULL);
	(void)g_unix_signal_add(SIGTERM, on_signal, s);
	(void)g_unix_signal_add(SIGINT, on_signal, s);
	if (s->conn >= 0 && wire_peer_read(s->conn, &peer) == ATT_OK)
		add_client(s, att_take_fd(&s->conn), peer.uid);
	if (s->listener >= 0)
		(void)g_unix_fd_add(s->listener, G_IO_IN, on_knock, s);
}

bool
server_run(struct server *s)
{
	attach(s);
	g_main_loop_run(s->loop);
	return !s->failed;
}

void
server_free(struct server *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
		if (s->clients[i].id != READER_NOBODY)
			end_client(&s->clients[i]);
	if (s->timer != NULL) {
		g_source_destroy(s->timer);
		g_source_unref(s->timer);
	}
	att_close(&s->conn);
	att_close(&s->listener);
	g_main_loop_unref(s->loop);
	free(s);
}

#include "attend-sensor/plugin.h"

#include "attend-sensor/plugin_frame.h"
#include "base/owner.h"
#include "base/program.h"
#include "daemon/confine.h"
#include "daemon/log.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#define FIRST_FD 3 /* behind the standard descriptors */

enum stage {
	STAGE_IDLE,
	STAGE_WAITING, /* for a picture */
	STAGE_EXTRACTING,
};

struct plugin {
	int fd;
	guint watch;
	struct reader *reader;
	struct fprint *extractor;
	struct provider minutiae; /* the extractor's */
	void (*lost)(void *ctx);
	void *ctx;
	bool alive, greeted;
	enum stage stage;
	char driver[BIO_DRIVER_MAX + 1], name[SENSOR_TEXT_MAX + 1];
	size_t len;
	uint8_t *buf; /* PLUGIN_FRAME_MAX */
};

/* --- the process -----------------------------------------------------------
 */

static _Noreturn void
become_plugin(const char *path, const struct att_local_user *user, int theirs)
{
	char env[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char *const argv[] = { (char *)(uintptr_t)path, NULL };
	char *const envp[] = { env, NULL };
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(theirs, STDIN_FILENO) < 0 ||
	    dup2(theirs, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 ||
	    close_range(FIRST_FD, ~0u, 0) != 0 ||
	    confine_program(user->uid, user->gid) != ATT_OK ||
	    prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		_exit(127);
	(void)execve(path, argv, envp);
	_exit(127);
}

enum att_err
plugin_start(const char *path, const struct att_local_user *user, int *fd)
{
	int pair[2] = { -1, -1 };
	pid_t pid;
	enum att_err e = att_program_check(path);

	if (e != ATT_OK)
		return e;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		return ATT_IO;
	pid = fork();
	if (pid == 0)
		become_plugin(path, user, pair[1]);
	att_close(&pair[1]);
	if (pid > 0 && fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0)
		*fd = att_take_fd(&pair[0]);
	else
		e = ATT_IO;
	att_close(&pair[0]);
	return e;
}

/* --- what it says -----------------------------------------------------------
 */

static void
lose(struct plugin *p, const char *why)
{
	if (!p->alive)
		return;
	p->alive = false;
	log_line(LOG_ERR, "capture plugin lost why=\"%s\"", why);
	if (p->stage == STAGE_WAITING) {
		p->stage = STAGE_IDLE;
		reader_on_ended(p->reader, SENSOR_FAULT, why);
	}
	p->lost(p->ctx);
}

static void
say(struct plugin *p, enum plugin_type type)
{
	uint8_t frame[HEAD_LEN];

	plugin_encode(type, frame);
	/*
	 * A program that does not take so little does not run: it is lost when
	 * the main loop sees the end, not from within the reader's call.
	 */
	if (send(p->fd, frame, sizeof(frame), MSG_NOSIGNAL | MSG_DONTWAIT) !=
	    (ssize_t)sizeof(frame))
		(void)shutdown(p->fd, SHUT_RDWR);
}

static void
greet(struct plugin *p, const struct plugin_hello *h)
{
	if (att_slice_str(h->driver, p->driver, sizeof(p->driver)) == ATT_OK &&
	    att_slice_str(h->name, p->name, sizeof(p->name)) == ATT_OK)
		p->greeted = true;
}

static void
take_picture(struct plugin *p, const struct picture *picture)
{
	p->stage = STAGE_EXTRACTING;
	if (!picture_large(picture)) {
		p->stage = STAGE_IDLE;
		reader_on_ended(
		    p->reader, SENSOR_UNSUITABLE, "its pictures are too small");
		return;
	}
	p->minutiae.capture(p->minutiae.ctx);
	fprint_show(p->extractor, p->driver, picture);
}

/* False: not what the protocol has in this place. */
static bool
take_msg(struct plugin *p, const struct plugin_msg *m)
{
	if (m->type == PLUGIN_HELLO && !p->greeted) {
		greet(p, &m->hello);
		return true;
	}
	if (!p->greeted || p->stage != STAGE_WAITING)
		return false;
	switch (m->type) {
	case PLUGIN_NOTICE:
		reader_on_notice(p->reader, (enum sensor_notice)m->notice);
		return true;
	case PLUGIN_PICTURE: take_picture(p, &m->picture); return true;
	case PLUGIN_FAILED:
		p->stage = STAGE_IDLE;
		reader_on_ended(
		    p->reader, (enum sensor_reason)m->failed, "told by it");
		return true;
	case PLUGIN_CAPTURE:
	case PLUGIN_STOP:
	case PLUGIN_HELLO: break;
	}
	return false;
}

static void
take_frames(struct plugin *p)
{
	while (p->alive) {
		struct plugin_msg m;
		size_t used;
		enum att_err e = plugin_decode(p->buf, p->len, &m, &used);

		if (e == ATT_ABSENT)
			return;
		if (e != ATT_OK || !take_msg(p, &m)) {
			lose(p, "it says what it may not");
			return;
		}
		memmove(p->buf, p->buf + used, p->len - used);
		p->len -= used;
		explicit_bzero(p->buf + p->len, used);
	}
}

static gboolean
on_bytes(gint fd, GIOCondition condition, gpointer at)
{
	struct plugin *p = at;
	ssize_t n =
	    recv(fd, p->buf + p->len, PLUGIN_FRAME_MAX - p->len, MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n <= 0) {
		lose(p, "it has ended");
	} else {
		p->len += (size_t)n;
		take_frames(p);
	}
	if (!p->alive)
		p->watch = 0;
	return p->alive ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* --- the provider ------------------------------------------------------------
 */

static enum sensor_reason
look(void *at, struct provider_look *out)
{
	const struct plugin *p = at;
	struct provider_look inner = { "", "", "" };

	out->driver = p->driver;
	out->name = p->name;
	if (!p->alive) {
		out->detail = "the capture plugin has ended";
		return SENSOR_FAULT;
	}
	if (!p->greeted) {
		out->detail = "the capture plugin has not said hello";
		return SENSOR_NO_READER;
	}
	return p->minutiae.look(p->minutiae.ctx, &inner);
}

static void
begin_open(void *at)
{
	struct plugin *p = at;

	p->minutiae.open(p->minutiae.ctx);
}

static void
begin_capture(void *at)
{
	struct plugin *p = at;

	p->stage = STAGE_WAITING;
	say(p, PLUGIN_CAPTURE);
}

static void
cancel(void *at)
{
	struct plugin *p = at;

	if (p->stage == STAGE_WAITING)
		say(p, PLUGIN_STOP);
	else
		p->minutiae.cancel(p->minutiae.ctx);
}

static void
begin_close(void *at)
{
	struct plugin *p = at;

	p->minutiae.close(p->minutiae.ctx);
}

struct provider
plugin_provider(struct plugin *p)
{
	return (struct provider){ .look = look,
		.open = begin_open,
		.capture = begin_capture,
		.cancel = cancel,
		.close = begin_close,
		.ctx = p };
}

struct plugin *
plugin_new(int fd, struct reader *reader, struct fprint *extractor,
    void (*lost)(void *ctx), void *ctx)
{
	struct plugin *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return NULL;
	*p = (struct plugin){ .fd = fd,
		.reader = reader,
		.extractor = extractor,
		.minutiae = fprint_provider(extractor),
		.lost = lost,
		.ctx = ctx,
		.alive = true,
		.buf = malloc(PLUGIN_FRAME_MAX) };
	if (p->buf == NULL) {
		free(p);
		return NULL;
	}
	p->watch =
	    g_unix_fd_add(fd, G_IO_IN | G_IO_HUP | G_IO_ERR, on_bytes, p);
	return p;
}

void
plugin_free(struct plugin *p)
{
	if (p == NULL)
		return;
	if (p->watch != 0)
		(void)g_source_remove(p->watch);
	att_close(&p->fd);
	explicit_bzero(p->buf, PLUGIN_FRAME_MAX);
	free(p->buf);
	free(p);
}

/*
 * attendd: the broker. Reads top to bottom as its security argument: find the
 * user to become, make folders and socket while still root, become that user
 * and close the sandbox, and only then look at the configuration and at bytes
 * from outside. Never calls getpw*, getgr* or PAM.
 */
#include "attendd/broker.h"
#include "attendd/log.h"
#include "attendd/paths.h"
#include "attendd/sandbox.h"
#include "base/localdb.h"
#include "base/owner.h"
#include "daemon/listen.h"
#include "daemon/mode.h"
#include "sensor/sensor.h"
#include "sensor/start.h"
#include "wire/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char usage[] =
    "usage: attendd --listen | --once | --version | --help\n"
    "  --listen  serve " WIRE_SOCKET " until SIGTERM\n"
    "  --once    serve the one connection that standard input is\n"
    "Without either, attendd serves the socket that systemd passed.\n"
    "See attendd(8).\n";

static int
fail(const char *doing, enum att_err e)
{
	log_line(LOG_ERR, "attendd cannot start: %s: %s (%s)", doing,
	    att_err_text(e), strerror(errno));
	return 1;
}

/*
 * The reader, while it can still be started: -1 where one listens, which the
 * worker then asks, or where there is none. Without it there is the PIN.
 */
static int
start_sensor(void)
{
	int fd = -1;
	enum att_err e;

	if (access(SENSOR_SOCKET, F_OK) == 0)
		return -1;
	e = sensor_start(&fd);
	if (e != ATT_OK && e != ATT_ABSENT)
		log_line(
		    LOG_WARNING, "reader not started why=%s", att_err_text(e));
	return fd;
}

/* --once: leave the client's process tree and serve standard input. */
static int
serve_once(const struct att_local_user *user)
{
	int type = 0, null;
	socklen_t len = sizeof(type);
	int conn, sensor;
	enum att_err e;

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &len) != 0 ||
	    type != SOCK_SEQPACKET)
		return fail("--once: standard input", ATT_FORMAT);
	switch (fork()) {
	case -1: return fail("--once: fork", ATT_IO);
	case 0: break;
	default: return 0; /* the client's child ends at once */
	}
	(void)setsid();
	conn = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (conn < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0)
		return fail("--once: descriptors", ATT_IO);
	(void)fcntl(conn, F_SETFL, O_NONBLOCK);
	sensor = start_sensor();
	e = sandbox_enter(user->uid, user->gid);
	if (e != ATT_OK)
		return fail("the sandbox", e);
	broker_once(conn, sensor);
}

static int
serve(const struct att_local_user *user, enum mode mode, int activated)
{
	int listener = activated;
	enum att_err e = ATT_OK;

	if (mode == MODE_LISTEN)
		e = listen_own(WIRE_SOCKET, 0666, &listener);
	if (e == ATT_EXISTS)
		log_line(LOG_ERR, "another attendd serves " WIRE_SOCKET);
	if (e != ATT_OK)
		return fail("the socket " WIRE_SOCKET, e);
	e = sandbox_enter(user->uid, user->gid);
	if (e != ATT_OK)
		return fail("the sandbox", e);
	e = broker_serve(listener, mode == MODE_NONE);
	return e == ATT_OK ? 0 : fail("serving", e);
}

int
main(int argc, char **argv)
{
	enum mode mode = mode_of(argc, argv);
	struct att_local_user user;
	int activated = -1;
	enum att_err e;

	if (mode == MODE_VERSION || mode == MODE_HELP) {
		(void)fputs(
		    mode == MODE_HELP ? usage : "attendd " ATT_VERSION "\n",
		    stdout);
		return 0;
	}
	log_open("attendd", mode == MODE_LISTEN && isatty(STDERR_FILENO));
	if (mode == MODE_NONE &&
	    (argc != 1 || listen_activated(&activated) != ATT_OK)) {
		(void)fputs(usage, stderr);
		return 2;
	}
	e = att_local_user_find(ATTENDD_USER, &user);
	if (e != ATT_OK)
		return fail("user " ATTENDD_USER " in " ATT_PASSWD_FILE, e);
	e = sandbox_folders(user.uid, user.gid);
	if (e != ATT_OK)
		return fail("making its folders", e);
	return mode == MODE_ONCE ? serve_once(&user)
				 : serve(&user, mode, activated);
}

/*
 * attend-sensor: the one program that talks to fingerprint readers, and the
 * only one that links libfprint. Reads top to bottom as its security argument:
 * find the user to become, take the socket while still root, forget an
 * environment that could steer the library, read root's settings, become that
 * user and close the sandbox, and only then let libfprint look at USB. It has
 * no store, no keys and no network, and is never told whose finger it sees.
 */
#include "attend-sensor/fprint.h"
#include "attend-sensor/plugin.h"
#include "attend-sensor/server.h"
#include "attend-sensor/settings.h"
#include "base/localdb.h"
#include "base/owner.h"
#include "daemon/confine.h"
#include "daemon/listen.h"
#include "daemon/log.h"
#include "daemon/mode.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define BROKER_USER   "attend"
#define MEMLOCK_BYTES (1u << 20)
#define OPEN_FILES    256

static const char usage[] =
    "usage: attend-sensor --listen | --once | --version | --help\n"
    "  --listen  serve " SENSOR_SOCKET " until SIGTERM\n"
    "  --once    serve the one connection that standard input is\n"
    "Without either, attend-sensor serves the socket that systemd passed.\n"
    "See attend-sensor(8).\n";

static int
fail(const char *doing, enum att_err e)
{
	log_line(LOG_ERR, "attend-sensor cannot start: %s: %s%s%s", doing,
	    att_err_text(e), e == ATT_IO ? ": " : "",
	    e == ATT_IO ? strerror(errno) : "");
	return 1;
}

/* --- the environment -------------------------------------------------------
 */

static bool
starts_with(const char *s, const char *prefix)
{
	return strncmp(s, prefix, strlen(prefix)) == 0;
}

/* What turns libfprint's attention from readers to whoever set it. */
static bool
is_for_tests(const char *entry)
{
	return starts_with(entry, "FP_") || starts_with(entry, "UMOCKDEV_");
}

static void
complain(const char *entry)
{
	log_line(LOG_ERR,
	    "refused %.*s of the environment: test readers are switched off "
	    "in " SETTINGS_PATH,
	    (int)strcspn(entry, "="), entry);
}

/*
 * Nothing in the environment steers GLib or libfprint, unless tests were
 * switched on; then what they need stays, and nothing else.
 */
static enum att_err
clean_environment(bool test)
{
	size_t n = 0;

	while (environ != NULL && environ[n] != NULL)
		n++;
	ATT_AUTO_FREE char **kept = calloc(n + 1, sizeof(*kept));
	size_t keep = 0;

	if (kept == NULL)
		return ATT_NOMEM;
	for (size_t i = 0; i < n; i++) {
		if (!is_for_tests(environ[i]))
			continue;
		if (test)
			kept[keep++] = environ[i];
		else
			complain(environ[i]);
	}
	if (clearenv() != 0)
		return ATT_NOMEM;
	for (size_t i = 0; i < keep; i++)
		if (putenv(kept[i]) != 0) /* the strings are the kernel's */
			return ATT_NOMEM;
	/* so that memory of freed prints goes through free() */
	return setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1) == 0 &&
		setenv("G_SLICE", "always-malloc", 1) == 0
	    ? ATT_OK
	    : ATT_NOMEM;
}

/* --- where connections come from -------------------------------------------
 */

static enum att_err
take_stdin(int *conn)
{
	int type = 0, null;
	socklen_t len = sizeof(type);

	if (getsockopt(STDIN_FILENO, SOL_SOCKET, SO_TYPE, &type, &len) != 0 ||
	    type != SOCK_SEQPACKET)
		return ATT_FORMAT;
	*conn = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (*conn < 0 || null < 0 || dup2(null, STDIN_FILENO) < 0)
		return ATT_IO;
	return fcntl(*conn, F_SETFL, O_NONBLOCK) == 0 ? ATT_OK : ATT_IO;
}

/* Only attendd, and root, may even connect. */
static enum att_err
make_socket(gid_t broker, int *listener)
{
	enum att_err e;

	if (mkdir(SENSOR_FOLDER, 0755) != 0 && errno != EEXIST)
		return ATT_IO;
	e = listen_own(SENSOR_SOCKET, 0660, listener);
	if (e == ATT_OK && geteuid() == 0 &&
	    lchown(SENSOR_SOCKET, 0, broker) != 0)
		e = ATT_IO;
	return e;
}

struct start {
	enum mode mode;
	int listener, conn, plugin;
	struct settings settings;
	struct att_local_user user, broker;
};

static enum att_err
find_users(struct start *st)
{
	enum att_err e = att_local_user_find(SENSOR_USER, &st->user);

	return e == ATT_OK ? att_local_user_find(BROKER_USER, &st->broker) : e;
}

/* --- serving ----------------------------------------------------------------
 */

struct parts {
	struct server *server;
	struct fprint *fprint;
	struct plugin *plugin;
	struct provider provider;
};

static void
free_parts(struct parts *p)
{
	plugin_free(p->plugin);
	fprint_free(p->fprint);
	server_free(p->server);
}

static enum att_err
make_parts(struct start *st, struct parts *p)
{
	struct reader *r;

	p->server = server_new(
	    st->listener, st->conn, st->broker.uid, st->mode == MODE_NONE);
	if (p->server == NULL)
		return ATT_NOMEM;
	r = server_reader(p->server);
	/* its events find a reader at rest, and do nothing */
	reader_init(r, &p->provider, server_world(p->server),
	    st->settings.test_readers);
	p->fprint = st->plugin >= 0 ? fprint_new_extractor(r)
				    : fprint_new(r, st->settings.test_readers);
	if (p->fprint == NULL)
		return ATT_NOMEM;
	p->provider = fprint_provider(p->fprint);
	if (st->plugin < 0)
		return ATT_OK;
	p->plugin =
	    plugin_new(st->plugin, r, p->fprint, server_lose, p->server);
	if (p->plugin == NULL)
		return ATT_NOMEM;
	p->provider = plugin_provider(p->plugin);
	return ATT_OK;
}

static int
serve(struct start *st)
{
	struct parts p = { 0 };
	bool well;
	enum att_err e = make_parts(st, &p);

	if (e != ATT_OK) {
		free_parts(&p);
		return fail("its parts", e);
	}
	well = server_run(p.server);
	free_parts(&p);
	return well ? 0 : 1;
}

/* As root: what needs it. Then never again. */
static enum att_err
prepare(struct start *st, const char **doing)
{
	struct att_opt_error why;
	enum att_err e;

	*doing =
	    "users " SENSOR_USER " and " BROKER_USER " in " ATT_PASSWD_FILE;
	e = find_users(st);
	if (e != ATT_OK)
		return e;
	*doing = "its settings " SETTINGS_PATH;
	e = settings_read(SETTINGS_PATH, &st->settings, &why);
	if (e == ATT_FORMAT)
		log_line(LOG_ERR,
		    SETTINGS_PATH " refused: line=%u key=%s why=%s", why.line,
		    why.key, why.reason);
	if (e != ATT_OK)
		return e;
	*doing = "its environment";
	e = clean_environment(st->settings.test_readers);
	if (e != ATT_OK)
		return e;
	*doing = "the socket " SENSOR_SOCKET;
	if (st->mode == MODE_LISTEN)
		return make_socket(st->broker.gid, &st->listener);
	return st->mode == MODE_ONCE ? take_stdin(&st->conn) : ATT_OK;
}

/* Once it is closed nothing can be started: the plugin is, before. */
static enum att_err
close_sandbox(struct start *st, const char **doing)
{
	const struct confine c = { .uid = st->user.uid,
		.gid = st->user.gid,
		.memlock_bytes = MEMLOCK_BYTES,
		.open_files = OPEN_FILES,
		.hotplug = true };
	enum att_err e = ATT_OK;

	*doing = st->settings.plugin;
	if (st->settings.plugin[0] != '\0')
		e = plugin_start(st->settings.plugin, &st->user, &st->plugin);
	if (e != ATT_OK)
		return e;
	*doing = "the sandbox";
	return confine_enter(&c);
}

int
main(int argc, char **argv)
{
	struct start st = { .mode = mode_of(argc, argv),
		.listener = -1,
		.conn = -1,
		.plugin = -1 };
	const char *doing = "";
	enum att_err e;

	if (st.mode == MODE_VERSION || st.mode == MODE_HELP) {
		(void)fputs(st.mode == MODE_HELP ? usage
						 : "attend-sensor " ATT_VERSION
						   "\n",
		    stdout);
		return 0;
	}
	log_open(
	    "attend-sensor", st.mode == MODE_LISTEN && isatty(STDERR_FILENO));
	if (st.mode == MODE_NONE &&
	    (argc != 1 || listen_activated(&st.listener) != ATT_OK)) {
		(void)fputs(usage, stderr);
		return 2;
	}
	e = prepare(&st, &doing);
	if (e == ATT_OK)
		e = close_sandbox(&st, &doing);
	if (e != ATT_OK)
		return fail(doing, e);
	if (st.settings.test_readers)
		log_line(LOG_ERR,
		    "TEST READERS ARE ALLOWED by " SETTINGS_PATH
		    ": whoever can reach them can be anybody");
	(void)signal(SIGPIPE, SIG_IGN);
	return serve(&st);
}

/*
 * attendctl: relays one command line to attendd, which runs it. Mistakes in
 * the words are explained here, without the broker; files named on the
 * command line are opened here, with the caller's own rights, and travel as
 * descriptors; questions are asked and output is shown here.
 */
#include "admin/verbs.h"
#include "attendctl/help.h"
#include "attendctl/made.h"
#include "attendctl/pager.h"
#include "attendctl/published.h"
#include "attendctl/terminal.h"
#include "base/owner.h"
#include "wire/channel.h"
#include "wire/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COMMAND_MS 60000 /* the longest silence of a command at work */
#define WHY_MAX	   512

struct session {
	FILE *page; /* standard output, held back for a pager; or NULL */
	enum att_err asked; /* why a question was not answered */
	bool lost; /* output that could not be written */
};

static enum att_err
on_ask(void *ctx, const struct wire_ask *ask, char *buf, size_t *len)
{
	struct session *s = ctx;

	s->asked = terminal_ask(ask, buf, len);
	return s->asked;
}

static void
on_text(void *ctx, bool warn, struct att_slice text)
{
	struct session *s = ctx;

	(void)warn;
	if (terminal_write(STDERR_FILENO, text.at, text.len) != ATT_OK ||
	    terminal_write(STDERR_FILENO, "\n", 1) != ATT_OK)
		s->lost = true;
}

static void
on_output(void *ctx, uint8_t stream, struct att_slice bytes)
{
	struct session *s = ctx;
	bool done = s->page != NULL && stream == STDOUT_FILENO
	    ? fwrite(bytes.at, 1, bytes.len, s->page) == bytes.len
	    : terminal_write(stream, bytes.at, bytes.len) == ATT_OK;

	if (!done)
		s->lost = true;
}

/* A program started without its standard descriptors must not let the
 * connection take their place. */
static bool
standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", O_RDWR | O_NOCTTY) != fd)
			return false;
	return true;
}

static uint32_t
terminal_flags(void)
{
	uint32_t flags = 0;

	if (isatty(STDIN_FILENO))
		flags |= WIRE_F_IN_TTY;
	if (isatty(STDOUT_FILENO))
		flags |= WIRE_F_OUT_TTY;
	if (isatty(STDERR_FILENO))
		flags |= WIRE_F_ERR_TTY;
	return flags;
}

/* The language wanted, whether or not this machine has its locale. */
static const char *
wanted_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && value[0] != '\0')
			return strlen(value) <= WIRE_NAME_MAX ? value : "";
	}
	return "";
}

static int
usage_error(const char *why)
{
	fprintf(stderr, "attendctl: %s\n", why);
	return VERB_USAGE;
}

static bool
make_file(struct made *m, const char *path)
{
	enum att_err e = made_begin(m, path);

	if (e == ATT_EXISTS)
		fprintf(stderr,
		    "attendctl: %s is there already; choose another name\n",
		    path);
	else if (e != ATT_OK)
		fprintf(stderr, "attendctl: %s: %s\n", path, strerror(errno));
	return e == ATT_OK;
}

/*
 * Files named on the command line; those opened before are closed by exit. At
 * most one is made.
 */
static bool
open_files(const struct verb_call *call, struct made *made, int *fds, size_t *n)
{
	const char *paths[VERB_FILES_MAX];
	size_t count = verb_paths(call, paths);
	struct stat st;

	for (size_t i = 0; i < count; i++) {
		if (verb_makes(call, i)) {
			if (!make_file(made, paths[i]))
				return false;
			fds[i] = made->fd;
			continue;
		}
		/* O_NONBLOCK: a fifo without a writer must not hang us */
		fds[i] = open(
		    paths[i], O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
		if (fds[i] < 0 || fstat(fds[i], &st) != 0) {
			fprintf(stderr, "attendctl: %s: %s\n", paths[i],
			    strerror(errno));
			return false;
		}
		if (!S_ISREG(st.st_mode)) {
			fprintf(stderr,
			    "attendctl: %s: not a regular file; save it to "
			    "one first\n",
			    paths[i]);
			return false;
		}
	}
	*n = count;
	return true;
}

/* Why there was no connection or no verdict, and what to do about it. */
static const char *
trouble(enum att_err e)
{
	switch (e) {
	case ATT_ABSENT:
		return "attendd is not running; as root try systemctl start "
		       "attendd.socket";
	case ATT_REFUSED:
		return WIRE_SOCKET
		    " is not attendd's or others may write to it; remove it "
		    "and restart attendd.socket";
	case ATT_TIMEOUT:
		return "attendd did not answer in time; see journalctl -u "
		       "attendd";
	case ATT_CLOSED:
		return "attendd ended it: it was stopped, or too much was asked "
		       "at once; see journalctl -u attendd whether it was "
		       "done, and try again in a moment";
	case ATT_FORMAT:
	case ATT_NEWER:
		return "attendd speaks another version; restart it after an "
		       "upgrade";
	case ATT_LIMIT: return "the command line is too long";
	case ATT_OK:
	case ATT_NOMEM:
	case ATT_IO:
	case ATT_EXISTS:
	case ATT_CORRUPT: break;
	}
	return "attendd cannot be reached; see journalctl -u attendd";
}

static int
unavailable(enum att_err e)
{
	fprintf(stderr, "attendctl: %s\n", trouble(e));
	return VERB_UNAVAILABLE;
}

static int
unanswered(enum att_err asked, enum att_err e)
{
	if (asked == ATT_LIMIT)
		fputs("attendctl: that is too long\n", stderr);
	else if (asked == ATT_TIMEOUT)
		fputs("attendctl: no answer was given in time\n", stderr);
	else if (asked != ATT_OK && asked != ATT_ABSENT)
		fputs("attendctl: the answer could not be read\n", stderr);
	else
		return unavailable(e);
	return VERB_FAILED;
}

/* Only an allowed command is done, whatever status came with it. */
static int
exit_status(const struct wire_verdict *v)
{
	if (v->status != VERB_DONE || v->verdict == VERDICT_ALLOW)
		return v->status;
	if (v->verdict == VERDICT_UNAVAILABLE)
		return unavailable(ATT_IO);
	fputs("attendctl: attendd refused the command\n", stderr);
	return v->verdict == VERDICT_REFUSED ? VERB_REFUSED : VERB_FAILED;
}

/* What was made has its name only if the command was done. */
static int
keep_file(struct made *m, int status)
{
	enum att_err e;

	if (m->fd < 0 || status != VERB_DONE)
		return status;
	e = made_keep(m);
	if (e == ATT_OK)
		return status;
	fprintf(stderr, "attendctl: %s: %s\n", m->path,
	    e == ATT_EXISTS ? "is there now; choose another name"
			    : strerror(errno));
	return VERB_FAILED;
}

/* Texts to be read, on a terminal. */
static bool
wants_pager(const struct verb_call *call)
{
	return call->verb->paged && verb_option(call, "json") == NULL &&
	    isatty(STDOUT_FILENO);
}

static int
talk(struct session *s, const struct wire_request *request, const int *files,
    size_t nfiles)
{
	struct relay_ops ops = {
		.ask = on_ask, .text = on_text, .output = on_output, .ctx = s
	};
	struct wire_verdict verdict = { 0 };
	ATT_AUTO_FD int fd = -1;
	enum att_err e = wire_connect(&fd, WIRE_CHECK_MS);

	if (e == ATT_CLOSED) {
		fputs("attendctl: nobody serves " WIRE_SOCKET
		      "; as root try systemctl start attendd.socket, or "
		      "remove it where there is no systemd\n",
		    stderr);
		return VERB_UNAVAILABLE;
	}
	if (e != ATT_OK)
		return unavailable(e);
	e = relay_run(fd, request, files, nfiles, COMMAND_MS, &ops, &verdict);
	if (e != ATT_OK)
		return unanswered(s->asked, e);
	return exit_status(&verdict);
}

/* The same, and what it printed through a pager once it is all there. */
static int
talk_paged(struct session *s, const struct wire_request *request)
{
	ATT_AUTO_FREE char *text = NULL;
	size_t len = 0;
	int status;

	s->page = open_memstream(&text, &len);
	if (s->page == NULL)
		return talk(s, request, NULL, 0);
	status = talk(s, request, NULL, 0);
	if (fclose(s->page) != 0)
		s->lost = true;
	s->page = NULL;
	if (!s->lost && len > 0 && pager_show(text, len) != ATT_OK)
		s->lost = true;
	return status;
}

static int
run(int argc, const char *const *argv, const struct verb_call *call)
{
	struct wire_request request = { .phase = WIRE_COMMAND,
		.flags = terminal_flags(),
		.service = att_slice_of("attendctl"),
		.locale = att_slice_of(wanted_locale()),
		.argc = (uint8_t)argc };
	struct session s = { 0 };
	MADE_AUTO struct made made = { .fd = -1 };
	int files[VERB_FILES_MAX];
	size_t nfiles = 0;
	int status;

	for (int i = 0; i < argc; i++)
		request.argv[i] = att_slice_of(argv[i]);
	if (!open_files(call, &made, files, &nfiles))
		return VERB_FAILED;
	status = wants_pager(call) ? talk_paged(&s, &request)
				   : talk(&s, &request, files, nfiles);
	if (s.lost) {
		fputs("attendctl: the output could not be written whole\n",
		    stderr);
		return VERB_FAILED;
	}
	return keep_file(&made, status);
}

static bool
asks_for(int argc, const char *const *argv, const char *word)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], word) == 0)
			return true;
	return false;
}

/* What attendctl answers by itself; -1: something for attendd. */
static int
answer_alone(int argc, const char *const *argv)
{
	if (asks_for(argc, argv, "--help"))
		help_print(stdout, argc, argv);
	else if (argc == 1 && strcmp(argv[0], "--version") == 0)
		printf("attendctl %s\n", ATT_VERSION);
	else if (argc == 1 && strcmp(argv[0], "--completion") == 0)
		help_completion(stdout);
	else
		return -1;
	return fflush(stdout) == 0 ? VERB_DONE : VERB_FAILED;
}

int
main(int argc, char **argv)
{
	const char *const *words = (const char *const *)argv + (argc > 0);
	int n = argc > 0 ? argc - 1 : 0;
	struct published before;
	struct verb_call call;
	char why[WHY_MAX];
	int status;

	if (!standard_descriptors())
		return VERB_FAILED;
	status = answer_alone(n, words);
	if (status >= 0)
		return status;
	if (n > WIRE_ARGS_MAX)
		return usage_error("too many words; see attendctl --help");
	for (int i = 0; i < n; i++)
		if (strlen(words[i]) > WIRE_ARG_MAX)
			return usage_error("a word is too long");
	if (verbs_parse(n, words, &call, why, sizeof(why)) != ATT_OK)
		return usage_error(why);
	before = published_now();
	status = run(n, words, &call);
	if (!published_tell(&before) && status == VERB_DONE)
		return VERB_FAILED;
	return status;
}

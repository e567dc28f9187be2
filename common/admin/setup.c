#include "admin/setup.h"

#include "admin/change.h"
#include "admin/notice_text.h"
#include "base/owner.h"
#include "store/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_VERSION "1"
#define FILE_BYTES    (STORE_NOTICE_MAX + 1)

static void
tell(struct dialogue *d, const char *what, const char *state)
{
	dialogue_out(d, "%-12s %s\n", what, state);
}

static bool
exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

static enum verb_status
set_up_key(struct dialogue *d, const struct setup_paths *paths)
{
	enum att_err e =
	    d->vault != NULL ? ATT_OK : vault_open(&d->vault, paths->key);
	const char *state = "there already";

	if (e == ATT_ABSENT && exists(paths->store))
		return answer_fail(d, VERB_CONFLICT,
		    "%s is there but its site key is not: put %s back from "
		    "your backup; with a new key nothing could be read",
		    paths->store, paths->key);
	if (e == ATT_ABSENT) {
		state = "made; keep a copy of it apart from the store's";
		e = vault_create(paths->key);
		if (e == ATT_OK)
			e = vault_open(&d->vault, paths->key);
	}
	if (e == ATT_CORRUPT)
		return answer_fail(d, VERB_CONFLICT,
		    "%s is not a site key: 32 bytes, mode 0400, owned by "
		    "attendd's user; put it back from your backup",
		    paths->key);
	if (e != ATT_OK)
		return answer_detail(d, e, paths->key, "");
	tell(d, "site key", state);
	return VERB_DONE;
}

static enum verb_status
set_up_store(struct dialogue *d, const struct setup_paths *paths)
{
	enum att_err e = d->store != NULL
	    ? ATT_OK
	    : store_open(&d->store, paths->store, d->vault);
	const char *state = "there already";

	if (e == ATT_ABSENT) {
		state = "made";
		e = store_create(paths->store);
		if (e == ATT_OK)
			e = store_open(&d->store, paths->store, d->vault);
	}
	if (e == ATT_CORRUPT)
		return answer_fail(d, VERB_CONFLICT,
		    "%s is damaged or belongs to another site key; put both "
		    "back from the same backup",
		    paths->store);
	if (e != ATT_OK)
		return answer_detail(d, e, paths->store, "");
	d->store_err = ATT_OK;
	tell(d, "store", state);
	return VERB_DONE;
}

static enum verb_status
set_up_group(struct dialogue *d)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	enum verb_status status = change_begin(&c, d);
	enum att_err e;

	if (status != VERB_DONE)
		return status;
	e = store_group_site(
	    d->store, &c.by, d->config->ids, d->config->primary_group);
	/* published with everything else at the end */
	if (e == ATT_OK)
		e = store_commit(&c.tx);
	if (e != ATT_OK)
		return change_end(&c, e, "making the site group");
	tell(d, "site group", d->config->primary_group);
	return VERB_DONE;
}

/* There from the first day on: without it no backup is put back. */
static enum verb_status
set_up_ledger(struct dialogue *d)
{
	struct store_by by = dialogue_by(d);
	struct store_again again;
	enum att_err e = store_ledger_merge(d->store, &by, &again);

	if (e == ATT_OK)
		e = store_ledger_write(d->store);
	return e == ATT_OK
	    ? VERB_DONE
	    : answer_trouble(d, e, "writing the ledger of erasures");
}

/* An installed file, whole; ours, but read like anybody's. */
static enum att_err
read_file(const char *folder, const char *name, char **bytes, size_t *len)
{
	ATT_AUTO_FREE char *path = NULL;
	ATT_AUTO_FREE char *buf = malloc(FILE_BYTES);
	ATT_AUTO_FD int fd = -1;
	ssize_t n;

	if (buf == NULL || asprintf(&path, "%s/%s", folder, name) < 0) {
		path = NULL;
		return ATT_NOMEM;
	}
	fd = open(
	    path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT ? ATT_ABSENT : ATT_IO;
	n = read(fd, buf, FILE_BYTES);
	if (n < 0)
		return ATT_IO;
	if (n == FILE_BYTES)
		return ATT_LIMIT;
	*bytes = att_take_ptr(buf);
	*len = (size_t)n;
	return ATT_OK;
}

/* One language; ATT_ABSENT when its file is not installed. */
static enum att_err
read_notice(const char *folder, const char *lang, char *owned[2],
    struct notice_texts *t)
{
	char name[64];
	size_t len = 0;
	enum att_err e;

	(void)snprintf(
	    name, sizeof(name), "notice-%s.%s.txt", FIRST_VERSION, lang);
	e = read_file(folder, name, &owned[0], &len);
	if (e != ATT_OK)
		return e;
	t->whole = (struct att_slice){ (uint8_t *)owned[0], len };
	(void)snprintf(
	    name, sizeof(name), "notice-%s.%s.short.txt", FIRST_VERSION, lang);
	e = read_file(folder, name, &owned[1], &len);
	if (e == ATT_ABSENT)
		return ATT_OK;
	t->brief = (struct att_slice){ (uint8_t *)owned[1], len };
	return e;
}

static bool
find_lang(void *ctx, const struct store_notice *n)
{
	const char **lang = ctx;

	if (strcmp(n->version, FIRST_VERSION) == 0 &&
	    strcmp(n->lang, *lang) == 0)
		*lang = NULL;
	return *lang != NULL;
}

static enum verb_status
set_up_language(
    struct dialogue *d, const struct setup_paths *paths, const char *lang)
{
	struct notice_version v = { .version = FIRST_VERSION, .lang = lang };
	struct notice_texts t = { 0 };
	char *owned[2] = { NULL, NULL };
	const char *missing = lang;
	enum verb_status status = VERB_DONE;
	enum att_err e = store_notice_list(d->store, find_lang, &missing);

	if (e != ATT_OK)
		return answer_trouble(d, e, "listing notices");
	if (missing == NULL)
		return VERB_DONE; /* this language of it is published */
	e = read_notice(paths->notices, lang, owned, &t);
	if (e == ATT_OK) {
		notice_texts_trim(&t);
		status = notice_texts_publish(d, &v, &t);
	} else if (e != ATT_ABSENT) {
		status = answer_detail(d, e, "reading the first notice", "");
	}
	free(owned[0]);
	free(owned[1]);
	return status;
}

/* The first version, in the languages that come with us; a site that has
 * published newer ones keeps them. */
static enum verb_status
set_up_notice(struct dialogue *d, const struct setup_paths *paths)
{
	static const char *const langs[] = { "en", "zh_CN" };
	enum verb_status status = VERB_DONE;
	struct store_notice n;
	enum att_err e =
	    store_notice_in_force(d->store, d->now.utc, "en", &n, NULL, NULL);

	if (e == ATT_OK && strcmp(n.version, FIRST_VERSION) != 0) {
		tell(d, "notice", "a later one is in force");
		return VERB_DONE;
	}
	if (e != ATT_OK && e != ATT_ABSENT)
		return answer_trouble(d, e, "reading the notice");
	for (size_t i = 0;
	     status == VERB_DONE && i < sizeof(langs) / sizeof(langs[0]); i++)
		status = set_up_language(d, paths, langs[i]);
	if (status != VERB_DONE)
		return status;
	if (store_notice_in_force(d->store, d->now.utc, "en", &n, NULL, NULL) !=
	    ATT_OK)
		return answer_fail(d, VERB_FAILED,
		    "no privacy notice in %s, and nobody can agree without "
		    "one; see attendctl notice publish --help",
		    paths->notices);
	tell(d, "notice",
	    "version " FIRST_VERSION " is in force; read it and "
	    "publish your own: attendctl notice show");
	return VERB_DONE;
}

enum verb_status
setup_run(struct dialogue *d, const struct setup_paths *paths)
{
	struct publish_report report = { 0 };
	enum verb_status notice, status = set_up_key(d, paths);

	if (status == VERB_DONE)
		status = set_up_store(d, paths);
	if (status == VERB_DONE)
		status = set_up_group(d);
	if (status == VERB_DONE)
		status = set_up_ledger(d);
	if (status != VERB_DONE)
		return status;
	notice = set_up_notice(d, paths);
	status = change_publish(d, &report);
	if (status == VERB_DONE)
		dialogue_out(d, "%-12s published, %u people, %u groups\n",
		    "directory", (unsigned)report.people,
		    (unsigned)report.groups);
	if (notice == VERB_DONE && status == VERB_DONE)
		dialogue_out(d,
		    "next: attendctl employee add NUMBER --name N --birth D, "
		    "then attendctl doctor\n");
	return notice != VERB_DONE ? notice : status;
}

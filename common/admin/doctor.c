#include "admin/doctor.h"

#include "admin/answer.h"
#include "admin/nouns.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

static const char *const level_words[] = { "ok", "warning", "error" };

static void
say_json(struct json *j, enum doctor_level level, const char *id,
    const char *next, const char *text)
{
	json_object(j);
	json_key(j, "level");
	json_text(j, level_words[level]);
	json_key(j, "id");
	json_text(j, id);
	json_key(j, "text");
	json_text(j, text);
	json_key(j, "next");
	json_text(j, next);
	json_object_end(j);
}

static void
say_plain(struct print *p, enum doctor_level level, const char *next,
    const char *text)
{
	const char *word = level_words[level];

	print_text(p, word);
	print_spaces(p, 9 - strlen(word));
	print_plain(p, text);
	print_text(p, "\n");
	if (next == NULL)
		return;
	print_spaces(p, 9);
	print_text(p, "-> ");
	print_plain(p, next);
	print_text(p, "\n");
}

void
doctor_say(struct doctor *doc, enum doctor_level level, const char *id,
    const char *next, const char *fmt, ...)
{
	ATT_AUTO_FREE char *text = NULL;
	va_list ap;
	int n;

	doc->errors += level == DOCTOR_ERROR;
	doc->warnings += level == DOCTOR_WARNING;
	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		doc->r.failed = true;
		return;
	}
	if (doc->r.j != NULL)
		say_json(doc->r.j, level, id, next, text);
	else
		say_plain(&doc->r.print, level, next, text);
}

/* The whole file; growing files and odd ones like those of /proc included. */
static enum att_err
read_all(int fd, char **text)
{
	ATT_AUTO_FREE char *buf = malloc(DOCTOR_FILE_MAX + 1);
	size_t have = 0;
	enum att_err e;

	if (buf == NULL)
		return ATT_NOMEM;
	e = answer_read(fd, buf, DOCTOR_FILE_MAX + 1, &have);
	if (e != ATT_OK)
		return e;
	if (have > DOCTOR_FILE_MAX)
		return ATT_LIMIT;
	buf[have] = '\0';
	*text = att_take_ptr(buf);
	return ATT_OK;
}

enum att_err
doctor_read(const struct doctor *doc, const char *path, char **text)
{
	ATT_AUTO_FREE char *full = NULL;
	ATT_AUTO_FD int fd = -1;
	struct stat st;

	if (asprintf(&full, "%s%s", doc->root, path) < 0) {
		full = NULL;
		return ATT_NOMEM;
	}
	fd = open(full, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? ATT_ABSENT
							   : ATT_IO;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return ATT_IO;
	return read_all(fd, text);
}

enum verb_status
doctor_all(struct dialogue *d, const struct verb_call *call, const char *root)
{
	static void (*const checks[])(struct doctor *) = { doctor_config,
		doctor_key, doctor_store, doctor_audit, doctor_keep,
		doctor_fields, doctor_requests, doctor_clock, doctor_notice,
		doctor_directory, doctor_names, doctor_groups, doctor_ids,
		doctor_nss, doctor_userdb, doctor_cache, doctor_locale,
		doctor_pam, doctor_reader, doctor_fingers };
	struct doctor doc = { .d = d, .root = root };
	enum verb_status status;

	report_open(&doc.r, d, call);
	if (doc.r.j != NULL)
		json_array(doc.r.j);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++)
		checks[i](&doc);
	if (doc.r.j != NULL)
		json_array_end(doc.r.j);
	status = report_close(&doc.r);
	if (status != VERB_DONE)
		return status;
	return doc.errors > 0 ? VERB_FAILED : VERB_DONE;
}

enum verb_status
doctor_run(struct dialogue *d, const struct verb_call *call)
{
	/* what it says about the store is a check of its own below */
	d->store_err = dialogue_store(d);
	return doctor_all(d, call, "");
}

#include "admin/answer.h"

#include "attendd/paths.h"
#include "base/owner.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

enum verb_status
answer_fail(struct dialogue *d, enum verb_status status, const char *fmt, ...)
{
	ATT_AUTO_FREE char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0) {
		text = NULL;
		dialogue_err(d, "attendctl: out of memory\n");
		return VERB_FAILED;
	}
	dialogue_err(d, "attendctl: %s\n", text);
	return status;
}

static const struct {
	enum att_err e;
	enum verb_status status;
	const char *next;
} troubles[] = {
	{ ATT_ABSENT, VERB_ABSENT, "" },
	{ ATT_EXISTS, VERB_CONFLICT, "" },
	{ ATT_REFUSED, VERB_REFUSED, "" },
	{ ATT_TIMEOUT, VERB_FAILED, "; somebody else is writing, try again" },
	{ ATT_CORRUPT, VERB_FAILED, "; run attendctl doctor" },
	{ ATT_IO, VERB_FAILED, "; run attendctl doctor" },
	{ ATT_NEWER, VERB_FAILED, "; install the newer attend again" },
};

enum verb_status
answer_detail(
    struct dialogue *d, enum att_err e, const char *doing, const char *detail)
{
	enum verb_status status = VERB_FAILED;
	const char *next = "";

	for (size_t i = 0; i < sizeof(troubles) / sizeof(troubles[0]); i++)
		if (troubles[i].e == e) {
			status = troubles[i].status;
			next = troubles[i].next;
		}
	return answer_fail(d, status, "%s: %s%s%s%s%s", doing, att_err_text(e),
	    detail[0] != '\0' ? " (" : "", detail, detail[0] != '\0' ? ")" : "",
	    next);
}

enum verb_status
answer_trouble(struct dialogue *d, enum att_err e, const char *doing)
{
	return answer_detail(
	    d, e, doing, d->store != NULL ? store_trouble(d->store) : "");
}

enum verb_status
answer_config(struct dialogue *d)
{
	struct config c;
	struct att_opt_error why = { 0 };
	enum att_err e = config_read(&c, CONFIG_PATH, &why);

	if (e == ATT_OK)
		return answer_fail(d, VERB_UNAVAILABLE,
		    CONFIG_PATH " was refused and is in order now; try again");
	if (e != ATT_FORMAT)
		return answer_fail(d, VERB_UNAVAILABLE,
		    CONFIG_PATH ": %s; run attendctl doctor", att_err_text(e));
	return answer_fail(d, VERB_UNAVAILABLE, CONFIG_PATH ":%u: %s%s%s",
	    why.line, why.key, why.key[0] != '\0' ? ": " : "", why.reason);
}

enum verb_status
answer_number(
    struct dialogue *d, const char *number, struct store_employee *out)
{
	struct store_employee e;
	enum att_err err = store_employee_by_number(d->store, number, &e);

	if (err != ATT_OK && err != ATT_ABSENT)
		return answer_trouble(d, err, "finding the employee");
	if (err == ATT_ABSENT || e.state == STORE_ERASED)
		return answer_fail(d, VERB_ABSENT,
		    "no employee %s%s; see attendctl employee list", number,
		    err == ATT_OK ? " (erased)" : "");
	*out = e;
	return VERB_DONE;
}

enum verb_status
answer_employee(struct dialogue *d, const struct verb_call *call,
    struct store_employee *out)
{
	return answer_number(d, verb_positional(call, "NUMBER"), out);
}

enum verb_status
answer_self(struct dialogue *d, struct store_employee *out)
{
	struct store_employee e;
	enum att_err err = store_employee_by_uid(d->store, d->peer.uid, &e);

	if (err != ATT_OK && err != ATT_ABSENT)
		return answer_trouble(d, err, "finding you");
	if (err == ATT_ABSENT || e.state == STORE_ERASED ||
	    !dialogue_is_staff(d))
		return answer_fail(d, VERB_REFUSED, "%s",
		    _("This command is for staff logged in as themselves."));
	*out = e;
	return VERB_DONE;
}

enum verb_status
answer_purpose(
    struct dialogue *d, const struct verb_call *call, enum store_purpose *out)
{
	const char *id = verb_option(call, "purpose");

	if (id == NULL) {
		*out = STORE_FOR_LOGIN;
		return VERB_DONE;
	}
	if (store_purpose_find(id, out) == ATT_OK)
		return VERB_DONE;
	return answer_fail(d, VERB_USAGE,
	    _("no purpose \"%s\"; there are login, attendance, "
	      "biometric.finger, biometric.face, photo, location and disclosure"),
	    id);
}

const char *
answer_lang(const struct dialogue *d, const struct verb_call *call)
{
	const char *lang = verb_option(call, "lang");

	return lang != NULL ? lang : d->locale;
}

enum att_err
answer_read(int fd, void *buf, size_t most, size_t *len)
{
	uint8_t *at = buf;
	size_t have = 0;

	while (have < most) {
		ssize_t n = pread(fd, at + have, most - have, (off_t)have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return ATT_IO;
		if (n == 0)
			break;
		have += (size_t)n;
	}
	*len = have;
	return ATT_OK;
}

/* The whole of a regular file; it may change under us, never hang us. */
static enum att_err
read_whole(int fd, size_t max, char **bytes, size_t *len)
{
	ATT_AUTO_FREE char *buf = NULL;
	struct stat st;
	size_t have = 0;
	enum att_err e;

	if (fstat(fd, &st) != 0)
		return ATT_IO;
	if (!S_ISREG(st.st_mode))
		return ATT_FORMAT;
	if (st.st_size < 0 || (uint64_t)st.st_size > max)
		return ATT_LIMIT;
	buf = malloc((size_t)st.st_size + 1);
	if (buf == NULL)
		return ATT_NOMEM;
	e = answer_read(fd, buf, (size_t)st.st_size, &have);
	if (e != ATT_OK)
		return e;
	buf[have] = '\0';
	*bytes = att_take_ptr(buf);
	*len = have;
	return ATT_OK;
}

enum verb_status
answer_file(struct dialogue *d, const struct verb_call *call, const char *name,
    size_t max, char **bytes, size_t *len)
{
	int index = verb_file(call, name);
	enum att_err e;

	if (index < 0 || (size_t)index >= d->nfds)
		return answer_fail(
		    d, VERB_USAGE, "%s: the file did not come along", name);
	e = read_whole(d->fds[index], max, bytes, len);
	if (e == ATT_FORMAT)
		return answer_fail(
		    d, VERB_FAILED, "%s: not a regular file", name);
	if (e == ATT_LIMIT)
		return answer_fail(d, VERB_FAILED,
		    "%s: more than %zu KiB; make it smaller", name, max / 1024);
	if (e != ATT_OK)
		return answer_trouble(d, e, name);
	return VERB_DONE;
}

static enum att_err
record_look(struct dialogue *d, const char *event, const uint8_t *person)
{
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = dialogue_by(d);
	enum att_err e = store_begin(d->store, &tx);

	if (e == ATT_OK)
		e = store_audit(d->store, &by, event, person, "");
	if (e == ATT_OK)
		e = store_commit(&tx);
	return e;
}

enum verb_status
answer_looked(struct dialogue *d, const char *event, const uint8_t *person)
{
	enum att_err e = record_look(d, event, person);

	return e == ATT_OK ? VERB_DONE
			   : answer_trouble(d, e, "recording who looks");
}

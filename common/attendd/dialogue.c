#include "attendd/dialogue.h"

#include "attendd/log.h"
#include "attendd/paths.h"
#include "base/localdb.h"
#include "base/name.h"
#include "directory/format.h"

#include <libintl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_DOMAIN "attend"

const char *
dialogue_text(const char *msgid)
{
	return dgettext(TEXT_DOMAIN, msgid);
}

enum att_err
dialogue_store(struct dialogue *d)
{
	if (d->vault == NULL)
		d->store_err = vault_open(&d->vault, ATTENDD_SITE_KEY);
	if (d->vault != NULL && d->store == NULL)
		d->store_err = store_open(&d->store, ATTENDD_STORE, d->vault);
	return d->store_err;
}

const char *
dialogue_directory(const struct dialogue *d)
{
	return d->directory != NULL ? d->directory : DIRECTORY_PATH;
}

struct store_by
dialogue_by(const struct dialogue *d)
{
	struct store_by by = { .now = d->now };

	const struct store_id_range *ids = &d->config->ids;

	if (d->peer.uid == 0)
		(void)snprintf(by.actor, sizeof(by.actor), "root");
	else if (d->peer.uid >= ids->min && d->peer.uid <= ids->max)
		/* not the uid: it would lead from the pseudonym to its owner */
		(void)snprintf(by.actor, sizeof(by.actor), "self");
	else
		(void)snprintf(by.actor, sizeof(by.actor), "uid:%u",
		    (unsigned)d->peer.uid);
	return by;
}

void
dialogue_field(struct att_slice field, char *buf, size_t cap)
{
	size_t n = field.len < cap ? field.len : cap - 1;

	for (size_t i = 0; i < n; i++) {
		char c = (char)field.at[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr("._-:/@", c) != NULL;

		buf[i] = plain && c != '\0' ? c : '?';
	}
	buf[n] = '\0';
}

bool
dialogue_is_staff(const struct dialogue *d)
{
	return att_id_ok(d->peer.uid) &&
	    att_local_uid_find(d->peer.uid) == ATT_ABSENT;
}

static void
say(struct dialogue *d, const struct wire_msg *msg)
{
	if (d->io == ATT_OK)
		d->io = wire_send(&d->channel, msg, NULL, 0, WIRE_CHECK_MS);
}

void
dialogue_name(struct dialogue *d, const char *login)
{
	struct wire_msg msg = { .type = WIRE_NAME,
		.name = { att_slice_of(login) } };

	say(d, &msg);
}

void
dialogue_wait(struct dialogue *d, int ms)
{
	struct wire_msg msg = { .type = WIRE_WAIT,
		.wait = { .ms = (uint32_t)ms } };

	say(d, &msg);
}

static int
typing_ms(const struct dialogue *d)
{
	uint32_t asked = d->request->deadline_ms;

	return asked > 0 && asked < WIRE_TYPING_MS ? (int)asked
						   : WIRE_TYPING_MS;
}

/* Move the received answer into the dialogue's own secret. */
static enum att_err
keep_answer(struct dialogue *d, const struct wire_answer *a)
{
	if (a->state != WIRE_ANSWERED)
		return ATT_ABSENT;
	if (a->text.len >= d->answer.len ||
	    (a->text.len > 0 && memchr(a->text.at, 0, a->text.len) != NULL))
		return ATT_FORMAT;
	if (a->text.len > 0)
		memcpy(d->answer.at, a->text.at, a->text.len);
	d->answer.at[a->text.len] = '\0';
	return ATT_OK;
}

enum att_err
dialogue_recv(
    struct dialogue *d, struct wire_msg *msg, int *fds, size_t *nfds, int ms)
{
	enum att_err e;

	child_waits(d->waits);
	e = wire_recv(&d->channel, msg, fds, nfds, ms);
	return child_goes_on(d->waits) ? e : ATT_CLOSED;
}

enum att_err
dialogue_ask(struct dialogue *d, enum wire_ask_for wanted, bool echo,
    const char *prompt, struct att_slice *answer)
{
	struct wire_msg msg = { .type = WIRE_ASK,
		.ask = { .wanted = (uint8_t)wanted,
		    .echo = echo,
		    .prompt = att_slice_of(prompt) } };
	enum att_err e;

	explicit_bzero(d->answer.at, d->answer.len);
	say(d, &msg);
	if (d->io != ATT_OK)
		return d->io;
	d->io = dialogue_recv(d, &msg, NULL, NULL, typing_ms(d));
	if (d->io != ATT_OK)
		return d->io;
	if (msg.type != WIRE_ANSWER)
		return d->io = ATT_FORMAT;
	e = keep_answer(d, &msg.answer);
	if (e == ATT_OK)
		*answer =
		    (struct att_slice){ d->answer.at, msg.answer.text.len };
	explicit_bzero(d->channel.in, WIRE_FRAME_MAX);
	return e;
}

static void __attribute__((format(printf, 3, 0)))
show(struct dialogue *d, enum wire_type type, const char *fmt, va_list ap)
{
	char text[WIRE_TEXT_MAX];
	struct wire_msg msg = { .type = type };
	int n = vsnprintf(text, sizeof(text), fmt, ap);

	if (n <= 0 || (d->request->flags & WIRE_F_SILENT) != 0)
		return;
	msg.text.text = att_slice_of(text);
	say(d, &msg);
}

void
dialogue_inform(struct dialogue *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	show(d, WIRE_INFORM, fmt, ap);
	va_end(ap);
}

void
dialogue_warn(struct dialogue *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	show(d, WIRE_WARN, fmt, ap);
	va_end(ap);
}

static void
put(struct dialogue *d, uint8_t stream, const char *at, size_t len)
{
	const size_t piece = 32 * 1024;

	while (len > 0 && d->io == ATT_OK) {
		size_t n = len < piece ? len : piece;
		struct wire_msg msg = { .type = WIRE_OUTPUT,
			.output = { .stream = stream,
			    .bytes = { (const uint8_t *)at, n } } };

		say(d, &msg);
		at += n;
		len -= n;
	}
}

static void __attribute__((format(printf, 3, 0)))
put_text(struct dialogue *d, uint8_t stream, const char *fmt, va_list ap)
{
	char *text = NULL;
	int n = vasprintf(&text, fmt, ap);

	if (n < 0) {
		d->io = ATT_NOMEM;
		return;
	}
	put(d, stream, text, (size_t)n);
	free(text);
}

void
dialogue_out(struct dialogue *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_text(d, 1, fmt, ap);
	va_end(ap);
}

void
dialogue_err(struct dialogue *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_text(d, 2, fmt, ap);
	va_end(ap);
}

void
dialogue_write(struct dialogue *d, const void *at, size_t len)
{
	put(d, 1, at, len);
}

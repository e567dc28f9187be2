/*
 * An attendd that follows a script, one letter a frame: see module_stage.h.
 * What it hears and what the module says to the person is noted in memory
 * that all processes of a play share.
 */
#ifndef ATT_TESTS_MODULE_ATTENDD_H
#define ATT_TESTS_MODULE_ATTENDD_H

#include "wire/channel.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

struct seen {
	int code;
	char said[2048];
	char heard[2048];
	char left[2048]; /* PAM_USER; "" is none */
	unsigned delay_ms;
	int descriptors; /* that were left open */
	bool secret_left; /* the answer "most" lies about in memory */
	bool played;
};

__attribute__((format(printf, 2, 3))) static void
stage_note(char note[2048], const char *fmt, ...)
{
	size_t n = strlen(note);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(note + n, 2048 - n, fmt, ap);
	va_end(ap);
}

static const struct {
	char letter;
	struct wire_msg frame;
} stage_frames[] = {
#define STAGE_TEXT(s)                               \
	{                                           \
		(const uint8_t *)(s), sizeof(s) - 1 \
	}
#define STAGE_ASK(c, k, s)                                               \
	{                                                                \
		c,                                                       \
		{                                                        \
			.type = WIRE_ASK, .ask = { k, 0, STAGE_TEXT(s) } \
		}                                                        \
	}
#define STAGE_NAME(c, s)                                             \
	{                                                            \
		c,                                                   \
		{                                                    \
			.type = WIRE_NAME, .name = { STAGE_TEXT(s) } \
		}                                                    \
	}
#define STAGE_VERDICT(c, v)                                             \
	{                                                               \
		c,                                                      \
		{                                                       \
			.type = WIRE_VERDICT, .verdict = { v, 3000, 0 } \
		}                                                       \
	}
	STAGE_ASK('P', WIRE_FOR_PIN, "PIN: "),
	STAGE_ASK('N', WIRE_FOR_NEW_PIN, "New: "),
	STAGE_ASK('G', WIRE_FOR_NEW_PIN_AGAIN, "Again: "),
	STAGE_ASK('T', WIRE_FOR_TEXT, "Agree? "),
	STAGE_NAME('M', "e1001"),
	STAGE_NAME('Z', "e9999"),
	STAGE_NAME('V', "visitor"),
	STAGE_NAME('R', "root"),
	{ 'W', { .type = WIRE_WARN, .text = { STAGE_TEXT("no") } } },
	{ 'I', { .type = WIRE_INFORM, .text = { STAGE_TEXT("hi") } } },
	{ 'O', { .type = WIRE_OUTPUT, .output = { 1, STAGE_TEXT("o") } } },
	STAGE_VERDICT('a', VERDICT_ALLOW),
	STAGE_VERDICT('d', VERDICT_DENY),
	STAGE_VERDICT('k', VERDICT_UNKNOWN),
	STAGE_VERDICT('l', VERDICT_LOCKED),
	STAGE_VERDICT('c', VERDICT_NO_CONSENT),
	STAGE_VERDICT('e', VERDICT_EXPIRED),
	STAGE_VERDICT('n', VERDICT_NOT_NOW),
	STAGE_VERDICT('u', VERDICT_UNAVAILABLE),
	STAGE_VERDICT('r', VERDICT_REFUSED),
	STAGE_VERDICT('m', VERDICT_MUST_CHANGE),
	STAGE_VERDICT('b', VERDICT_BAD_PIN),
};

static const struct wire_msg *
stage_frame(char letter)
{
	for (size_t i = 0; i < sizeof(stage_frames) / sizeof(stage_frames[0]);
	     i++)
		if (stage_frames[i].letter == letter)
			return &stage_frames[i].frame;
	return NULL; /* x: leave */
}

static void
stage_hear(const struct wire_msg *m, struct seen *seen)
{
	if (m->type == WIRE_REQUEST)
		stage_note(seen->heard, "%u.%x:%.*s ", m->request.phase,
		    m->request.flags, (int)m->request.user.len,
		    (const char *)m->request.user.at);
	else if (m->answer.state == WIRE_NO_ANSWER)
		stage_note(seen->heard, "none ");
	else if (m->answer.text.len > 64)
		stage_note(seen->heard, "=%zu bytes ", m->answer.text.len);
	else
		stage_note(seen->heard, "=%.*s ", (int)m->answer.text.len,
		    (const char *)m->answer.text.at);
}

static void
stage_dialogue(int fd, const char *script, struct seen *seen)
{
	static uint8_t in[WIRE_FRAME_MAX], out[WIRE_FRAME_MAX];
	struct wire_channel c = { fd, in, out };
	struct wire_msg m;

	if (wire_recv(&c, &m, NULL, NULL, 1000) == ATT_OK)
		stage_hear(&m, seen);
	for (; *script != '\0' && *script != '|'; script++) {
		const struct wire_msg *say = stage_frame(*script);

		if (say == NULL || wire_send(&c, say, NULL, 0, 1000) != ATT_OK)
			return;
		if (say->type != WIRE_ASK)
			continue;
		if (script[1] == 'x') /* nobody waits for the answer */
			return;
		if (wire_recv(&c, &m, NULL, NULL, 1000) != ATT_OK)
			return;
		stage_hear(&m, seen);
	}
}

static _Noreturn void
stage_attendd(int listener, const char *script, struct seen *seen)
{
	for (;;) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		const char *next = strchr(script, '|');

		if (fd < 0)
			_exit(1);
		stage_dialogue(fd, script, seen);
		(void)close(fd);
		if (next != NULL)
			script = next + 1;
	}
}

static int
stage_listen(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(a.sun_path, WIRE_SOCKET, sizeof(WIRE_SOCKET));
	if (mkdir("/run/attend", 0755) != 0 ||
	    bind(fd, (const struct sockaddr *)&a, sizeof(a)) != 0 ||
	    listen(fd, 8) != 0)
		return -1;
	return fd;
}

#endif

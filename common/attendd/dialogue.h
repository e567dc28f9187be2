/*
 * One dialogue as the worker sees it: who asks, what, and the means to talk
 * back. Everything a phase or a verb needs is here and handed down; there are
 * no globals.
 */
#ifndef ATT_ATTENDD_DIALOGUE_H
#define ATT_ATTENDD_DIALOGUE_H

#include "attendd/children.h"
#include "attendd/config.h"
#include "base/msgid.h"
#include "store/store.h"
#include "vault/secret.h"
#include "wire/channel.h"

struct dialogue {
	struct wire_channel channel; /* buffers in secret memory */
	struct wire_peer peer;
	const struct wire_request *request; /* strings borrowed for the call */
	int fds[WIRE_FDS_MAX]; /* owned by the dialogue */
	size_t nfds;
	const struct config *config;
	bool config_bad; /* the file was refused: decide nothing */
	struct store *store; /* NULL when it could not be opened */
	struct vault *vault; /* NULL when there is no site key */
	enum att_err store_err; /* why store or vault is NULL */
	const char *directory; /* where to publish; NULL: DIRECTORY_PATH */
	struct att_now now; /* taken once when the request arrived */
	char locale[16]; /* "en", "zh_CN": what the person reads */
	struct att_secret answer; /* the last answer and its NUL */
	enum att_err io; /* sticky: the client went away or was silent */
	child_wait *waits; /* where the broker sees us wait, or NULL */
	int librarian; /* the way to it, borrowed; 0 or less: none */
	int sensor; /* connection to attend-sensor, owned; 0: none yet */
};

/*
 * Open vault and store where that has not happened or has failed before (a
 * store that `init` has made since). d->store_err says how it went.
 */
enum att_err dialogue_store(struct dialogue *d) ATT_CHECKED;

/* Where the directory is published. */
const char *dialogue_directory(const struct dialogue *d);

/* Who does it, for store functions: actor "root", "self" or "uid:N". */
struct store_by dialogue_by(const struct dialogue *d);

/*
 * Whether the peer's uid can be one of ours at all: a local account that has
 * it is not the person, whoever gave it away.
 */
bool dialogue_is_staff(const struct dialogue *d);

/* A field of the request as a C string, cut and cleaned for logs and store. */
void dialogue_field(struct att_slice field, char *buf, size_t cap);

/*
 * The client's next frame, as wire_recv. The broker may end us meanwhile: no
 * turn and no transaction is held here. ATT_CLOSED when it did.
 */
enum att_err dialogue_recv(struct dialogue *d, struct wire_msg *msg, int *fds,
    size_t *nfds, int ms) ATT_CHECKED;

/*
 * Ask; the answer lands in secret memory: answer->len bytes and a NUL behind
 * them, borrowed until the next ask, wiped then. ATT_ABSENT: nobody can be
 * asked. ATT_TIMEOUT, ATT_CLOSED, ATT_FORMAT (an answer with NUL or too long).
 * prompt is already translated.
 */
enum att_err dialogue_ask(struct dialogue *d, enum wire_ask_for wanted,
    bool echo, const char *prompt, struct att_slice *answer) ATT_CHECKED;

/* Tell a client that asked who it is. */
void dialogue_name(struct dialogue *d, const char *login);

/* The next frame may take ms, at most WIRE_WAIT_MS. */
void dialogue_wait(struct dialogue *d, int ms);

/* A text for the person; dropped when the client asked for silence. */
void dialogue_inform(struct dialogue *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void dialogue_warn(struct dialogue *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Bytes for a command's output; long text is cut into frames. */
void dialogue_out(struct dialogue *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void dialogue_err(struct dialogue *d, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void dialogue_write(struct dialogue *d, const void *at, size_t len);

/*
 * Translate a msgid of domain "attend" into d->locale; never NULL. N_() only
 * marks one.
 */
#define _(text) dialogue_text(text)
const char *dialogue_text(const char *msgid) __attribute__((format_arg(1)));

#endif

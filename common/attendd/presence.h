/*
 * Whether the person of a dialogue stands at this machine. A reader is opened
 * for nobody else: somebody far away could use the finger of whoever happens
 * to touch it.
 */
#ifndef ATT_ATTENDD_PRESENCE_H
#define ATT_ATTENDD_PRESENCE_H

#include "attendd/dialogue.h"

/*
 * Root's callers are believed: the terminal has to be one of this machine's
 * own (a console, or a display of its own that begins with a colon), and there
 * may be no remote host. sudo and su on a pseudo-terminal, which may be ssh's,
 * are taken to be away. Anybody else could claim what he likes, so his process
 * has to belong to a session that logind has at a seat and that is not remote;
 * without logind he is taken to be away.
 */
bool presence_at_kiosk(const struct dialogue *d);

/* The first half, pure: a terminal as PAM_TTY names it. */
bool presence_tty_is_local(const char *tty);

/*
 * The second, pure: the text of a session file of logind's, len bytes. It
 * must say SEAT= something, REMOTE=0 and UID=uid.
 */
bool presence_session_is_local(const char *text, size_t len, unsigned uid);

#endif

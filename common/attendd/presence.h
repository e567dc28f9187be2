/*
 * Whether the person of a dialogue stands at this machine. A reader is opened
 * for nobody else: somebody far away could use the finger of whoever happens
 * to touch it.
 */
#ifndef ATT_ATTENDD_PRESENCE_H
#define ATT_ATTENDD_PRESENCE_H

#include "attendd/dialogue.h"

/*
 * No remote host may be named, and one of these has to hold:
 *
 *  - The caller's process belongs to a session that logind has at a seat and
 *    that is not remote, and that the seat shows now: one that was logged out
 *    of stays while anything runs in it, and what runs there may be a terminal
 *    that somebody far away has taken over. For a caller other than root, who
 *    could claim anything else, it has to be his own session, and nothing else
 *    counts.
 *  - The terminal is one of this machine's own: a console, or a display that
 *    begins with a colon. A pseudo-terminal is not, it may be ssh's.
 */
bool presence_at_kiosk(const struct dialogue *d);

/* A terminal as PAM_TTY names it; pure. */
bool presence_tty_is_local(const char *tty);

/*
 * The text of a session file of logind's, len bytes, has SEAT= something,
 * REMOTE=0, STATE=active and, unless uid is NULL, UID= that one; pure.
 */
bool
presence_session_is_local(const char *text, size_t len, const unsigned *uid);

#endif

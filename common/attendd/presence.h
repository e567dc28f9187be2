/*
 * Whether the person of a dialogue stands at this machine. A reader is opened
 * for nobody else: somebody far away could use the finger of whoever happens
 * to touch it.
 */
#ifndef ATT_ATTENDD_PRESENCE_H
#define ATT_ATTENDD_PRESENCE_H

#include "attendd/dialogue.h"

/*
 * No remote host may be named, and the caller's process decides, by the
 * session that it belongs to:
 *
 *  - One that logind has at a seat and that is not remote, and that the seat
 *    shows now: here. One that was logged out of stays while anything runs in
 *    it, and what runs there may be a terminal that somebody far away has
 *    taken over. For a caller other than root, who could claim anything else,
 *    it has to be his own session, and nothing else counts.
 *  - None, as login at a console and a greeter, which open one when they have
 *    their answer: here, if the terminal is one of this machine's own, a
 *    console, or a display that begins with a colon. A pseudo-terminal is not,
 *    it may be ssh's.
 *  - One at no seat that is not remote: logind has no seat for a serial line,
 *    so it is here if the terminal is the session's own and such a line.
 *    Another would be the caller's choice.
 *  - Any other, and one of which nothing is known: not here, whatever terminal
 *    is named. su takes for it what it finds at its standard input, which may
 *    be a console that somebody far away could open.
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

/*
 * Such a text has no SEAT=, but REMOTE=0, STATE=active and as TTY= the terminal
 * named, which is one of this machine's; pure.
 */
bool presence_session_has_line(const char *text, size_t len, const char *tty);

#endif

/*
 * Asking whoever sits at the terminal, or whatever feeds standard input. The
 * answer is not copied anywhere but into the caller's buffer.
 */
#ifndef ATT_ATTENDCTL_TERMINAL_H
#define ATT_ATTENDCTL_TERMINAL_H

#include "wire/wire.h"

/*
 * Ask and read one line, without its newline, into buf (WIRE_ANSWER_MAX
 * bytes), its length to *len. When standard input is a terminal the question
 * goes to the controlling terminal and the answer is shown only if the
 * question says so; the terminal is as it was before on every path, signals
 * included, which then take their usual effect. Otherwise nothing is shown
 * and the next line of standard input is the answer.
 *
 * ATT_ABSENT: end of input. ATT_LIMIT: a longer line. ATT_TIMEOUT: nobody
 * answered within WIRE_TYPING_MS. ATT_IO. buf is wiped on any of them.
 */
enum att_err
terminal_ask(const struct wire_ask *ask, char *buf, size_t *len) ATT_CHECKED;

/* Write everything to fd. ATT_IO. */
enum att_err terminal_write(int fd, const void *at, size_t len) ATT_CHECKED;

#endif

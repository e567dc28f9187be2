/*
 * The client's half of a dialogue, the same for the PAM module and attendctl:
 * send the request, pass each question and message to the user, send back the
 * answers, come back with the verdict.
 */
#ifndef ATT_WIRE_RELAY_H
#define ATT_WIRE_RELAY_H

#include "wire/channel.h"

#define RELAY_ASKS_MAX	32 /* questions in one dialogue */
#define RELAY_TEXTS_MAX 512 /* messages in one dialogue */
/* Announced waits in one dialogue. The most are an enrolment's: ten captures,
 * and the command's own; twice that, for there is no harm in patience. */
#define RELAY_WAITS_MAX 24

/*
 * What the host program does with each message. ctx is passed through.
 * ask: put at most WIRE_ANSWER_MAX bytes into buf and their number into *len,
 *   ATT_OK; ATT_ABSENT when nobody can be asked (NO_ANSWER is sent);
 *   any other error ends the dialogue with it (the connection is closed, no
 *   answer is sent, and attendd counts no attempt).
 * name: who attendd says it is; any error ends the dialogue with it. Left NULL
 *   by a client that did not ask, whom it then ends the dialogue.
 * text and output: cannot fail; what cannot be shown is dropped. A client that
 *   has no output leaves it NULL, and output then ends the dialogue.
 */
struct relay_ops {
	enum att_err (*ask)(
	    void *ctx, const struct wire_ask *ask, char *buf, size_t *len);
	enum att_err (*name)(void *ctx, struct att_slice login);
	void (*text)(void *ctx, bool warn, struct att_slice text);
	void (*output)(void *ctx, uint8_t stream, struct att_slice bytes);
	void *ctx;
};

/*
 * Run one dialogue over fd (borrowed). fds go with the request. Waits for
 * attendd's first frame at most WIRE_CHECK_MS, whoever is alive answers by
 * then, and at most wait_ms at each later step (the time that ask takes does
 * not count; messages to the person do not lengthen the wait, a WAIT does).
 * All buffers that held answers are wiped on every path.
 *
 * ATT_LIMIT for more questions, messages or waits than any dialogue has,
 * ATT_FORMAT for what is not attendd's to send, otherwise as wire_send and
 * wire_recv.
 *
 * ATT_OK: *out is attendd's verdict, to be compared with == only. Any other
 * result: there is no verdict and *out is zero, which means no.
 */
enum att_err relay_run(int fd, const struct wire_request *request,
    const int *fds, size_t nfds, int wait_ms, const struct relay_ops *ops,
    struct wire_verdict *out) ATT_CHECKED;

#endif

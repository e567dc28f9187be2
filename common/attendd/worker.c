#include "attendd/worker.h"

#include "admin/report.h"
#include "attendd/dialogue.h"
#include "attendd/log.h"
#include "attendd/phases.h"
#include "attendd/reader.h"
#include "attendd/sandbox.h"
#include "base/owner.h"
#include "wire/packet.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define WALL_SECONDS 900 /* the longest dialogue or command */
#define REST_PART    4 /* of a failure's delay, after a success */

struct worker {
	struct dialogue d;
	struct att_secret in, out;
	struct wire_request request;
	uint8_t *request_bytes; /* a copy: the channel's buffer is used again */
};

enum att_err
worker_give(int control, int conn)
{
	return packet_send(control, "c", 1, &conn, 1, 0);
}

/* The spare's wait; -1 when the broker is gone. */
static int
take_connection(int control)
{
	int fds[PACKET_FDS_MAX];
	size_t n = 0, len;
	char byte;

	if (packet_recv(control, &byte, 1, &len, fds, &n, INT_MAX) != ATT_OK ||
	    n == 0)
		return -1;
	while (n > 1)
		att_close(&fds[--n]); /* one is given */
	return fds[0];
}

void
worker_inherit(void)
{
	/* C.UTF-8 is always there; LANGUAGE will pick the catalogue */
	(void)setlocale(LC_ALL, "C.UTF-8");
	(void)bindtextdomain("attend", ATT_LOCALEDIR);
}

/* Everything that can be done before anybody is there. */
static enum att_err
prepare(struct worker *w, const struct worker_start *start)
{
	struct dialogue *d = &w->d;
	enum att_err e = sandbox_worker(start->librarian < 0);

	if (e == ATT_OK)
		e = att_secret_new(&w->in, WIRE_FRAME_MAX);
	if (e == ATT_OK)
		e = att_secret_new(&w->out, WIRE_FRAME_MAX);
	if (e == ATT_OK)
		e = att_secret_new(&d->answer, WIRE_ANSWER_MAX + 1);
	if (e != ATT_OK)
		return e;
	d->config = start->config;
	d->config_bad = start->config_bad;
	d->waits = start->waits;
	d->librarian = start->librarian;
	d->sensor = start->sensor > 0 ? start->sensor : 0;
	d->channel.in = w->in.at;
	d->channel.out = w->out.at;
	if (d->config->timezone[0] != '\0')
		(void)setenv("TZ", d->config->timezone, 1);
	tzset();
	d->store_err = dialogue_store(d); /* whoever needs it tries again */
	if (d->store != NULL && start->control >= 0)
		store_expect_login(d->store);
	return ATT_OK;
}

/* "zh_CN.UTF-8", "zh" -> "zh_CN"; everything else reads English. */
static void
choose_locale(struct dialogue *d)
{
	const char *fixed = d->config->language;
	struct att_slice asked = d->request->locale;
	bool zh = asked.len >= 2 && memcmp(asked.at, "zh", 2) == 0;

	if (strcmp(fixed, "auto") != 0)
		zh = strncmp(fixed, "zh", 2) == 0;
	memcpy(d->locale, zh ? "zh_CN" : "en", zh ? 6 : 3);
	(void)setenv("LANGUAGE", d->locale, 1);
}

static enum att_err
receive_request(struct worker *w)
{
	struct dialogue *d = &w->d;
	struct wire_msg msg;
	size_t len;
	enum att_err e =
	    dialogue_recv(d, &msg, d->fds, &d->nfds, WIRE_CHECK_MS);

	if (e != ATT_OK)
		return e;
	if (msg.type != WIRE_REQUEST)
		return ATT_FORMAT;
	w->request_bytes = malloc(WIRE_FRAME_MAX);
	if (w->request_bytes == NULL)
		return ATT_NOMEM;
	/* encode again into our own copy, so that slices outlive the frame */
	e = wire_encode(&msg, w->request_bytes, WIRE_FRAME_MAX, &len);
	if (e == ATT_OK)
		e = wire_decode(w->request_bytes, len, &msg);
	if (e != ATT_OK)
		return e;
	w->request = msg.request;
	d->request = &w->request;
	return att_now_read(&d->now);
}

/* The end of the chain as this dialogue left it: out of the store's reach, so
 * that a tail that is cut off shows. */
static void
log_head(const struct dialogue *d)
{
	char hex[2 * VAULT_HASH_LEN + 1];
	uint8_t hash[VAULT_HASH_LEN];
	uint64_t seq;

	if (d->store == NULL ||
	    store_audit_mine(d->store, &seq, hash) != ATT_OK)
		return;
	hex_format(hash, sizeof(hash), hex);
	log_line(LOG_INFO, "audit head=%llu:%s", (unsigned long long)seq, hex);
}

/* Whether it ended with a yes. */
static bool
serve(struct worker *w)
{
	struct dialogue *d = &w->d;
	struct wire_msg msg = { .type = WIRE_VERDICT };
	enum att_err e = wire_peer_read(d->channel.fd, &d->peer);

	/* from here: a spare's wait for somebody is none of his time */
	(void)alarm(WALL_SECONDS);
	if (e == ATT_OK)
		e = receive_request(w);
	if (e != ATT_OK) {
		if (e != ATT_CLOSED)
			log_line(LOG_WARNING, "request refused peer=%u why=%s",
			    (unsigned)d->peer.uid, att_err_text(e));
		return false;
	}
	choose_locale(d);
	phases_run(d, &msg.verdict);
	if (d->io == ATT_OK)
		d->io = wire_send(&d->channel, &msg, NULL, 0, WIRE_CHECK_MS);
	log_head(d);
	return msg.verdict.verdict == VERDICT_ALLOW;
}

/*
 * An ordinary user's place stays taken for a moment after his dialogue: he
 * has few, so what he can write into the log and the audit chain is bounded.
 */
static void
rest(const struct dialogue *d, bool refused)
{
	uint32_t delay = d->config->fail_delay_ms;
	uint32_t ms = refused ? delay : delay / REST_PART;
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	if (d->peer.uid == 0)
		return;
	child_rests(d->waits);
	(void)nanosleep(&t, NULL);
}

_Noreturn void
worker_run(const struct worker_start *start)
{
	struct worker w = { .d = { .channel = { .fd = start->conn } } };
	enum att_err e = prepare(&w, start);
	bool allowed = false;

	if (e != ATT_OK) {
		log_line(
		    LOG_ERR, "worker cannot start why=%s", att_err_text(e));
		_exit(1);
	}
	if (start->control >= 0)
		w.d.channel.fd = take_connection(start->control);
	if (w.d.channel.fd >= 0)
		allowed = serve(&w);
	for (size_t i = 0; i < w.d.nfds; i++)
		att_close(&w.d.fds[i]);
	reader_close(&w.d);
	store_close(w.d.store);
	vault_close(w.d.vault);
	att_secret_free(&w.d.answer);
	att_secret_free(&w.in);
	att_secret_free(&w.out);
	free(w.request_bytes);
	att_close(&w.d.channel.fd);
	rest(&w.d, !allowed);
	_exit(0);
}

/*
 * Fingers as files of ISO/IEC 19794-2: for the person to whom they belong, and
 * to move house. What comes in from a file is no better than its samples: it
 * needs as many that are alike as an enrolment, without exception. Who has
 * fewer puts the finger on the reader.
 */
#include "admin/alike.h"
#include "admin/enrol.h"
#include "admin/held.h"
#include "admin/nouns.h"
#include "admin/report.h"
#include "bio/iso.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX      65536 /* bytes; 32 views with what else may be in them */
#define IMPORT_DRIVER "iso" /* what stands in place of the reader's */

static enum att_err
write_all(int fd, const uint8_t *at, size_t len)
{
	size_t done = 0;

	while (done < len) {
		ssize_t n = pwrite(fd, at + done, len - done, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ATT_IO;
		done += (size_t)n;
	}
	return ATT_OK;
}

static int
file_of(const struct dialogue *d, const struct verb_call *call)
{
	int i = verb_file(call, "FILE");
	struct stat st;

	if (i < 0 || (size_t)i >= d->nfds || fstat(d->fds[i], &st) != 0)
		return -1;
	return S_ISREG(st.st_mode) ? d->fds[i] : -1;
}

/* Wiped with its secret. */
struct leaving {
	struct bio_template t;
	uint8_t bytes[BIO_ISO_MAX];
};

static enum att_err
put_finger(struct dialogue *d, const struct store_employee *e, uint8_t finger,
    int fd, struct store_finger *f)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct leaving *l;
	size_t len = 0;
	enum att_err err = att_secret_new(&room, sizeof(*l));

	if (err != ATT_OK)
		return err;
	l = (struct leaving *)room.at;
	err = finger_open(d->store, e->id, finger, f, &l->t);
	if (err == ATT_OK)
		err = bio_iso_write(&l->t, l->bytes, sizeof(l->bytes), &len);
	return err == ATT_OK ? write_all(fd, l->bytes, len) : err;
}

static enum verb_status
export_to(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e)
{
	int fd = file_of(d, call);
	struct store_finger f;
	uint8_t finger = 0;
	enum verb_status status = enrol_finger(d, call, &finger);
	enum att_err err;

	if (status == VERB_DONE && fd < 0)
		status = answer_fail(d, VERB_USAGE, "%s",
		    _("FILE: the file did not come along"));
	if (status == VERB_DONE)
		status = answer_looked(d, "finger-export", e->id);
	if (status != VERB_DONE)
		return status;
	err = put_finger(d, e, finger, fd, &f);
	if (err == ATT_ABSENT)
		return answer_fail(d, VERB_ABSENT,
		    _("%s: the %s is not enrolled"), e->number,
		    _(finger_text(finger)));
	if (err != ATT_OK)
		return answer_trouble(d, err, "writing the finger");
	dialogue_out(d,
	    _("%s: %s written, %u samples, as ISO/IEC 19794-2. It is not "
	      "encrypted: whoever has the file has the finger."),
	    e->number, _(finger_text(finger)), f.samples);
	dialogue_out(d, "\n");
	return VERB_DONE;
}

enum verb_status
finger_export(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	enum verb_status status = answer_employee(d, call, &e);

	if (status == VERB_DONE)
		status = enrol_permitted(d, &e);
	return status == VERB_DONE ? export_to(d, call, &e) : status;
}

/* Her own are hers, whether or not anybody may use them any more. */
enum verb_status
me_finger(struct dialogue *d, const struct verb_call *call)
{
	bool file = verb_positional(call, "FILE") != NULL;
	struct store_employee e;
	struct report r;
	enum verb_status status = answer_self(d, &e);
	enum att_err err;

	if (status != VERB_DONE)
		return status;
	if (file != (verb_option(call, "finger") != NULL))
		return answer_fail(d, VERB_USAGE, "%s",
		    _("for your own copy of a finger give both FILE and "
		      "--finger F"));
	if (file)
		return export_to(d, call, &e);
	report_open(&r, d, call);
	err = held_report_fingers(&r, &e, NULL);
	if (err != ATT_OK)
		return answer_trouble(d, err, "listing fingers");
	return report_close(&r);
}

/* Wiped with its secret. */
struct coming {
	uint8_t bytes[FILE_MAX];
	struct bio_iso iso;
	struct alike alike;
	struct bio_template t;
};

/* ATT_LIMIT: longer than any record. */
static enum att_err
read_all(int fd, uint8_t *at, size_t cap, size_t *len)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return ATT_IO;
	if (st.st_size < 0 || (uint64_t)st.st_size > cap)
		return ATT_LIMIT;
	return answer_read(fd, at, (size_t)st.st_size, len);
}

static enum verb_status
read_record(struct dialogue *d, const struct verb_call *call, struct coming *c)
{
	int fd = file_of(d, call);
	size_t len = 0;
	enum att_err e = ATT_OK;

	if (fd < 0)
		return answer_fail(
		    d, VERB_USAGE, "FILE: the file did not come along");
	e = read_all(fd, c->bytes, sizeof(c->bytes), &len);
	if (e == ATT_OK)
		e = bio_iso_read(c->bytes, len, &c->iso);
	if (e == ATT_FORMAT)
		return answer_fail(d, VERB_FAILED,
		    "FILE is not a finger minutiae record of ISO/IEC "
		    "19794-2:2005 (it begins with FMR)");
	if (e == ATT_LIMIT)
		return answer_fail(d, VERB_FAILED,
		    "FILE has more views than the %d that are read; export "
		    "one finger alone",
		    BIO_ISO_VIEWS_MAX);
	return e == ATT_OK ? VERB_DONE : answer_trouble(d, e, "reading FILE");
}

static unsigned
views_of(const struct bio_iso *iso, uint8_t finger)
{
	unsigned n = 0;

	for (uint8_t i = 0; i < iso->n; i++)
		n += iso->view[i].finger == finger;
	return n;
}

/* A record that says of no view which finger it is, is of the one named. */
static enum verb_status
choose(struct dialogue *d, const struct coming *c, uint8_t finger, uint8_t *of)
{
	*of = finger;
	if (views_of(&c->iso, finger) > 0)
		return VERB_DONE;
	*of = BIO_FINGER_UNKNOWN;
	if (c->iso.n > 0 && views_of(&c->iso, *of) == c->iso.n)
		return VERB_DONE;
	return answer_fail(d, VERB_FAILED,
	    "FILE has no view of the %s; the first is of the %s",
	    _(finger_text(finger)),
	    c->iso.n > 0 && c->iso.view[0].finger != 0
		? _(finger_text(c->iso.view[0].finger))
		: "finger that it does not name");
}

/* Views of one resolution that are alike; the others are dropped. */
static enum verb_status
take_views(struct dialogue *d, struct coming *c, uint8_t finger, uint8_t of)
{
	struct bio_search *search = NULL;
	const unsigned all = views_of(&c->iso, of);
	enum att_err e = bio_search_new(&search);

	for (uint8_t i = 0; e == ATT_OK && i < c->iso.n; i++) {
		if (c->iso.view[i].finger != of)
			continue;
		e = alike_add(&c->alike, &c->iso.view[i].sample, search);
		if (e == ATT_LIMIT)
			e = ATT_OK; /* too little of it, or one too many */
	}
	bio_search_free(search);
	if (e != ATT_OK)
		return answer_trouble(d, e, "comparing the views");
	if (c->alike.group < ENROL_SAMPLES_LEAST)
		return answer_fail(d, VERB_FAILED,
		    "FILE has %u views of the %s, of which %u are alike; it "
		    "takes %d: enrol the finger at a reader instead",
		    all, _(finger_text(finger)), c->alike.group,
		    ENROL_SAMPLES_LEAST);
	c->t.finger = finger;
	memcpy(c->t.driver, IMPORT_DRIVER, sizeof(IMPORT_DRIVER));
	alike_take(&c->alike, &c->t);
	return VERB_DONE;
}

static enum verb_status
import(struct dialogue *d, const struct verb_call *call,
    const struct store_employee *e, uint8_t finger)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct coming *c;
	struct store_finger f;
	uint8_t of = 0;
	enum verb_status status;
	enum att_err err = att_secret_new(&room, sizeof(*c));

	if (err != ATT_OK)
		return answer_detail(d, err, "making room for samples", "");
	memset(room.at, 0, room.len);
	c = (struct coming *)room.at;
	status = read_record(d, call, c);
	if (status == VERB_DONE)
		status = choose(d, c, finger, &of);
	if (status == VERB_DONE)
		status = take_views(d, c, finger, of);
	if (status == VERB_DONE)
		status = enrol_keep(d, e, &c->t, &f);
	if (status == VERB_DONE)
		dialogue_out(d,
		    "%s: %s enrolled from FILE, %u of its %u "
		    "views\n",
		    e->number, _(finger_text(finger)), f.samples,
		    views_of(&c->iso, of));
	return status;
}

enum verb_status
finger_import(struct dialogue *d, const struct verb_call *call)
{
	struct store_employee e;
	uint8_t finger = 0;
	enum verb_status status = enrol_begin(d, call, &e, &finger);

	return status == VERB_DONE ? import(d, call, &e, finger) : status;
}

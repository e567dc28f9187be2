#include "attendd/gallery.h"

#include "attendd/finger.h"
#include "attendd/librarian.h"
#include "attendd/log.h"
#include "bio/gallery.h"

#include <stdlib.h>
#include <string.h>

/* Wiped prints keep their place: so many, and it is all made anew. */
#define WASTE_MIN 1000

/* One row of the store that the gallery follows. */
struct row {
	uint8_t person[VAULT_ID_LEN];
	uint8_t finger;
	int64_t version, enrolled_utc;
	uint64_t number; /* of the person in bio, 0: none yet */
};

struct rows {
	struct row *at; /* in the order of person and finger */
	size_t n, room;
	bool failed; /* no memory for one more */
};

struct gallery {
	struct bio_gallery *bio;
	struct rows rows;
	uint64_t numbers; /* given to people so far */
	size_t waste; /* fingers wiped since it was begun */
};

/* What a search works in; wiped with its secret. */
struct probing {
	struct bio_print print;
	struct bio_probe probe;
};

/* Room for the prints of a finger that is entered. */
struct entering {
	struct bio_print print[BIO_SAMPLES_MAX];
};

enum att_err
gallery_new(struct gallery **out)
{
	struct gallery *g = calloc(1, sizeof(*g));
	enum att_err e = g == NULL ? ATT_NOMEM : bio_gallery_new(&g->bio);

	if (e == ATT_OK)
		*out = g;
	else
		free(g);
	return e;
}

void
gallery_free(struct gallery *g)
{
	if (g == NULL)
		return;
	bio_gallery_free(g->bio);
	free(g->rows.at);
	free(g);
}

/* Begin again with nothing. */
static enum att_err
empty(struct gallery *g)
{
	struct bio_gallery *fresh = NULL;
	enum att_err e;

	bio_gallery_free(g->bio);
	g->bio = NULL;
	g->rows.n = 0;
	g->waste = 0;
	e = bio_gallery_new(&fresh);
	if (e == ATT_OK)
		g->bio = fresh;
	return e;
}

static bool
note_row(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const struct store_finger *f)
{
	struct rows *r = ctx;

	if (f->algorithm != FINGER_ALGORITHM)
		return true;
	if (r->n == r->room) {
		size_t more = r->room == 0 ? 256 : r->room * 2;
		struct row *moved = reallocarray(r->at, more, sizeof(r->at[0]));

		r->failed = moved == NULL;
		if (r->failed)
			return false;
		r->at = moved;
		r->room = more;
	}
	r->at[r->n] = (struct row){ .finger = f->finger,
		.version = f->version,
		.enrolled_utc = f->enrolled_utc };
	memcpy(r->at[r->n++].person, person, VAULT_ID_LEN);
	return true;
}

/* How many rows from `from` on are one person's; 0 at the end. */
static size_t
person_rows(const struct rows *r, size_t from)
{
	size_t n = 0;

	while (from + n < r->n &&
	    memcmp(r->at[from].person, r->at[from + n].person, VAULT_ID_LEN) ==
		0)
		n++;
	return n;
}

static bool
same_fingers(const struct row *a, const struct row *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i].finger != b[i].finger ||
		    a[i].version != b[i].version ||
		    a[i].enrolled_utc != b[i].enrolled_utc)
			return false;
	return true;
}

static void
leave(struct gallery *g, const struct row *r, size_t n)
{
	/* else none of them opened */
	if (bio_gallery_remove(g->bio, r->number) == ATT_OK)
		g->waste += n;
}

/* A person's fingers; what was destroyed meanwhile is gone at the next look. */
static enum att_err
enter(struct gallery *g, struct store *s, struct row *r, size_t n,
    struct entering *room)
{
	const uint64_t number = ++g->numbers;

	for (size_t i = 0; i < n; i++) {
		size_t prints = 0;
		enum att_err e = finger_prints(
		    s, r[i].person, r[i].finger, room->print, &prints);

		r[i].number = number;
		if (e == ATT_OK)
			e = bio_gallery_add(
			    g->bio, number, r[i].finger, room->print, prints);
		if (e == ATT_CORRUPT)
			log_line(LOG_ERR,
			    "a finger does not open and is not searched "
			    "detail=%s; see attendctl doctor",
			    store_trouble(s));
		else if (e != ATT_OK && e != ATT_ABSENT)
			return e;
	}
	return ATT_OK;
}

/* From what g has to next, both in order; g's rows are next's afterwards. */
static enum att_err
merge(struct gallery *g, struct store *s, struct rows *next,
    struct entering *room)
{
	size_t old = 0, at = 0;
	enum att_err e = ATT_OK;

	while (e == ATT_OK && (old < g->rows.n || at < next->n)) {
		struct row *was = g->rows.at + old, *is = next->at + at;
		size_t left = person_rows(&g->rows, old);
		size_t come = person_rows(next, at);
		int order = left == 0 ? 1
		    : come == 0	      ? -1
				: memcmp(was->person, is->person, VAULT_ID_LEN);
		bool same =
		    order == 0 && left == come && same_fingers(was, is, come);

		for (size_t i = 0; same && i < come; i++)
			is[i].number = was->number;
		if (order <= 0 && !same)
			leave(g, was, left);
		if (order >= 0 && !same)
			e = enter(g, s, is, come, room);
		old += order <= 0 ? left : 0;
		at += order >= 0 ? come : 0;
	}
	return e;
}

static enum att_err
follow(
    struct gallery *g, struct store *s, int64_t now_utc, struct att_date today)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct rows next = { 0 }, was;
	enum att_err e = att_secret_new(&room, sizeof(struct entering));

	if (e == ATT_OK &&
	    (g->bio == NULL ||
		g->waste > WASTE_MIN + bio_gallery_fingers(g->bio)))
		e = empty(g);
	if (e == ATT_OK)
		e = store_finger_searchable(s, now_utc, today, note_row, &next);
	if (e == ATT_OK && next.failed)
		e = ATT_NOMEM;
	if (e == ATT_OK)
		e = merge(g, s, &next, (struct entering *)room.at);
	was = g->rows;
	g->rows = next;
	free(was.at);
	return e;
}

enum att_err
gallery_follow(
    struct gallery *g, struct store *s, int64_t now_utc, struct att_date today)
{
	enum att_err e = follow(g, s, now_utc, today);

	if (e != ATT_OK)
		(void)empty(g); /* tried again before it is used */
	return e;
}

/* The row of a person, by either of his names; NULL: not there. */
static const struct row *
row_of(const struct gallery *g, const uint8_t *person, uint64_t number)
{
	for (size_t i = 0; i < g->rows.n; i++) {
		const struct row *r = &g->rows.at[i];

		if (person != NULL
			? memcmp(r->person, person, VAULT_ID_LEN) == 0
			: r->number == number)
			return r;
	}
	return NULL;
}

static enum att_err
search(struct gallery *g, struct probing *p, const uint8_t *except,
    struct gallery_found *out)
{
	const struct row *r = except != NULL ? row_of(g, except, 0) : NULL;
	struct bio_found best, second;
	struct bio_search *s = NULL;
	enum att_err e = bio_search_new(&s);

	if (e != ATT_OK)
		return e;
	bio_search_except(s, r != NULL ? r->number : 0);
	bio_gallery_search(
	    g->bio, bio_kernel_best(), &p->probe, s, &best, &second);
	bio_search_free(s);
	*out = (struct gallery_found){ .finger = best.finger,
		.score = best.score,
		.second = second.score,
		.fingers = (uint32_t)bio_gallery_fingers(g->bio) };
	r = row_of(g, NULL, best.person);
	if (best.score > 0 && r != NULL)
		memcpy(out->person, r->person, VAULT_ID_LEN);
	else
		out->score = 0;
	return ATT_OK;
}

enum att_err
gallery_find(struct gallery *g, const struct bio_sample *sample,
    const uint8_t *except, struct gallery_found *out)
{
	ATT_AUTO_SECRET struct att_secret room = { 0 };
	struct probing *p;
	enum att_err e = g->bio == NULL
	    ? ATT_NOMEM
	    : att_secret_new(&room, sizeof(struct probing));

	if (e != ATT_OK)
		return e;
	p = (struct probing *)room.at;
	e = bio_print_make(sample, &p->print);
	if (e != ATT_OK)
		return e;
	bio_probe_of(&p->print, &p->probe);
	return search(g, p, except, out);
}

/* Nobody keeps one. */
static enum att_err
search_alone(struct dialogue *d, const struct att_now *now,
    const struct bio_sample *sample, const uint8_t *except,
    struct gallery_found *out)
{
	struct gallery *g = NULL;
	enum att_err e = gallery_new(&g);

	if (e == ATT_OK)
		e = gallery_follow(
		    g, d->store, now->utc, att_date_at(now->utc));
	if (e == ATT_OK)
		e = gallery_find(g, sample, except, out);
	gallery_free(g);
	return e;
}

enum att_err
gallery_search(struct dialogue *d, const struct bio_sample *sample,
    const uint8_t *except, struct gallery_found *out)
{
	struct att_now now; /* the dialogue may have begun long ago */
	enum att_err e = att_now_read(&now);

	if (e != ATT_OK)
		return e;
	dialogue_wait(d, WIRE_WAIT_MS);
	return d->librarian > 0
	    ? librarian_search(d->librarian, &now, sample, except, out)
	    : search_alone(d, &now, sample, except, out);
}

void
gallery_forget(const struct dialogue *d)
{
	struct att_now now;
	enum att_err e;

	if (d->librarian <= 0)
		return;
	e = att_now_read(&now);
	if (e == ATT_OK)
		e = librarian_forget(d->librarian, &now);
	if (e != ATT_OK && e != ATT_CLOSED)
		log_line(LOG_WARNING,
		    "the gallery keeps destroyed fingers for a moment why=%s",
		    att_err_text(e));
}

bool
gallery_expect(const struct dialogue *d)
{
	struct att_now now;

	return d->librarian <= 0 ||
	    (att_now_read(&now) == ATT_OK &&
		librarian_expect(d->librarian, &now));
}

#include "bio/gallery.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Prints are kept in stretches of pages of this many bytes. */
#define STRETCH ((size_t)1 << 20)

struct stretch {
	uint8_t *at;
	size_t used;
};

struct entry {
	uint64_t person;
	uint8_t *at; /* the first print, the others after it */
	uint32_t len;
	uint8_t finger, n;
};

struct bio_gallery {
	struct entry *entry;
	size_t entries, entry_room;
	struct stretch *stretch;
	size_t stretches, stretch_room;
};

struct candidate {
	uint32_t score;
	uint32_t entry;
};

struct bio_search {
	struct bio_work work;
	uint64_t except; /* 0: nobody */
	size_t n;
	struct candidate at[BIO_CANDIDATES_MAX]; /* a heap, the least first */
};

static uint8_t *
pages_new(size_t len)
{
	uint8_t *at = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	if (mlock(at, len) != 0 || madvise(at, len, MADV_DONTDUMP) != 0) {
		(void)munmap(at, len);
		return NULL;
	}
	return at;
}

static void
pages_free(uint8_t *at, size_t len)
{
	explicit_bzero(at, len);
	(void)munmap(at, len); /* cannot fail for what mmap gave */
}

/* Make room for one more; what is there moves. */
static bool
grow(void **at, size_t *room, size_t used, size_t size)
{
	const size_t more = *room == 0 ? 64 : *room * 2;
	void *moved;

	if (used < *room)
		return true;
	moved = reallocarray(*at, more, size);
	if (moved == NULL)
		return false;
	*at = moved;
	*room = more;
	return true;
}

/* A stretch with len bytes left, or NULL. */
static struct stretch *
room_for(struct bio_gallery *g, size_t len)
{
	struct stretch *last =
	    g->stretches > 0 ? &g->stretch[g->stretches - 1] : NULL;
	uint8_t *at;

	if (last != NULL && STRETCH - last->used >= len)
		return last;
	if (!grow((void **)&g->stretch, &g->stretch_room, g->stretches,
		sizeof(g->stretch[0])))
		return NULL;
	at = pages_new(STRETCH);
	if (at == NULL)
		return NULL;
	last = &g->stretch[g->stretches++];
	*last = (struct stretch){ .at = at };
	return last;
}

enum att_err
bio_gallery_new(struct bio_gallery **out)
{
	struct bio_gallery *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return ATT_NOMEM;
	*out = g;
	return ATT_OK;
}

void
bio_gallery_free(struct bio_gallery *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->stretches; i++)
		pages_free(g->stretch[i].at, STRETCH);
	free(g->stretch);
	free(g->entry);
	free(g);
}

enum att_err
bio_gallery_add(struct bio_gallery *g, uint64_t person, uint8_t finger,
    const struct bio_print *prints, size_t n)
{
	struct entry e = { .person = person, .finger = finger };
	struct stretch *s;
	size_t len = 0;

	if (n == 0 || n > BIO_SAMPLES_MAX || g->entries == UINT32_MAX)
		return ATT_LIMIT;
	for (size_t i = 0; i < n; i++)
		len += bio_print_len(&prints[i]);
	if (!grow((void **)&g->entry, &g->entry_room, g->entries,
		sizeof(g->entry[0])))
		return ATT_NOMEM;
	s = room_for(g, len);
	if (s == NULL)
		return ATT_NOMEM;
	e.n = (uint8_t)n;
	e.at = s->at + s->used;
	e.len = (uint32_t)len;
	for (size_t i = 0; i < n; i++) {
		memcpy(s->at + s->used, &prints[i], bio_print_len(&prints[i]));
		s->used += bio_print_len(&prints[i]);
	}
	g->entry[g->entries++] = e;
	return ATT_OK;
}

enum att_err
bio_gallery_remove(struct bio_gallery *g, uint64_t person)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->entries; i++) {
		if (g->entry[i].person == person)
			explicit_bzero(g->entry[i].at, g->entry[i].len);
		else
			g->entry[kept++] = g->entry[i];
	}
	if (kept == g->entries)
		return ATT_ABSENT;
	g->entries = kept;
	return ATT_OK;
}

size_t
bio_gallery_fingers(const struct bio_gallery *g)
{
	return g->entries;
}

size_t
bio_gallery_bytes(const struct bio_gallery *g)
{
	return sizeof(*g) + g->stretches * STRETCH +
	    g->stretch_room * sizeof(g->stretch[0]) +
	    g->entry_room * sizeof(g->entry[0]);
}

enum att_err
bio_search_new(struct bio_search **out)
{
	struct bio_search *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return ATT_NOMEM;
	*out = s;
	return ATT_OK;
}

void
bio_search_free(struct bio_search *s)
{
	if (s == NULL)
		return;
	explicit_bzero(s, sizeof(*s));
	free(s);
}

void
bio_search_except(struct bio_search *s, uint64_t person)
{
	s->except = person;
}

/* A stage's score of a finger, over its samples. */
static uint32_t
score_of(const struct entry *e, const struct bio_kernel *k,
    const struct bio_probe *p, struct bio_work *w,
    uint32_t (*stage)(const struct bio_kernel *, const struct bio_probe *,
	const struct bio_print *, struct bio_work *))
{
	uint32_t score[BIO_SAMPLES_MAX];
	const uint8_t *at = e->at;

	for (unsigned i = 0; i < e->n; i++) {
		const struct bio_print *print = (const void *)at;

		score[i] = stage(k, p, print, w);
		at += bio_print_len(print);
	}
	return bio_fuse(score, e->n);
}

/* Whether a comes before b: by score, and of equals the earlier entered. */
static bool
before(const struct candidate *a, const struct candidate *b)
{
	return a->score != b->score ? a->score > b->score : a->entry < b->entry;
}

static void
sink(struct bio_search *s, size_t at)
{
	const struct candidate c = s->at[at];

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= s->n)
			break;
		if (child + 1 < s->n &&
		    before(&s->at[child], &s->at[child + 1]))
			child++;
		if (before(&s->at[child], &c))
			break;
		s->at[at] = s->at[child];
		at = child;
	}
	s->at[at] = c;
}

static void
offer(struct bio_search *s, size_t most, struct candidate c)
{
	if (s->n < most) {
		s->at[s->n++] = c;
		for (size_t i = s->n / 2; s->n == most && i > 0; i--)
			sink(s, i - 1);
	} else if (before(&c, &s->at[0])) {
		s->at[0] = c;
		sink(s, 0);
	}
}

static size_t
candidates_of(size_t fingers)
{
	const size_t n = fingers / BIO_CANDIDATES_OF;

	if (n < BIO_CANDIDATES_MIN)
		return BIO_CANDIDATES_MIN;
	return n < BIO_CANDIDATES_MAX ? n : BIO_CANDIDATES_MAX;
}

static void
rank(
    const struct bio_found *f, struct bio_found *best, struct bio_found *second)
{
	if (f->score > best->score) {
		if (f->person != best->person)
			*second = *best;
		*best = *f;
	} else if (f->person != best->person && f->score > second->score) {
		*second = *f;
	}
}

void
bio_gallery_search(const struct bio_gallery *g, const struct bio_kernel *k,
    const struct bio_probe *p, struct bio_search *s, struct bio_found *best,
    struct bio_found *second)
{
	const size_t most = candidates_of(g->entries);

	*best = *second = (struct bio_found){ 0 };
	s->n = 0;
	for (size_t i = 0; i < g->entries; i++) {
		if (s->except != 0 && g->entry[i].person == s->except)
			continue;
		offer(s, most,
		    (struct candidate){ .entry = (uint32_t)i,
			.score = score_of(&g->entry[i], k, p, &s->work,
			    bio_compare_coarse) });
	}
	for (size_t i = 0; i < s->n; i++) {
		const struct entry *e = &g->entry[s->at[i].entry];
		const struct bio_found f = { .person = e->person,
			.finger = e->finger,
			.score = score_of(e, k, p, &s->work, bio_compare) };

		rank(&f, best, second);
	}
}

size_t
bio_gallery_place(const struct bio_gallery *g, const struct bio_kernel *k,
    const struct bio_probe *p, struct bio_search *s, uint64_t person,
    uint8_t finger)
{
	uint32_t own = 0;
	size_t place = 0, at = g->entries;

	for (size_t i = 0; i < g->entries; i++)
		if (g->entry[i].person == person &&
		    g->entry[i].finger == finger)
			at = i;
	if (at == g->entries)
		return at;
	own = score_of(&g->entry[at], k, p, &s->work, bio_compare_coarse);
	for (size_t i = 0; i < g->entries; i++)
		place += i != at &&
		    score_of(&g->entry[i], k, p, &s->work,
			bio_compare_coarse) >= own;
	return place;
}

uint32_t
bio_verify(const struct bio_kernel *k, const struct bio_probe *p,
    const struct bio_print *prints, size_t n, struct bio_search *s)
{
	uint32_t score[BIO_SAMPLES_MAX];

	for (size_t i = 0; i < n; i++)
		score[i] = bio_compare(k, p, &prints[i], &s->work);
	return bio_fuse(score, n);
}

#include "directory/directory.h"

#include "base/name.h"
#include "base/owner.h"
#include "sample_directory.h"
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The sample's file as bytes in memory of exactly its size, and its reader. */
struct fixture {
	uint8_t *bytes;
	size_t size;
	struct directory d;
};

static bool
arrange(struct fixture *f)
{
	const char *path = test_path("directory");

	if (!sample_publish(path, &sample_options))
		return false;
	f->bytes = sample_bytes(path, &f->size);
	return f->bytes != NULL &&
	    directory_from_bytes(&f->d, f->bytes, f->size, true) == ATT_OK;
}

static bool
person_right(const struct directory *d, const struct directory_person *p)
{
	const struct sample_person *s = NULL;

	for (size_t i = 0; i < SAMPLE_PEOPLE; i++)
		if (sample_people[i].uid == p->uid)
			s = &sample_people[i];
	if (s == NULL || p->gid != SAMPLE_GID || p->gids != s->n ||
	    !att_slice_is(p->name, s->name) ||
	    !att_slice_is(p->gecos, s->gecos) ||
	    !att_slice_is(p->home, s->home) ||
	    !att_slice_is(p->shell, s->shell) || &sample_people[p->number] != s)
		return false;
	for (uint16_t i = 0; i < p->gids; i++)
		if (directory_gid(d, p, i) != s->gids[i])
			return false;
	return true;
}

static bool
group_right(const struct directory *d, const struct directory_group *g)
{
	const struct sample_group *s = NULL;
	char names[256] = "";

	for (size_t i = 0; i < SAMPLE_GROUPS; i++)
		if (sample_groups[i].gid == g->gid)
			s = &sample_groups[i];
	if (s == NULL || !att_slice_is(g->name, s->name) ||
	    &sample_groups[g->number] != s || g->members_len > sizeof(names))
		return false;
	if (directory_members(d, g, names) != ATT_OK)
		return true; /* refused: nothing is answered */
	for (uint32_t i = 0; i + 1 < g->members_len; i++)
		if (names[i] == '\0')
			names[i] = ',';
	return strcmp(names, s->members) == 0;
}

TEST("each person is found by name, by uid and by number, with every field")
{
	struct fixture f;
	struct directory_person p;

	NEED(arrange(&f));

	for (uint32_t i = 0; i < SAMPLE_PEOPLE; i++) {
		const struct sample_person *s = &sample_people[i];

		CHECK(directory_by_name(&f.d, s->name, strlen(s->name), &p) ==
			ATT_OK &&
		    p.uid == s->uid && person_right(&f.d, &p));
		CHECK(directory_by_uid(&f.d, s->uid, &p) == ATT_OK &&
		    p.uid == s->uid && person_right(&f.d, &p));
		CHECK(directory_person_at(&f.d, i, &p) == ATT_OK &&
		    p.uid == s->uid && person_right(&f.d, &p));
	}
	free(f.bytes);
}

TEST("each group is found by name, by gid and by number, with its members")
{
	struct fixture f;
	struct directory_group g;
	char names[256];

	NEED(arrange(&f));

	for (uint32_t i = 0; i < SAMPLE_GROUPS; i++) {
		const struct sample_group *s = &sample_groups[i];

		CHECK(directory_group_by_name(
			  &f.d, s->name, strlen(s->name), &g) == ATT_OK &&
		    g.gid == s->gid && group_right(&f.d, &g));
		CHECK(directory_group_by_gid(&f.d, s->gid, &g) == ATT_OK &&
		    g.gid == s->gid && group_right(&f.d, &g));
		CHECK(directory_group_at(&f.d, i, &g) == ATT_OK &&
		    g.gid == s->gid && group_right(&f.d, &g));
		CHECK(directory_members(&f.d, &g, names) == ATT_OK);
	}
	free(f.bytes);
}

TEST("the header's facts come back as they were published")
{
	struct fixture f;

	NEED(arrange(&f));

	CHECK(directory_generation(&f.d) == 7);
	CHECK(directory_made_utc(&f.d) == 1700000000);
	CHECK(directory_enumerable(&f.d));
	CHECK(directory_people(&f.d) == SAMPLE_PEOPLE);
	CHECK(directory_groups(&f.d) == SAMPLE_GROUPS);
	CHECK(directory_id_min(&f.d) == 70000);
	CHECK(directory_id_max(&f.d) == 99999);
	CHECK(!directory_superseded(&f.d));
	f.bytes[DIRECTORY_SUPERSEDED_AT] = 1;
	CHECK(directory_superseded(&f.d));
	free(f.bytes);
}

TEST("who is not in it, not in the grammar or not in the range is absent")
{
	static const char *const names[] = { "e1003", "e100", "e10000", "root",
		"E1000", "", "-e1000", "+", "e1000 ", "nobody",
		"abcdefghijklmnopqrstuvwxyz0123456" };
	static const uint32_t ids[] = { 0, 1, 999, 1000, 65534, 65535, 69999,
		70099, 99997, 100000, UINT32_MAX };
	struct directory_person p = { .uid = 1 };
	struct directory_group g = { .gid = 1 };
	struct fixture f;

	NEED(arrange(&f));

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const size_t len = strlen(names[i]);

		CHECK(directory_by_name(&f.d, names[i], len, &p) == ATT_ABSENT);
		CHECK(directory_group_by_name(&f.d, names[i], len, &g) ==
		    ATT_ABSENT);
	}
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		CHECK(directory_by_uid(&f.d, ids[i], &p) == ATT_ABSENT);
		CHECK(directory_group_by_gid(&f.d, ids[i], &g) == ATT_ABSENT);
	}
	CHECK(directory_person_at(&f.d, SAMPLE_PEOPLE, &p) == ATT_ABSENT);
	CHECK(directory_person_at(&f.d, UINT32_MAX, &p) == ATT_ABSENT);
	CHECK(directory_group_at(&f.d, SAMPLE_GROUPS, &g) == ATT_ABSENT);
	CHECK(directory_group_at(&f.d, UINT32_MAX, &g) == ATT_ABSENT);
	CHECK(p.uid == 1 && g.gid == 1);
	free(f.bytes);
}

TEST("a file is opened when it is a plain file of root or the owner given")
{
	const char *path = test_path("directory");
	struct directory d;

	NEED(sample_publish(path, &sample_options));

	CHECK(directory_open(&d, path, getuid(), true) == ATT_OK);
	CHECK(d.mapped && d.ino != 0);
	directory_close(&d);
	CHECK(d.at == NULL);
	directory_close(&d);
	if (getuid() != 0)
		return;
	CHECK(directory_open(&d, path, 12345, false) == ATT_OK);
	directory_close(&d);
	NEED(chown(path, 12345, 0) == 0);
	CHECK(directory_open(&d, path, 12345, false) == ATT_OK);
	directory_close(&d);
	CHECK(directory_open(&d, path, 12346, false) == ATT_CORRUPT);
}

TEST("a file that others could have written or led us to is refused")
{
	const char *path = test_path("directory"), *link = test_path("link");
	const char *fifo = test_path("fifo");
	struct directory d = { .size = 1 };

	NEED(sample_publish(path, &sample_options));
	NEED(symlink(path, link) == 0 && mkfifo(fifo, 0644) == 0);

	CHECK(directory_open(&d, link, getuid(), false) == ATT_CORRUPT);
	CHECK(directory_open(&d, fifo, getuid(), false) == ATT_CORRUPT);
	CHECK(directory_open(&d, test_dir(), getuid(), false) == ATT_CORRUPT);
	CHECK(chmod(path, 0664) == 0 &&
	    directory_open(&d, path, getuid(), false) == ATT_CORRUPT);
	CHECK(chmod(path, 0646) == 0 &&
	    directory_open(&d, path, getuid(), false) == ATT_CORRUPT);
	CHECK(d.size == 1);
	CHECK(chmod(path, 0600) == 0 &&
	    directory_open(&d, path, getuid(), false) == ATT_OK);
	directory_close(&d);
}

TEST("no file and no folder are told apart from a file that is refused")
{
	struct directory d;

	CHECK(directory_open(&d, test_path("none"), 0, false) == ATT_ABSENT);
	CHECK(directory_open(&d, test_path("no/none"), 0, false) == ATT_ABSENT);
}

TEST("the folder's owner may publish unless others can write to the folder")
{
	const char *folder = test_path("cache"), *link = test_path("link");
	char path[300];
	uid_t uid = 77;

	NEED(mkdir(folder, 0755) == 0 && symlink(folder, link) == 0);
	(void)snprintf(path, sizeof(path), "%s/directory", folder);

	CHECK(directory_owner(path, &uid) == ATT_OK && uid == getuid());
	uid = 77;
	CHECK(chmod(folder, 0775) == 0 &&
	    directory_owner(path, &uid) == ATT_REFUSED);
	CHECK(chmod(folder, 01757) == 0 &&
	    directory_owner(path, &uid) == ATT_REFUSED);
	CHECK(chmod(folder, 0755) == 0 &&
	    directory_owner(test_path("link/directory"), &uid) == ATT_REFUSED);
	CHECK(directory_owner(test_path("none/directory"), &uid) == ATT_ABSENT);
	CHECK(directory_owner("directory", &uid) == ATT_REFUSED);
	CHECK(uid == 77);
}

TEST("a format of the future is told apart from a damaged file")
{
	struct fixture f;
	struct directory d;

	NEED(arrange(&f));

	f.bytes[8] = DIRECTORY_FORMAT + 1;
	CHECK(directory_from_bytes(&d, f.bytes, f.size, false) == ATT_NEWER);
	f.bytes[8] = 0;
	CHECK(directory_from_bytes(&d, f.bytes, f.size, false) == ATT_CORRUPT);
	f.bytes[8] = DIRECTORY_FORMAT;
	CHECK(directory_from_bytes(&d, f.bytes, f.size, false) == ATT_OK);
	free(f.bytes);
}

TEST("a flipped byte anywhere refuses the whole of a small file")
{
	struct fixture f;
	struct directory d;
	unsigned refused = 0;

	NEED(arrange(&f));
	NEED(f.size < DIRECTORY_WHOLE_MAX);

	for (size_t i = 0; i < f.size; i++) {
		f.bytes[i] ^= 0x10;
		refused +=
		    directory_from_bytes(&d, f.bytes, f.size, false) != ATT_OK;
		f.bytes[i] ^= 0x10;
	}
	CHECK(refused == f.size - 4); /* all but the superseded word */
	free(f.bytes);
}

TEST("a file cut at any length, or longer than it says, is refused")
{
	struct fixture f;
	struct directory d;

	NEED(arrange(&f));

	for (size_t len = 0; len < f.size; len++) {
		uint8_t *cut = malloc(len + 1); /* so that ASan sees its end */

		NEED(cut != NULL);
		memcpy(cut + 1, f.bytes, len);
		if (directory_from_bytes(&d, cut + 1, len, false) !=
		    ATT_CORRUPT)
			CHECK(false);
		free(cut);
	}
	f.bytes = realloc(f.bytes, f.size + 1);
	NEED(f.bytes != NULL);
	f.bytes[f.size] = 0;
	CHECK(directory_from_bytes(&d, f.bytes, f.size + 1, false) ==
	    ATT_CORRUPT);
	CHECK(directory_from_bytes(&d, f.bytes, f.size, false) == ATT_OK);
	free(f.bytes);
}

/* Every key of the sample; the number of answers that were not right. */
static unsigned
wrong_answers(const struct directory *d)
{
	struct directory_person p;
	struct directory_group g;
	unsigned wrong = 0;

	for (uint32_t i = 0; i < SAMPLE_PEOPLE; i++) {
		const struct sample_person *s = &sample_people[i];

		if (directory_by_name(d, s->name, strlen(s->name), &p) ==
		    ATT_OK)
			wrong += p.uid != s->uid || !person_right(d, &p);
		if (directory_by_uid(d, s->uid, &p) == ATT_OK)
			wrong += p.uid != s->uid || !person_right(d, &p);
		if (directory_person_at(d, i, &p) == ATT_OK)
			wrong += p.uid != s->uid || !person_right(d, &p);
	}
	for (uint32_t i = 0; i < SAMPLE_GROUPS; i++) {
		const struct sample_group *s = &sample_groups[i];

		if (directory_group_by_name(d, s->name, strlen(s->name), &g) ==
		    ATT_OK)
			wrong += g.gid != s->gid || !group_right(d, &g);
		if (directory_group_by_gid(d, s->gid, &g) == ATT_OK)
			wrong += g.gid != s->gid || !group_right(d, &g);
		if (directory_group_at(d, i, &g) == ATT_OK)
			wrong += g.gid != s->gid || !group_right(d, &g);
	}
	return wrong;
}

TEST("without the content check a flipped byte still never answers wrongly")
{
	static const uint8_t flips[] = { 0x01, 0x02, 0x10, 0x80, 0xff };
	struct fixture f;
	unsigned wrong = 0;

	NEED(arrange(&f));

	for (size_t i = DIRECTORY_HEAD_LEN; i < f.size; i++)
		for (size_t k = 0; k < sizeof(flips); k++) {
			f.bytes[i] ^= flips[k];
			wrong += wrong_answers(&f.d);
			f.bytes[i] ^= flips[k];
		}
	CHECK(wrong == 0);
	CHECK(wrong_answers(&f.d) == 0);
	free(f.bytes);
}

static void
head_no_ids(struct directory_head *h)
{
	h->id_min = 0;
}

static void
head_system_ids(struct directory_head *h)
{
	h->id_min = ATT_ID_FLOOR - 1;
}

static void
head_floor(struct directory_head *h)
{
	h->id_min = ATT_ID_FLOOR;
}

static void
head_all_ids(struct directory_head *h)
{
	h->id_max = UINT32_MAX;
}

static void
head_empty_range(struct directory_head *h)
{
	h->id_min = h->id_max + 1;
}

static void
head_probe(struct directory_head *h)
{
	h->probe_max = DIRECTORY_PROBE_MAX + 1;
}

static void
head_probe_most(struct directory_head *h)
{
	h->probe_max = DIRECTORY_PROBE_MAX;
}

static void
head_flags(struct directory_head *h)
{
	h->flags |= 4;
}

static void
head_size(struct directory_head *h)
{
	h->size++;
}

static void
head_table_long(struct directory_head *h)
{
	h->table[DIRECTORY_RECORDS].n = UINT32_MAX;
}

static void
head_table_far(struct directory_head *h)
{
	h->table[DIRECTORY_GROUPS].at = 0xffffffc0;
}

static void
head_table_skewed(struct directory_head *h)
{
	h->table[DIRECTORY_PEOPLE].at += 4;
	h->table[DIRECTORY_PEOPLE].n--;
}

static void
head_table_in_head(struct directory_head *h)
{
	h->table[DIRECTORY_BY_UID].at = 64;
}

static void
head_no_slots(struct directory_head *h)
{
	h->table[DIRECTORY_BY_NAME].n = 0;
}

static void
head_odd_slots(struct directory_head *h)
{
	h->table[DIRECTORY_GROUP_BY_GID].n--;
}

static void
head_untouched(struct directory_head *h)
{
}

TEST("a header that is signed but says what cannot be is refused")
{
	static const struct {
		const char *what;
		void (*change)(struct directory_head *h);
		enum att_err want;
	} cases[] = {
		{ "as it was", head_untouched, ATT_OK },
		{ "ids from 0", head_no_ids, ATT_CORRUPT },
		{ "ids below the floor", head_system_ids, ATT_CORRUPT },
		{ "ids from the floor", head_floor, ATT_OK },
		{ "ids above the ceiling", head_all_ids, ATT_CORRUPT },
		{ "no ids", head_empty_range, ATT_CORRUPT },
		{ "probes too long", head_probe, ATT_CORRUPT },
		{ "probes as long as may be", head_probe_most, ATT_OK },
		{ "unknown flag", head_flags, ATT_CORRUPT },
		{ "other size", head_size, ATT_CORRUPT },
		{ "table too long", head_table_long, ATT_CORRUPT },
		{ "table outside", head_table_far, ATT_CORRUPT },
		{ "table not aligned", head_table_skewed, ATT_CORRUPT },
		{ "table in the header", head_table_in_head, ATT_CORRUPT },
		{ "index without slots", head_no_slots, ATT_CORRUPT },
		{ "slots no power of two", head_odd_slots, ATT_CORRUPT },
	};
	struct fixture f;

	NEED(arrange(&f));

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct directory_head h = f.d.head;
		struct directory d;

		cases[i].change(&h);
		directory_head_write(&h, f.bytes);
		if (directory_from_bytes(&d, f.bytes, f.size, false) ==
		    cases[i].want)
			continue;
		printf("# %s\n", cases[i].what);
		CHECK(false);
	}
	CHECK(f.d.at != NULL);
	free(f.bytes);
}

static void
sign(struct fixture *f, enum directory_seed seed, size_t at, size_t len)
{
	struct att_writer w = att_writer_of(f->bytes + at, 8);

	att_put_le64(&w,
	    directory_check(&f->d.head.key, seed, f->bytes + at + 8, len - 8));
}

struct forgery {
	const char *what;
	size_t at; /* in the record */
	size_t width;
	uint64_t value;
	enum att_err want;
};

static void
forge(struct fixture *f, size_t record, const struct forgery *c)
{
	for (size_t i = 0; i < c->width; i++)
		f->bytes[record + c->at + i] = (uint8_t)(c->value >> (8 * i));
}

TEST("a person who is signed but may not be published is not answered")
{
	static const struct forgery cases[] = {
		{ "as it was", 8, 4, 70100, ATT_OK },
		{ "root", 8, 4, 0, ATT_CORRUPT },
		{ "below the range", 8, 4, 69999, ATT_CORRUPT },
		{ "root's group", 12, 4, 0, ATT_CORRUPT },
		{ "group above the range", 12, 4, 100000, ATT_CORRUPT },
		{ "group inside the range", 12, 4, 99999, ATT_OK },
		{ "other number", 16, 4, 1, ATT_CORRUPT },
		{ "gids beyond the limit", 20, 2, 257, ATT_CORRUPT },
		{ "home beyond the file", 22, 2, 0xffff, ATT_CORRUPT },
		{ "name beyond the limit", 28, 1, 33, ATT_CORRUPT },
		{ "name with a capital", 32, 1, 'E', ATT_CORRUPT },
		{ "other name in the grammar", 32, 1, 'f', ATT_OK },
		{ "nameless", 28, 1, 0, ATT_CORRUPT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct directory_person p;
		struct fixture f;
		size_t at, len;

		NEED(arrange(&f));
		at = f.d.head.table[DIRECTORY_RECORDS].at;
		NEED(directory_person_at(&f.d, 0, &p) == ATT_OK);
		len = p.gids_at + 4u * p.gids - at;
		forge(&f, at, &cases[i]);
		sign(&f, DIRECTORY_SEED_PERSON, at, len);
		if (directory_person_at(&f.d, 0, &p) != cases[i].want) {
			printf("# %s\n", cases[i].what);
			CHECK(false);
		}
		free(f.bytes);
	}
	CHECK(true);
}

TEST("a group that is signed but may not be published is not answered")
{
	static const struct forgery cases[] = {
		{ "as it was", 16, 4, 70001, ATT_OK },
		{ "root", 16, 4, 0, ATT_CORRUPT },
		{ "shadow", 16, 4, 42, ATT_CORRUPT },
		{ "above the range", 16, 4, 100000, ATT_CORRUPT },
		{ "more members than bytes", 20, 4, 30, ATT_CORRUPT },
		{ "members everywhere", 20, 4, UINT32_MAX, ATT_CORRUPT },
		{ "names outside", 24, 4, 0xfffffff0, ATT_CORRUPT },
		{ "names in the header", 24, 4, 0, ATT_CORRUPT },
		{ "names too long", 28, 4, 1 << 30, ATT_CORRUPT },
		{ "name with a slash", 32, 1, '/', ATT_CORRUPT },
		{ "nameless", 32, 1, 0, ATT_CORRUPT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct directory_group g;
		struct fixture f;
		size_t at;

		NEED(arrange(&f));
		at = f.d.head.table[DIRECTORY_GROUPS].at + DIRECTORY_GROUP_LEN;
		forge(&f, at, &cases[i]);
		sign(&f, DIRECTORY_SEED_GROUP, at, DIRECTORY_GROUP_LEN);
		if (directory_group_at(&f.d, 1, &g) != cases[i].want) {
			printf("# %s\n", cases[i].what);
			CHECK(false);
		}
		free(f.bytes);
	}
	CHECK(true);
}

TEST("names of members that do not end or do not count up are refused")
{
	static const struct forgery cases[] = {
		{ "as it was", 0, 1, 'e', ATT_OK },
		{ "one name more", 1, 1, 0, ATT_CORRUPT },
		{ "one name less", 5, 1, 'x', ATT_CORRUPT },
		{ "no end", 44, 1, 'x', ATT_CORRUPT },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct directory_group g;
		char names[256];
		struct fixture f;

		NEED(arrange(&f));
		NEED(directory_group_at(&f.d, 1, &g) == ATT_OK &&
		    g.members_len == 45);
		forge(&f, g.members_at, &cases[i]);
		g.members_check =
		    directory_check(&f.d.head.key, DIRECTORY_SEED_MEMBERS,
			f.bytes + g.members_at, g.members_len);
		if (directory_members(&f.d, &g, names) != cases[i].want) {
			printf("# %s\n", cases[i].what);
			CHECK(false);
		}
		free(f.bytes);
	}
	CHECK(true);
}

TEST("a lookup ends in an index without a free slot and with wild references")
{
	static const uint32_t slots[] = { 1, 0x07ffffff, 0xffffffff,
		0x80000010 };
	struct directory_person p;
	struct fixture f;

	NEED(arrange(&f));

	for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
		const struct directory_extent *t =
		    &f.d.head.table[DIRECTORY_BY_NAME];
		struct att_writer w =
		    att_writer_of(f.bytes + t->at, 4 * (size_t)t->n);

		for (uint32_t s = 0; s < t->n; s++)
			att_put_le32(&w, slots[i]);
		for (size_t k = 0; k < SAMPLE_PEOPLE; k++)
			CHECK(directory_by_name(&f.d, sample_people[k].name,
				  strlen(sample_people[k].name), &p) != ATT_OK);
	}
	free(f.bytes);
}

TEST("an id is found where its four bytes are, and no name is there with it")
{
	static const struct directory_key keys[] = { { 0, 0 }, { 1, 2 } };

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
		const uint8_t *text = (const uint8_t *)"1234";
		const uint8_t *name = (const uint8_t *)"e1000-and-so-on-and-on";

		for (size_t len = 0; len < 23; len++)
			CHECK(directory_hash(&keys[k], name, len) ==
			    directory_check(
				&keys[k], DIRECTORY_SEED_NAME, name, len));
		CHECK(directory_hash_id(&keys[k], 0x34333231) ==
		    directory_check(&keys[k], DIRECTORY_SEED_ID, text, 4));
		CHECK(directory_hash_id(&keys[k], 0x34333231) !=
		    directory_hash(&keys[k], text, 4));
	}
}

TEST("keys that differ little are spread evenly, by the bits indexes use")
{
	enum {
		KEYS = 1 << 16,
		BINS = 1 << 12,
		EACH = KEYS / BINS
	};
	static uint16_t names[BINS], ids[BINS];
	const struct directory_key key = { 7, 9 };
	char name[16];

	for (uint32_t i = 0; i < KEYS; i++) {
		const int len = snprintf(name, sizeof(name), "e%u", 1000 + i);

		names[directory_hash(&key, (const uint8_t *)name, (size_t)len) %
		    BINS]++;
		ids[directory_hash_id(&key, 70000 + i) % BINS]++;
	}

	/* Of 4,096 bins of 16 by chance, one of 45 is less than one in 1e5. */
	for (size_t b = 0; b < BINS; b++)
		if (names[b] > 3 * EACH || ids[b] > 3 * EACH)
			CHECK(false);
	CHECK(true);
}

TEST("the check notices blocks that change places")
{
	const struct directory_key key = { 0, 0 };
	uint8_t bytes[128], swapped[128];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t a = 0; a < 8; a++)
		for (size_t b = 0; b < a; b++) {
			memcpy(swapped, bytes, sizeof(bytes));
			memcpy(swapped + 16 * a, bytes + 16 * b, 16);
			memcpy(swapped + 16 * b, bytes + 16 * a, 16);
			CHECK(directory_check(&key, 1, swapped, 128) !=
			    directory_check(&key, 1, bytes, 128));
		}
}

TEST("the check changes with each bit, each length, each seed, for any key")
{
	static const struct directory_key keys[] = { { 0, 0 },
		{ UINT64_MAX, UINT64_MAX }, { 1, 2 } };
	uint8_t bytes[67] = { 0 };

	for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
		for (size_t len = 0; len < sizeof(bytes); len++) {
			const uint64_t c =
			    directory_check(&keys[k], 1, bytes, len);
			unsigned same = 0;

			for (size_t bit = 0; bit < 8 * len; bit++) {
				bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
				same += directory_check(
					    &keys[k], 1, bytes, len) == c;
				bytes[bit / 8] = 0;
			}
			CHECK(same == 0);
			CHECK(directory_check(&keys[k], 2, bytes, len) != c);
			CHECK(
			    directory_check(&keys[k], 1, bytes, len + 1) != c);
		}
}

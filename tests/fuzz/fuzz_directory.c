/*
 * The reader of the directory file on bytes of anybody's making. What it must
 * not do is read outside, loop, or answer what may never be published. No
 * mutation hits a 64-bit check, so the first byte says what to sign again:
 * bit 0 the header, bit 1 the records, bit 2 the members' names. The rest is
 * the file.
 */
#include "base/name.h"
#include "directory/directory.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
put_check(const struct directory_key *k, uint8_t *at, uint64_t seed, size_t len)
{
	struct att_writer w = att_writer_of(at, 8);

	att_put_le64(&w, directory_check(k, seed, at + 8, len - 8));
}

static void
sign_head(uint8_t *at, size_t size)
{
	const struct directory_key k = directory_key_of(at + 40);
	const uint64_t c = directory_check(&k, DIRECTORY_SEED_HEAD, at, 12);
	struct att_writer w = att_writer_of(at + 16, 8);

	memcpy(at, DIRECTORY_MAGIC, 8);
	att_put_le64(&w, size);
	w = att_writer_of(at + DIRECTORY_HEAD_LEN - 8, 8);
	att_put_le64(
	    &w, directory_check(&k, c, at + 16, DIRECTORY_HEAD_LEN - 24));
}

static void
sign_people(const struct directory_head *h, uint8_t *at, size_t size)
{
	const struct directory_extent *people = &h->table[DIRECTORY_PEOPLE];

	for (uint32_t i = 0; i < people->n; i++) {
		const uint32_t ref = att_le32_at(at + people->at + 4 * i);
		size_t len;

		if (ref > size || size - ref < DIRECTORY_PERSON_LEN)
			continue;
		len = (size_t)at[ref + 28] + att_le16_at(at + ref + 22) +
		    att_le16_at(at + ref + 24) + att_le16_at(at + ref + 26) +
		    DIRECTORY_TEXT_LEN;
		len = DIRECTORY_PERSON_LEN + ((len + 3) & ~(size_t)3) +
		    4 * (size_t)att_le16_at(at + ref + 20);
		if (len <= size - ref)
			put_check(
			    &h->key, at + ref, DIRECTORY_SEED_PERSON, len);
	}
}

static void
sign_groups(
    const struct directory_head *h, uint8_t *at, size_t size, bool names)
{
	const struct directory_extent *groups = &h->table[DIRECTORY_GROUPS];

	for (uint32_t i = 0; i < groups->n; i++) {
		uint8_t *g = at + groups->at + i * DIRECTORY_GROUP_LEN;
		const uint32_t from = att_le32_at(g + 24);
		const uint32_t len = att_le32_at(g + 28);
		struct att_writer w = att_writer_of(g + 8, 8);

		if (names && from <= size && len <= size - from)
			att_put_le64(&w,
			    directory_check(&h->key, DIRECTORY_SEED_MEMBERS,
				at + from, len));
		put_check(
		    &h->key, g, DIRECTORY_SEED_GROUP, DIRECTORY_GROUP_LEN);
	}
}

static void
must(bool so)
{
	if (!so)
		abort();
}

static volatile uint8_t seen; /* so that no read is optimised away */

static void
read_all(struct att_slice s)
{
	for (size_t i = 0; i < s.len; i++)
		seen = s.at[i];
}

static void
look_at_person(const struct directory *d, const struct directory_person *p)
{
	struct directory_person again;
	char name[DIRECTORY_NAME_MAX];

	must(att_id_ok(p->uid) && att_id_ok(p->gid));
	must(p->name.len <= sizeof(name));
	memcpy(name, p->name.at, p->name.len);
	must(att_login_ok(name, p->name.len));
	read_all(p->home);
	read_all(p->shell);
	read_all(p->gecos);
	for (uint16_t i = 0; i < p->gids; i++)
		seen = (uint8_t)directory_gid(d, p, i);
	if (directory_by_name(d, name, p->name.len, &again) == ATT_OK)
		must(again.name.len == p->name.len &&
		    memcmp(again.name.at, name, p->name.len) == 0);
	if (directory_by_uid(d, p->uid, &again) == ATT_OK)
		must(again.uid == p->uid);
}

static void
look_at_group(const struct directory *d, const struct directory_group *g)
{
	struct directory_group again;
	char *names = malloc(g->members_len + 1u);
	const char *at = names;

	must(names != NULL);
	must(att_id_ok(g->gid));
	if (directory_members(d, g, names) == ATT_OK) {
		for (uint32_t i = 0; i < g->members; i++)
			at += strlen(at) + 1;
		must(at == names + g->members_len);
	}
	if (directory_group_by_gid(d, g->gid, &again) == ATT_OK)
		must(again.gid == g->gid);
	free(names);
}

static void
look_at_all(const struct directory *d)
{
	static const char *const names[] = { "e1000", "e1001", "dept-lab" };
	struct directory_person p;
	struct directory_group g;

	for (uint32_t i = 0; i < directory_people(d); i++)
		if (directory_person_at(d, i, &p) == ATT_OK)
			look_at_person(d, &p);
	for (uint32_t i = 0; i < directory_groups(d); i++)
		if (directory_group_at(d, i, &g) == ATT_OK)
			look_at_group(d, &g);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const size_t len = strlen(names[i]);

		(void)directory_superseded(d);
		if (directory_by_name(d, names[i], len, &p) == ATT_OK)
			look_at_person(d, &p);
		if (directory_group_by_name(d, names[i], len, &g) == ATT_OK)
			look_at_group(d, &g);
	}
	for (uint32_t uid = 70000; uid < 70200; uid++)
		if (directory_by_uid(d, uid, &p) == ATT_OK)
			must(p.uid == uid);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t what = size > 0 ? data[0] : 0;
	const size_t len = size > 0 ? size - 1 : 0;
	uint8_t *at = calloc(len + 1, 1); /* its own: ASan sees the end */
	struct directory d = { 0 };

	must(at != NULL);
	if (len > 0)
		memcpy(at, data + 1, len);
	if ((what & 1) != 0 && len >= DIRECTORY_HEAD_LEN)
		sign_head(at, len);
	if (directory_head_read(&d.head, at, len) == ATT_OK) {
		if ((what & 2) != 0) {
			sign_people(&d.head, at, len);
			sign_groups(&d.head, at, len, (what & 4) != 0);
		}
		/* Signing may have hit the header: it was read before. */
		d.at = at;
		d.size = len;
		look_at_all(&d);
	}
	if (directory_from_bytes(&d, at, len, true) == ATT_OK)
		look_at_all(&d);
	free(at);
	return 0;
}

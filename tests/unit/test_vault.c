#include "vault/vault.h"

#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * What the key file of bytes 0, 1, 2, ... gives, computed apart from libsodium
 * from the definitions of BLAKE2b and Ed25519.
 */
#define PUBLIC_HEX                         \
	"09074e048f510e6824aae9b5d9ebda76" \
	"70f21c7cbccb49614422a68b154bea3b"
#define INDEX_HEX "b1266d518135a1a36703bdfd699c5ab2"

static void
close_vault(struct vault **v)
{
	vault_close(*v);
}
#define VAULT __attribute__((cleanup(close_vault))) struct vault

static const uint8_t ada[VAULT_ID_LEN] = { 'a', 'd', 'a' };
static const uint8_t bob[VAULT_ID_LEN] = { 'b', 'o', 'b' };

/* A file of len bytes 0, 1, 2, ... with exactly this mode. */
static bool
key_file(const char *path, size_t len, mode_t mode)
{
	uint8_t bytes[64];
	int fd;
	bool ok;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)i;
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ok = fd >= 0 && write(fd, bytes, len) == (ssize_t)len &&
	    fchmod(fd, mode) == 0;
	if (fd >= 0)
		(void)close(fd);
	return ok;
}

static enum att_err
try_open(const char *path)
{
	VAULT *v = NULL;

	return vault_open(&v, path);
}

static bool
fresh_vault(struct vault **v, const char *name)
{
	const char *path = test_path(name);

	return vault_create(path) == ATT_OK && vault_open(v, path) == ATT_OK;
}

TEST("a key file opens only as 32 bytes of ours that nobody else can read")
{
	static const struct {
		const char *what;
		size_t len;
		mode_t mode;
		enum att_err want;
	} cases[] = {
		{ "as made", 32, 0400, ATT_OK },
		{ "writable by us", 32, 0600, ATT_OK },
		{ "readable by the group", 32, 0440, ATT_CORRUPT },
		{ "readable by all", 32, 0404, ATT_CORRUPT },
		{ "executable", 32, 0700, ATT_CORRUPT },
		{ "setuid", 32, 04400, ATT_CORRUPT },
		{ "empty", 0, 0400, ATT_CORRUPT },
		{ "a byte short", 31, 0400, ATT_CORRUPT },
		{ "a byte long", 33, 0400, ATT_CORRUPT },
	};
	const char *path = test_path("key");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		NEED(key_file(path, cases[i].len, cases[i].mode));
		if (!test_check(try_open(path) == cases[i].want, __FILE__,
			__LINE__, cases[i].what))
			continue;
	}
}

TEST("a key that is absent, a link, a folder or somebody else's is refused")
{
	const char *path = test_path("key"), *link = test_path("link");

	NEED(key_file(path, 32, 0400));
	CHECK(try_open(test_path("nothing")) == ATT_ABSENT);
	CHECK(try_open(test_dir()) == ATT_CORRUPT);
	NEED(symlink(path, link) == 0);
	CHECK(try_open(link) == ATT_CORRUPT);
	CHECK(try_open(path) == ATT_OK);
	if (geteuid() == 0) {
		NEED(chown(path, 1, 1) == 0);
		CHECK(try_open(path) == ATT_CORRUPT);
	}
}

TEST("the service manager's credential goes before the key file")
{
	VAULT *from_file = NULL;
	VAULT *from_credential = NULL;
	char file[256];
	uint8_t a[VAULT_PUBLIC_LEN], b[VAULT_PUBLIC_LEN];

	(void)snprintf(file, sizeof(file), "%s", test_path("key"));
	NEED(fresh_vault(&from_file, "key"));
	NEED(key_file(test_path("attend.site-key"), 32, 0440));
	NEED(setenv("CREDENTIALS_DIRECTORY", test_dir(), 1) == 0);
	NEED(vault_open(&from_credential, file) == ATT_OK);
	vault_public(from_file, a);
	vault_public(from_credential, b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);

	NEED(chmod(test_path("attend.site-key"), 0444) == 0);
	CHECK(try_open(file) == ATT_CORRUPT);
	NEED(unlink(test_path("attend.site-key")) == 0);
	CHECK(try_open(file) == ATT_OK);
	(void)unsetenv("CREDENTIALS_DIRECTORY"); /* the name is a good one */
}

TEST("a new key is ours alone whatever the umask, and never replaces one")
{
	static const mode_t masks[] = { 0, 022, 0777 };
	const char *path = test_path("key");
	struct stat st;

	for (size_t i = 0; i < 3; i++) {
		mode_t old = umask(masks[i]);

		CHECK(vault_create(path) == ATT_OK);
		(void)umask(old);
		NEED(stat(path, &st) == 0);
		CHECK((st.st_mode & 07777) == 0400 && st.st_size == 32);
		CHECK(vault_create(path) == ATT_EXISTS);
		CHECK(access(test_path("key.new"), F_OK) != 0);
		NEED(unlink(path) == 0);
	}
}

TEST("a key that cannot be written leaves nothing behind")
{
	NEED(mkdir(test_path("dir"), 0700) == 0);
	CHECK(vault_create(test_path("nowhere/key")) == ATT_IO);
	CHECK(vault_create(test_path("dir")) == ATT_EXISTS);
}

TEST("what a crash left of a new key does not hinder the next one")
{
	NEED(key_file(test_path("key.new"), 7, 0400));

	CHECK(vault_create(test_path("key")) == ATT_OK);
	CHECK(try_open(test_path("key")) == ATT_OK);
}

static void
hex(const uint8_t *at, size_t len, char *out)
{
	for (size_t i = 0; i < len; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", at[i]);
}

TEST("the same site key gives the same keys today and tomorrow")
{
	VAULT *v = NULL;
	uint8_t pub[VAULT_PUBLIC_LEN], tag[VAULT_TAG_LEN];
	char text[2 * VAULT_PUBLIC_LEN + 1];

	NEED(key_file(test_path("key"), 32, 0400));
	NEED(vault_open(&v, test_path("key")) == ATT_OK);

	vault_public(v, pub);
	hex(pub, sizeof(pub), text);
	CHECK(strcmp(text, PUBLIC_HEX) == 0);
	vault_index(v, "domain", att_slice_of("value"), tag);
	hex(tag, sizeof(tag), text);
	CHECK(strcmp(text, INDEX_HEX) == 0);
}

TEST("a hash is BLAKE2b-256")
{
	uint8_t h[VAULT_HASH_LEN];
	char text[2 * VAULT_HASH_LEN + 1];

	vault_hash(att_slice_of("abc"), h);
	hex(h, sizeof(h), text);
	CHECK(strcmp(text,
		  "bddd813c634239723171ef3fee98579b"
		  "94964e3bb1cb3e427262c8c068d52319") == 0);
}

TEST("a person's wrapped key opens for this person and this site only")
{
	VAULT *v = NULL;
	VAULT *other = NULL;
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	ATT_AUTO_SECRET struct att_secret again = { 0 };
	uint8_t wrapped[VAULT_WRAPPED_LEN];
	struct att_slice w = { wrapped, sizeof(wrapped) };

	NEED(fresh_vault(&v, "a") && fresh_vault(&other, "b"));
	NEED(vault_person_new(v, ada, &key, wrapped) == ATT_OK);

	NEED(vault_person_open(v, ada, w, &again) == ATT_OK);
	CHECK(
	    again.len == key.len && att_secret_same(again.at, key.at, key.len));
	att_secret_free(&again);
	CHECK(vault_person_open(v, bob, w, &again) == ATT_CORRUPT);
	CHECK(vault_person_open(other, ada, w, &again) == ATT_CORRUPT);
	w.len--;
	CHECK(vault_person_open(v, ada, w, &again) == ATT_CORRUPT);
	w.len = 0;
	CHECK(vault_person_open(v, ada, w, &again) == ATT_CORRUPT);
	CHECK(again.at == NULL);
}

TEST("no byte of a wrapped key can be changed")
{
	VAULT *v = NULL;
	ATT_AUTO_SECRET struct att_secret key = { 0 };
	struct att_secret again = { 0 };
	uint8_t wrapped[VAULT_WRAPPED_LEN];

	NEED(fresh_vault(&v, "key"));
	NEED(vault_person_new(v, ada, &key, wrapped) == ATT_OK);
	for (size_t i = 0; i < sizeof(wrapped); i++) {
		wrapped[i] ^= 0x10;
		CHECK(vault_person_open(v, ada,
			  (struct att_slice){ wrapped, sizeof(wrapped) },
			  &again) == ATT_CORRUPT);
		wrapped[i] ^= 0x10;
	}
	NEED(vault_person_open(v, ada,
		 (struct att_slice){ wrapped, sizeof(wrapped) },
		 &again) == ATT_OK);
	att_secret_free(&again);
}

struct sealing {
	struct vault *v;
	struct att_secret key, other;
	uint8_t sealed[5 + VAULT_SEAL_OVER];
	struct att_slice slice;
};

static bool
seal_hello(struct sealing *s)
{
	uint8_t wrapped[VAULT_WRAPPED_LEN];

	*s = (struct sealing){ 0 };
	s->slice = (struct att_slice){ s->sealed, sizeof(s->sealed) };
	return fresh_vault(&s->v, "key") &&
	    vault_person_new(s->v, ada, &s->key, wrapped) == ATT_OK &&
	    vault_person_new(s->v, ada, &s->other, wrapped) == ATT_OK &&
	    vault_seal(&s->key, ada, "name", 7, att_slice_of("hello"),
		s->sealed) == ATT_OK;
}

static void
sealing_end(struct sealing *s)
{
	att_secret_free(&s->key);
	att_secret_free(&s->other);
	vault_close(s->v);
}

TEST("a sealed value opens for its person, column, version and key alone")
{
	__attribute__((cleanup(sealing_end))) struct sealing s;
	uint8_t plain[5] = "xxxxx";

	NEED(seal_hello(&s));

	CHECK(vault_unseal(&s.key, ada, "name", 7, s.slice, plain) == ATT_OK);
	CHECK(memcmp(plain, "hello", 5) == 0);
	CHECK(vault_unseal(&s.key, bob, "name", 7, s.slice, plain) ==
	    ATT_CORRUPT);
	CHECK(vault_unseal(&s.key, ada, "phone", 7, s.slice, plain) ==
	    ATT_CORRUPT);
	CHECK(vault_unseal(&s.key, ada, "name", 8, s.slice, plain) ==
	    ATT_CORRUPT);
	CHECK(vault_unseal(&s.other, ada, "name", 7, s.slice, plain) ==
	    ATT_CORRUPT);
}

TEST("no byte of a sealed value can be changed, and none cut off")
{
	__attribute__((cleanup(sealing_end))) struct sealing s;
	uint8_t plain[5];

	NEED(seal_hello(&s));
	for (size_t i = 0; i < sizeof(s.sealed); i++) {
		s.sealed[i] ^= 1;
		CHECK(vault_unseal(&s.key, ada, "name", 7, s.slice, plain) ==
		    ATT_CORRUPT);
		s.sealed[i] ^= 1;
	}
	for (s.slice.len = 0; s.slice.len < sizeof(s.sealed); s.slice.len++)
		CHECK(vault_unseal(&s.key, ada, "name", 7, s.slice, plain) ==
		    ATT_CORRUPT);
	CHECK(vault_unseal(&s.key, ada, "name", 7, s.slice, plain) == ATT_OK);
}

TEST("the same value is never sealed to the same bytes twice")
{
	__attribute__((cleanup(sealing_end))) struct sealing s;
	uint8_t again[sizeof(s.sealed)];

	NEED(seal_hello(&s));
	NEED(vault_seal(&s.key, ada, "name", 7, att_slice_of("hello"), again) ==
	    ATT_OK);
	CHECK(memcmp(again, s.sealed, sizeof(again)) != 0);
}

TEST("an empty value can be sealed; a column name has at most 64 bytes")
{
	__attribute__((cleanup(sealing_end))) struct sealing s;
	uint8_t sealed[VAULT_SEAL_OVER], plain[1];
	char column[66] = "";

	NEED(seal_hello(&s));
	memset(column, 'c', 64);
	CHECK(vault_seal(&s.key, ada, column, 1, att_slice_of(""), sealed) ==
	    ATT_OK);
	CHECK(
	    vault_unseal(&s.key, ada, column, 1,
		(struct att_slice){ sealed, sizeof(sealed) }, plain) == ATT_OK);
	column[64] = 'c';
	CHECK(vault_seal(&s.key, ada, column, 1, att_slice_of(""), sealed) ==
	    ATT_LIMIT);
}

TEST("a pseudonym depends on the person and on the person's key")
{
	__attribute__((cleanup(sealing_end))) struct sealing s;
	uint8_t a[VAULT_TAG_LEN], b[VAULT_TAG_LEN];

	NEED(seal_hello(&s));
	vault_pseudonym(&s.key, ada, a);
	vault_pseudonym(&s.key, ada, b);
	CHECK(memcmp(a, b, sizeof(a)) == 0);
	vault_pseudonym(&s.key, bob, b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
	vault_pseudonym(&s.other, ada, b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
}

TEST("a person's hash depends on the bytes and on the person's key")
{
	__attribute__((cleanup(sealing_end))) struct sealing s;
	uint8_t a[VAULT_HASH_LEN], b[VAULT_HASH_LEN];

	NEED(seal_hello(&s));
	vault_person_hash(&s.key, att_slice_of("bank"), a);
	vault_person_hash(&s.key, att_slice_of("bank"), b);
	CHECK(memcmp(a, b, sizeof(a)) == 0);
	vault_person_hash(&s.key, att_slice_of("bang"), b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
	vault_person_hash(&s.other, att_slice_of("bank"), b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
	vault_hash(att_slice_of("bank"), b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
}

TEST("index tags keep domains apart, also where the bytes join up alike")
{
	VAULT *v = NULL;
	VAULT *other = NULL;
	uint8_t a[VAULT_TAG_LEN], b[VAULT_TAG_LEN];

	NEED(fresh_vault(&v, "a") && fresh_vault(&other, "b"));
	vault_index(v, "ab", att_slice_of("c"), a);
	vault_index(v, "ab", att_slice_of("c"), b);
	CHECK(memcmp(a, b, sizeof(a)) == 0);
	vault_index(v, "a", att_slice_of("bc"), b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
	vault_index(other, "ab", att_slice_of("c"), b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
}

TEST("a signature fits its message and site, and nothing else")
{
	VAULT *v = NULL;
	VAULT *other = NULL;
	uint8_t pub[VAULT_PUBLIC_LEN], theirs[VAULT_PUBLIC_LEN];
	uint8_t sig[VAULT_SIG_LEN];

	NEED(fresh_vault(&v, "a") && fresh_vault(&other, "b"));
	vault_public(v, pub);
	vault_public(other, theirs);
	vault_sign(v, att_slice_of("hello"), sig);

	CHECK(vault_verify(pub, att_slice_of("hello"), sig));
	CHECK(!vault_verify(pub, att_slice_of("hellp"), sig));
	CHECK(!vault_verify(theirs, att_slice_of("hello"), sig));
	sig[10] ^= 1;
	CHECK(!vault_verify(pub, att_slice_of("hello"), sig));
}

TEST("a PIN matches its record, for its person and at its site")
{
	VAULT *v = NULL;
	VAULT *other = NULL;
	uint8_t record[VAULT_PIN_LEN];
	static const struct {
		const char *what;
		const char *pin;
		const uint8_t *person;
		bool elsewhere;
		bool match;
	} cases[] = {
		{ "right", "481503", ada, false, true },
		{ "one digit off", "481504", ada, false, false },
		{ "cut", "48150", ada, false, false },
		{ "longer", "4815030", ada, false, false },
		{ "empty", "", ada, false, false },
		{ "another person", "481503", bob, false, false },
		{ "another site", "481503", ada, true, false },
	};

	NEED(fresh_vault(&v, "a") && fresh_vault(&other, "b"));
	NEED(vault_pin_hash(v, ada, att_slice_of("481503"), record) == ATT_OK);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool match = !cases[i].match;

		CHECK(vault_pin_verify(cases[i].elsewhere ? other : v,
			  cases[i].person, att_slice_of(cases[i].pin), record,
			  &match) == ATT_OK);
		(void)test_check(
		    match == cases[i].match, __FILE__, __LINE__, cases[i].what);
	}
}

TEST("the same PIN has another record each time")
{
	VAULT *v = NULL;
	uint8_t a[VAULT_PIN_LEN], b[VAULT_PIN_LEN];

	NEED(fresh_vault(&v, "key"));
	NEED(vault_pin_hash(v, ada, att_slice_of("481503"), a) == ATT_OK);
	NEED(vault_pin_hash(v, ada, att_slice_of("481503"), b) == ATT_OK);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
}

static void
record_with(
    uint8_t record[VAULT_PIN_LEN], uint8_t version, uint32_t ops, uint32_t kib)
{
	struct att_writer w = att_writer_of(record, VAULT_PIN_LEN);

	memset(record, 0, VAULT_PIN_LEN);
	att_put_u8(&w, version);
	att_put_le32(&w, ops);
	att_put_le32(&w, kib);
}

TEST("a PIN record asks for work within bounds, or is no PIN record")
{
	VAULT *v = NULL;
	uint8_t record[VAULT_PIN_LEN];
	static const struct {
		const char *what;
		uint8_t version;
		uint32_t ops, kib;
		enum att_err want;
	} cases[] = {
		{ "smallest", 1, 1, 8, ATT_OK },
		{ "most passes", 1, 10, 8, ATT_OK },
		{ "most memory", 1, 1, 256 * 1024, ATT_OK },
		{ "no pass", 1, 0, 8, ATT_CORRUPT },
		{ "too many passes", 1, 11, 8, ATT_CORRUPT },
		{ "too little memory", 1, 1, 7, ATT_CORRUPT },
		{ "too much memory", 1, 1, 256 * 1024 + 1, ATT_CORRUPT },
		{ "as much as fits", 1, 1, UINT32_MAX, ATT_CORRUPT },
		{ "version 0", 0, 1, 8, ATT_CORRUPT },
		{ "version 2", 2, 1, 8, ATT_CORRUPT },
	};

	NEED(fresh_vault(&v, "key"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool match = false;

		record_with(
		    record, cases[i].version, cases[i].ops, cases[i].kib);
		(void)test_check(
		    vault_pin_verify(v, ada, att_slice_of("481503"), record,
			&match) == cases[i].want,
		    __FILE__, __LINE__, cases[i].what);
		CHECK(!match);
	}
}

TEST("a record is outdated when its parameters are not today's")
{
	VAULT *v = NULL;
	uint8_t record[VAULT_PIN_LEN];

	NEED(fresh_vault(&v, "key"));
	NEED(vault_pin_hash(v, ada, att_slice_of("481503"), record) == ATT_OK);
	CHECK(!vault_pin_outdated(record));
	record_with(record, 1, VAULT_PIN_OPS, VAULT_PIN_KIB);
	CHECK(!vault_pin_outdated(record));
	record_with(record, 1, VAULT_PIN_OPS - 1, VAULT_PIN_KIB);
	CHECK(vault_pin_outdated(record));
	record_with(record, 1, VAULT_PIN_OPS, VAULT_PIN_KIB - 1);
	CHECK(vault_pin_outdated(record));
	record_with(record, 2, VAULT_PIN_OPS, VAULT_PIN_KIB);
	CHECK(vault_pin_outdated(record));
}

TEST("the work for nobody can be done, with an empty PIN too")
{
	VAULT *v = NULL;

	NEED(fresh_vault(&v, "key"));
	CHECK(vault_pin_dummy(v, att_slice_of("481503")) == ATT_OK);
	CHECK(vault_pin_dummy(v, (struct att_slice){ 0 }) == ATT_OK);
}

/* ---- replacing the site key ---- */

static const uint8_t site[VAULT_ID_LEN] = { 's', 'i', 't', 'e' };

TEST("a next key takes the first one's place; until then both are there")
{
	VAULT *v = NULL;
	VAULT *next = NULL;
	VAULT *after = NULL;
	uint8_t a[VAULT_TAG_LEN], b[VAULT_TAG_LEN], c[VAULT_TAG_LEN];

	NEED(fresh_vault(&v, "key"));
	CHECK(vault_next_open(v, &next) == ATT_ABSENT);
	NEED(vault_next_create(v, &next) == ATT_OK);
	vault_site_tag(v, site, a);
	vault_site_tag(next, site, b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
	CHECK(vault_reload(v, false) == ATT_OK);
	vault_site_tag(v, site, c);
	CHECK(memcmp(a, c, sizeof(a)) == 0);
	CHECK(vault_reload(v, true) == ATT_OK);
	vault_site_tag(v, site, c);
	CHECK(memcmp(b, c, sizeof(b)) == 0);

	CHECK(vault_next_promote(v) == ATT_OK);
	CHECK(access(test_path("key.next"), F_OK) != 0);
	NEED(vault_open(&after, test_path("key")) == ATT_OK);
	vault_site_tag(after, site, c);
	CHECK(memcmp(b, c, sizeof(b)) == 0);
	CHECK(vault_next_promote(v) == ATT_IO); /* there is none any more */
}

TEST("a credential has no next key")
{
	VAULT *v = NULL;
	VAULT *next = NULL;
	enum att_err made, opened;

	NEED(key_file(test_path("attend.site-key"), 32, 0440));
	NEED(setenv("CREDENTIALS_DIRECTORY", test_dir(), 1) == 0);
	NEED(vault_open(&v, test_path("key")) == ATT_OK);
	made = vault_next_create(v, &next);
	opened = vault_next_open(v, &next);
	CHECK(vault_reload(v, false) == ATT_OK);
	CHECK(vault_reload(v, true) == ATT_ABSENT);
	NEED(unsetenv("CREDENTIALS_DIRECTORY") == 0);
	CHECK(made == ATT_REFUSED && opened == ATT_ABSENT);
}

TEST("the keyring carries PINs, tags and signatures over, and nothing else")
{
	VAULT *v = NULL;
	VAULT *next = NULL;
	const struct att_slice text = att_slice_of("text");
	uint8_t ring[VAULT_KEYRING_LEN], pin[VAULT_PIN_LEN];
	uint8_t a[VAULT_TAG_LEN], b[VAULT_TAG_LEN], sig[VAULT_SIG_LEN];
	uint8_t pub[VAULT_PUBLIC_LEN];
	bool match = false;

	NEED(fresh_vault(&v, "key"));
	NEED(vault_next_create(v, &next) == ATT_OK);
	NEED(vault_pin_hash(v, ada, att_slice_of("481503"), pin) == ATT_OK);
	vault_index(v, "x", text, a);
	vault_keyring_seal(v, next, ring);
	CHECK(vault_pin_verify(
		  next, ada, att_slice_of("481503"), pin, &match) == ATT_OK &&
	    !match);

	ring[50] ^= 1;
	CHECK(vault_keyring_open(next,
		  (struct att_slice){ ring, sizeof(ring) }) == ATT_CORRUPT);
	ring[50] ^= 1;
	CHECK(vault_keyring_open(next, (struct att_slice){ ring, 10 }) ==
	    ATT_CORRUPT);
	CHECK(vault_keyring_open(v, (struct att_slice){ ring, sizeof(ring) }) ==
	    ATT_CORRUPT);
	CHECK(vault_keyring_open(
		  next, (struct att_slice){ ring, sizeof(ring) }) == ATT_OK);
	CHECK(vault_pin_verify(
		  next, ada, att_slice_of("481503"), pin, &match) == ATT_OK &&
	    match);
	vault_index(next, "x", text, b);
	CHECK(memcmp(a, b, sizeof(a)) == 0);
	vault_sign(next, text, sig);
	vault_public(v, pub);
	CHECK(vault_verify(pub, text, sig));
	vault_site_tag(v, site, a);
	vault_site_tag(next, site, b);
	CHECK(memcmp(a, b, sizeof(a)) != 0);
}

TEST("a key that is wrapped anew is the same key, and opens there only")
{
	VAULT *v = NULL;
	VAULT *next = NULL;
	uint8_t old[VAULT_WRAPPED_LEN], fresh[VAULT_WRAPPED_LEN];
	struct att_secret key = { 0 }, again = { 0 };

	NEED(fresh_vault(&v, "key"));
	NEED(vault_next_create(v, &next) == ATT_OK);
	NEED(vault_person_new(v, ada, &key, old) == ATT_OK);
	CHECK(vault_person_rewrap(v, next, ada,
		  (struct att_slice){ old, sizeof(old) }, &again,
		  fresh) == ATT_OK);
	CHECK(
	    vault_person_open(next, ada,
		(struct att_slice){ fresh, sizeof(fresh) }, &again) == ATT_OK);
	CHECK(
	    again.len == key.len && att_secret_same(again.at, key.at, key.len));
	CHECK(vault_person_open(v, ada,
		  (struct att_slice){ fresh, sizeof(fresh) },
		  &again) == ATT_CORRUPT);
	CHECK(again.at == NULL);
	CHECK(vault_person_rewrap(v, next, bob,
		  (struct att_slice){ old, sizeof(old) }, &again,
		  fresh) == ATT_CORRUPT);
	att_secret_free(&key);
	att_secret_free(&again);
}

/* ---- streams ---- */

struct chunks {
	uint8_t head[VAULT_STREAM_HEAD];
	uint8_t at[3][8 + VAULT_STREAM_OVER];
};

static bool
seal_chunks(const struct vault *v, struct chunks *c)
{
	VAULT_AUTO_STREAM struct vault_stream s = { 0 };

	if (vault_stream_seal_start(v, &s, c->head) != ATT_OK)
		return false;
	for (int i = 0; i < 3; i++)
		vault_stream_seal(&s, att_slice_of("contents"),
		    att_slice_of("ad"), i == 2, c->at[i]);
	return true;
}

/* How many chunks open, in this order; 3 only with the end at the end. */
static int
opened(const struct vault *v, const struct chunks *c, const int order[3],
    const char *ad)
{
	VAULT_AUTO_STREAM struct vault_stream s = { 0 };
	uint8_t plain[8];
	bool last = false;

	if (vault_stream_open_start(v, &s, c->head) != ATT_OK)
		return -1;
	for (int i = 0; i < 3; i++)
		if (vault_stream_open(&s,
			(struct att_slice){ c->at[order[i]], sizeof(c->at[0]) },
			att_slice_of(ad), plain, &last) != ATT_OK ||
		    memcmp(plain, "contents", 8) != 0 || last != (i == 2))
			return i;
	return 3;
}

TEST("a stream opens whole and in order, with its key and what goes with it")
{
	static const int in_order[3] = { 0, 1, 2 }, swapped[3] = { 1, 0, 2 },
			 missing[3] = { 0, 2, 2 };
	VAULT *v = NULL;
	VAULT *other = NULL;
	struct chunks c;

	NEED(fresh_vault(&v, "key") && fresh_vault(&other, "other"));
	NEED(seal_chunks(v, &c));
	CHECK(opened(v, &c, in_order, "ad") == 3);
	CHECK(opened(v, &c, swapped, "ad") == 0);
	CHECK(opened(v, &c, missing, "ad") == 1);
	CHECK(opened(v, &c, in_order, "da") == 0);
	CHECK(opened(other, &c, in_order, "ad") == 0);
	for (size_t i = 0; i < sizeof(c.at[1]); i++) {
		c.at[1][i] ^= 1;
		CHECK(opened(v, &c, in_order, "ad") == 1);
		c.at[1][i] ^= 1;
	}
	c.head[3] ^= 1;
	CHECK(opened(v, &c, in_order, "ad") == 0);
}

TEST("a hash in parts is the hash of the whole")
{
	const char text[] = "a text that is hashed in three parts";
	struct vault_hasher h;
	uint8_t a[VAULT_HASH_LEN], b[VAULT_HASH_LEN];

	vault_hash(att_slice_of(text), a);
	vault_hash_start(&h);
	vault_hash_more(&h, (struct att_slice){ (const uint8_t *)text, 7 });
	vault_hash_more(&h, (struct att_slice){ NULL, 0 });
	vault_hash_more(&h, att_slice_of(text + 7));
	vault_hash_end(&h, b);
	CHECK(memcmp(a, b, sizeof(a)) == 0);
}

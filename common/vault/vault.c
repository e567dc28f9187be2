#include "vault/keys.h"

#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CREDENTIAL "attend.site-key"
#define CONTEXT	   "attend-1" /* crypto_kdf, exactly eight bytes */
#define NEXT	   ".next"

enum {
	SUBKEY_WRAP = 1,
	SUBKEY_PEPPER = 2,
	SUBKEY_SIGN = 3,
	SUBKEY_INDEX = 4,
	SUBKEY_BACKUP = 5,
};

/*
 * The service manager gives credentials to the service either as their owner
 * or as root's with an access list, which shows as a readable group.
 */
static bool
is_credential_mode(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) &&
	    (st->st_mode & 0337) == 0;
}

static bool
is_file_mode(const struct stat *st)
{
	mode_t mode = st->st_mode & 07777;

	return st->st_uid == geteuid() && (mode == 0400 || mode == 0600);
}

static enum att_err
site_key_read(const char *path, bool (*allowed)(const struct stat *),
    struct att_secret *k)
{
	ATT_AUTO_FD int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	ssize_t n;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return ATT_ABSENT;
	if (fd < 0)
		return errno == ELOOP ? ATT_CORRUPT : ATT_IO;
	if (fstat(fd, &st) != 0)
		return ATT_IO;
	if (!S_ISREG(st.st_mode) || !allowed(&st) ||
	    st.st_size != VAULT_SITE_LEN)
		return ATT_CORRUPT;
	n = read(fd, k->at, k->len);
	if (n < 0)
		return ATT_IO;
	return (size_t)n == k->len ? ATT_OK : ATT_CORRUPT;
}

static enum att_err
credential_read(struct att_secret *k)
{
	const char *dir = secure_getenv("CREDENTIALS_DIRECTORY");
	char path[PATH_MAX];
	int n;

	if (dir == NULL || dir[0] != '/')
		return ATT_ABSENT;
	n = snprintf(path, sizeof(path), "%s/%s", dir, CREDENTIAL);
	if (n < 0 || (size_t)n >= sizeof(path))
		return ATT_IO;
	return site_key_read(path, is_credential_mode, k);
}

static void
derive(const struct att_secret *site, int subkey, uint8_t *out)
{
	/* Fails only for sizes outside its limits, which these are not. */
	(void)crypto_kdf_derive_from_key(
	    out, VAULT_SITE_LEN, (uint64_t)subkey, CONTEXT, site->at);
}

void
vault_sign_derive(struct vault *v)
{
	(void)crypto_sign_seed_keypair(/* always succeeds */
	    v->public_key, v->keys.at + VAULT_SIGN, v->keys.at + VAULT_SEED);
}

static void
derive_all(struct vault *v, const struct att_secret *site)
{
	derive(site, SUBKEY_WRAP, v->keys.at + VAULT_WRAP);
	derive(site, SUBKEY_PEPPER, v->keys.at + VAULT_PEPPER);
	derive(site, SUBKEY_INDEX, v->keys.at + VAULT_INDEX);
	derive(site, SUBKEY_SIGN, v->keys.at + VAULT_SEED);
	derive(site, SUBKEY_INDEX, v->keys.at + VAULT_NAME);
	derive(site, SUBKEY_BACKUP, v->keys.at + VAULT_BACKUP);
	vault_sign_derive(v);
}

/* The file's key; or, only for the site's own, the credential. */
static enum att_err
load(struct vault *v, const char *path, bool may_be_credential)
{
	ATT_AUTO_SECRET struct att_secret site = { 0 };
	enum att_err e = att_secret_new(&site, VAULT_SITE_LEN);

	if (e == ATT_OK)
		e = may_be_credential ? credential_read(&site) : ATT_ABSENT;
	v->credential = e == ATT_OK;
	if (e == ATT_ABSENT)
		e = site_key_read(path, is_file_mode, &site);
	if (e == ATT_OK && v->keys.at == NULL)
		e = att_secret_new(&v->keys, VAULT_KEYS_LEN);
	if (e == ATT_OK)
		derive_all(v, &site);
	return e;
}

static enum att_err
open_path(struct vault **out, char *path, bool may_be_credential)
{
	struct vault *v = path != NULL ? calloc(1, sizeof(*v)) : NULL;
	enum att_err e;

	if (v == NULL) {
		free(path);
		return ATT_NOMEM;
	}
	v->path = path;
	e = load(v, path, may_be_credential);
	if (e != ATT_OK) {
		vault_close(v);
		return e;
	}
	*out = v;
	return ATT_OK;
}

enum att_err
vault_open(struct vault **out, const char *path)
{
	return open_path(out, strdup(path), true);
}

void
vault_close(struct vault *v)
{
	if (v == NULL)
		return;
	att_secret_free(&v->keys);
	free(v->path);
	free(v);
}

enum att_err
vault_ready(void)
{
	return sodium_init() >= 0 ? ATT_OK : ATT_IO;
}

static enum att_err
directory_sync(const char *path)
{
	char copy[PATH_MAX];
	ATT_AUTO_FD int fd = -1;

	(void)snprintf(copy, sizeof(copy), "%s", path); /* checked before */
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0 ? ATT_OK : ATT_IO;
}

static enum att_err
site_key_write(const char *path, const struct att_secret *k)
{
	ATT_AUTO_FD int fd = open(
	    path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);

	if (fd < 0 || fchmod(fd, 0400) != 0 ||
	    write(fd, k->at, k->len) != (ssize_t)k->len || fsync(fd) != 0)
		return ATT_IO;
	return ATT_OK;
}

/* A random key in path with suffix, until now in nobody's use. */
static enum att_err
fresh_key(const char *path, const char *suffix, char fresh[PATH_MAX])
{
	ATT_AUTO_SECRET struct att_secret k = { 0 };
	int n = snprintf(fresh, PATH_MAX, "%s%s", path, suffix);
	enum att_err e;

	if (n < 0 || n >= PATH_MAX)
		return ATT_IO;
	e = att_secret_new(&k, VAULT_SITE_LEN);
	if (e != ATT_OK)
		return e;
	randombytes_buf(k.at, k.len);
	(void)unlink(fresh); /* left by a crash; it never was a key */
	e = site_key_write(fresh, &k);
	if (e != ATT_OK)
		(void)unlink(fresh); /* nothing half-done stays behind */
	return e;
}

enum att_err
vault_create(const char *path)
{
	char fresh[PATH_MAX];
	enum att_err e;

	if (access(path, F_OK) == 0)
		return ATT_EXISTS;
	e = fresh_key(path, ".new", fresh);
	if (e != ATT_OK)
		return e;
	if (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return directory_sync(path);
	e = errno == EEXIST ? ATT_EXISTS : ATT_IO;
	(void)unlink(fresh); /* nothing half-done stays behind */
	return e;
}

static char *
next_path(const struct vault *v)
{
	char *path = NULL;

	return asprintf(&path, "%s" NEXT, v->path) < 0 ? NULL : path;
}

enum att_err
vault_next_create(const struct vault *v, struct vault **next)
{
	char fresh[PATH_MAX];
	enum att_err e;

	if (v->credential)
		return ATT_REFUSED;
	e = fresh_key(v->path, NEXT, fresh);
	if (e == ATT_OK)
		e = directory_sync(v->path);
	return e == ATT_OK ? vault_next_open(v, next) : e;
}

enum att_err
vault_next_open(const struct vault *v, struct vault **next)
{
	return v->credential ? ATT_ABSENT
			     : open_path(next, next_path(v), false);
}

enum att_err
vault_next_promote(const struct vault *v)
{
	ATT_AUTO_FREE char *next = next_path(v);

	if (next == NULL)
		return ATT_NOMEM;
	return rename(next, v->path) == 0 ? directory_sync(v->path) : ATT_IO;
}

enum att_err
vault_reload(struct vault *v, bool next)
{
	ATT_AUTO_FREE char *path = next_path(v);

	if (path == NULL)
		return ATT_NOMEM;
	if (v->credential)
		return next ? ATT_ABSENT : load(v, v->path, true);
	return load(v, next ? path : v->path, false);
}

void
vault_random(void *buf, size_t len)
{
	randombytes_buf(buf, len);
}

static void
keyed_tag(const uint8_t *key, const char *domain, struct att_slice value,
    uint8_t out[VAULT_TAG_LEN])
{
	crypto_generichash_state st;
	size_t n = strlen(domain);
	uint8_t len = (uint8_t)n;

	/* The length in front keeps "ab"+"c" and "a"+"bc" apart. */
	(void)crypto_generichash_init(&st, key, VAULT_SITE_LEN, VAULT_TAG_LEN);
	(void)crypto_generichash_update(&st, &len, 1);
	(void)crypto_generichash_update(&st, (const uint8_t *)domain, n);
	if (value.len > 0)
		(void)crypto_generichash_update(&st, value.at, value.len);
	(void)crypto_generichash_final(&st, out, VAULT_TAG_LEN);
	sodium_memzero(&st, sizeof(st));
}

void
vault_index(const struct vault *v, const char *domain, struct att_slice value,
    uint8_t out[VAULT_TAG_LEN])
{
	keyed_tag(v->keys.at + VAULT_INDEX, domain, value, out);
}

void
vault_site_tag(const struct vault *v, const uint8_t site[VAULT_ID_LEN],
    uint8_t out[VAULT_TAG_LEN])
{
	keyed_tag(v->keys.at + VAULT_NAME, "store-key",
	    (struct att_slice){ site, VAULT_ID_LEN }, out);
}

void
vault_sign(
    const struct vault *v, struct att_slice msg, uint8_t sig[VAULT_SIG_LEN])
{
	(void)crypto_sign_detached(/* always succeeds */
	    sig, NULL, msg.at, msg.len, v->keys.at + VAULT_SIGN);
}

void
vault_public(const struct vault *v, uint8_t pub[VAULT_PUBLIC_LEN])
{
	memcpy(pub, v->public_key, VAULT_PUBLIC_LEN);
}

bool
vault_verify(const uint8_t pub[VAULT_PUBLIC_LEN], struct att_slice msg,
    const uint8_t sig[VAULT_SIG_LEN])
{
	return crypto_sign_verify_detached(sig, msg.at, msg.len, pub) == 0;
}

void
vault_hash(struct att_slice bytes, uint8_t out[VAULT_HASH_LEN])
{
	(void)crypto_generichash(/* fails only for sizes outside its limits */
	    out, VAULT_HASH_LEN, bytes.at, bytes.len, NULL, 0);
}

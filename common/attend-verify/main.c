/*
 * attend-verify: whether an exported audit chain is whole and the site's. It
 * needs no store, no broker and no key but the site's public one, so that
 * whoever is handed an export can check it on a machine of his own.
 */
#include "audit/export.h"
#include "base/clock.h"
#include "base/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	GOOD = 0,
	BAD = 1,
	USAGE = 2
};

static const char usage[] =
    "usage: attend-verify [--list] [--key KEY] FILE\n"
    "  --list     print every record that is good\n"
    "  --key KEY  the site's public key, 64 hex digits, as attendctl status\n"
    "             prints it; without it the one in FILE is believed\n"
    "FILE comes from: attendctl audit export >FILE. See attend-verify(1).\n";

struct options {
	bool list;
	const char *key, *file;
};

static bool
parse(int argc, char **argv, struct options *o)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--list") == 0)
			o->list = true;
		else if (strcmp(argv[i], "--key") == 0 && i + 1 < argc)
			o->key = argv[++i];
		else if (argv[i][0] == '-' || o->file != NULL)
			return false;
		else
			o->file = argv[i];
	}
	return o->file != NULL;
}

static int
digit_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

static bool
parse_key(const char *hex, uint8_t key[VAULT_PUBLIC_LEN])
{
	if (strlen(hex) != 2 * VAULT_PUBLIC_LEN)
		return false;
	for (size_t i = 0; i < VAULT_PUBLIC_LEN; i++) {
		int high = digit_of(hex[2 * i]), low = digit_of(hex[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		key[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static void
print_hex(const uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		printf("%02x", at[i]);
}

/* The file's bytes, mapped; at NULL with errno. */
static struct att_slice
map(const char *path)
{
	ATT_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct att_slice s = { NULL, 0 };
	struct stat st;
	void *at;

	if (fd < 0 || fstat(fd, &st) != 0)
		return s;
	if (!S_ISREG(st.st_mode) || st.st_size == 0) {
		errno = EINVAL;
		return s;
	}
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return s;
	return (struct att_slice){ at, (size_t)st.st_size };
}

static void
list_one(void *ctx, struct att_slice bytes)
{
	char at[ATT_TIME_TEXT];
	struct audit_record r;

	(void)ctx;
	if (audit_decode(bytes, &r) != ATT_OK)
		return; /* the verifier has just read it */
	att_time_format(r.time_utc, at);
	printf("%llu\t%s\t%s\t", (unsigned long long)r.seq, at, r.event);
	print_hex(r.subject, sizeof(r.subject));
	printf("\t%s\t%s\n", r.actor, r.detail);
}

static int
tell(const struct options *o, const struct audit_verifier *v, enum att_err e)
{
	if (e == ATT_FORMAT) {
		fprintf(stderr,
		    "attend-verify: %s is not an export of an audit chain; "
		    "make one with attendctl audit export >FILE\n",
		    o->file);
		return BAD;
	}
	if (e != ATT_OK) {
		fprintf(stderr,
		    "attend-verify: %s is broken at record %llu: %s\n", o->file,
		    (unsigned long long)v->bad_seq, v->why);
		return BAD;
	}
	printf("%s: good, records %llu to %llu, signed by ", o->file,
	    (unsigned long long)v->base_seq + 1, (unsigned long long)v->seq);
	print_hex(v->pub, sizeof(v->pub));
	printf("\n");
	if (o->key == NULL)
		fprintf(stderr,
		    "attend-verify: that key came with the file; ask the site "
		    "for its own and give it with --key\n");
	return fflush(stdout) == 0 ? GOOD : BAD;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct audit_verifier v = { 0 };
	uint8_t key[VAULT_PUBLIC_LEN];
	struct att_slice file;
	enum att_err e;

	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return fputs(usage, stdout) < 0 ? BAD : GOOD;
	if (!parse(argc, argv, &o) ||
	    (o.key != NULL && !parse_key(o.key, key))) {
		(void)fputs(usage, stderr);
		return USAGE;
	}
	file = map(o.file);
	if (file.at == NULL) {
		fprintf(stderr, "attend-verify: %s: %s\n", o.file,
		    errno == EINVAL ? "not a file with anything in it"
				    : strerror(errno));
		return BAD;
	}
	if (vault_ready() != ATT_OK) {
		(void)fputs(
		    "attend-verify: libsodium does not start\n", stderr);
		return BAD;
	}
	e = o.key != NULL ? ATT_OK : audit_export_public(file, key);
	if (e == ATT_OK)
		e = audit_export_verify(
		    file, key, &v, o.list ? list_one : NULL, NULL);
	return tell(&o, &v, e);
}

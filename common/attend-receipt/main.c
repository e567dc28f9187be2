/*
 * attend-receipt: checks consent receipts with the site's public key. It needs
 * no store, no broker and no rights: whoever was given a receipt can run it,
 * on any machine.
 */
#include "base/owner.h"
#include "store/receipt.h"

#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX (1u << 20) /* bytes of a file */
#define KEYS_MAX 16

#define _(text) gettext(text)

enum {
	GOOD = 0,
	BAD = 1,
	USAGE = 2,
};

struct keys {
	uint8_t at[KEYS_MAX][VAULT_PUBLIC_LEN];
	size_t n;
};

static int
complain(const char *path, const char *why)
{
	fprintf(stderr, "attend-receipt: %s: %s\n", path, why);
	return USAGE;
}

/* The whole of a file, owned, NUL-terminated; NULL with the reason told. */
static char *
read_file(const char *path)
{
	bool standard = strcmp(path, "-") == 0;
	ATT_AUTO_FILE FILE *opened = standard ? NULL : fopen(path, "re");
	FILE *f = standard ? stdin : opened;
	ATT_AUTO_FREE char *text = malloc(FILE_MAX + 1);
	size_t n;

	if (f == NULL || text == NULL) {
		(void)complain(path, strerror(errno));
		return NULL;
	}
	n = fread(text, 1, FILE_MAX + 1, f);
	if (ferror(f)) {
		(void)complain(path, strerror(errno));
		return NULL;
	}
	if (n > FILE_MAX || memchr(text, 0, n) != NULL) {
		(void)complain(path, _("this is not a text of receipts"));
		return NULL;
	}
	text[n] = '\0';
	return att_take_ptr(text);
}

static int
read_keys(const char *path, struct keys *keys)
{
	ATT_AUTO_FREE char *text = read_file(path);
	const char *at = text;
	enum att_err e = ATT_OK;

	if (text == NULL)
		return USAGE;
	while (e == ATT_OK && keys->n < KEYS_MAX) {
		e = receipt_key_next(&at, keys->at[keys->n]);
		if (e == ATT_OK)
			keys->n++;
	}
	if (e == ATT_FORMAT || keys->n == 0)
		return complain(path,
		    _("there is no public key in it; attendctl key show "
		      "prints the site's"));
	return GOOD;
}

/* What is wrong with a receipt, translated; NULL: it is good. */
static const char *
wrong(const struct receipt *r, const struct keys *keys)
{
	bool named = false;

	for (size_t i = 0; i < keys->n; i++) {
		if (!receipt_names(r, keys->at[i]))
			continue;
		named = true;
		if (receipt_verify(r, keys->at[i]))
			return NULL;
	}
	return named ? _("it was changed after it was signed")
		     : _("it names another key than the site's");
}

static void
show(const struct receipt *r, const char *why)
{
	const struct store_consent *c = &r->consent;
	char at[ATT_TIME_TEXT];

	att_time_format(c->at_utc, at);
	printf("%s  %s  %s %s  %s %s%s%s%s%s\n", why == NULL ? "good" : "BAD ",
	    at, store_purpose_id(c->purpose), store_consent_kind_id(c->kind),
	    _("notice"), c->notice, c->recipient[0] != '\0' ? "  -> " : "",
	    c->recipient, why != NULL ? ": " : "", why != NULL ? why : "");
}

static int
check_file(const char *path, const struct keys *keys)
{
	ATT_AUTO_FREE char *text = read_file(path);
	const char *at = text;
	struct receipt r;
	unsigned n = 0;
	int status = GOOD;
	enum att_err e;

	if (text == NULL)
		return USAGE;
	for (; (e = receipt_next(&at, &r)) != ATT_ABSENT; n++) {
		const char *why = e == ATT_OK ? wrong(&r, keys) : NULL;

		if (e == ATT_OK)
			show(&r, why);
		else
			printf("BAD   %s\n",
			    _("a receipt that is not in the documented form"));
		if (e != ATT_OK || why != NULL)
			status = BAD;
	}
	return n > 0 ? status : complain(path, _("there is no receipt in it"));
}

static int
usage(FILE *to)
{
	fputs("usage: attend-receipt KEYFILE [FILE...]\n", to);
	return to == stdout ? GOOD : USAGE;
}

/* The language wanted, whether or not this machine has its locale. */
static void
choose_locale(void)
{
	const char *lang = getenv("LANG");

	if (setlocale(LC_ALL, "") != NULL)
		return;
	(void)setlocale(LC_ALL, "C.UTF-8");
	(void)setenv("LANGUAGE", lang != NULL ? lang : "", 0);
}

int
main(int argc, char **argv)
{
	char dash[] = "-";
	char *standard[] = { dash, NULL };
	struct keys keys = { 0 };
	char **files = argc > 2 ? argv + 2 : standard;
	int status;

	choose_locale();
	(void)bindtextdomain("attend", ATT_LOCALEDIR);
	(void)textdomain("attend");
	if (argc < 2)
		return usage(stderr);
	if (strcmp(argv[1], "--help") == 0)
		return usage(stdout);
	if (strcmp(argv[1], "--version") == 0) {
		printf("attend-receipt %s\n", ATT_VERSION);
		return GOOD;
	}
	status = read_keys(argv[1], &keys);
	if (status != GOOD)
		return status;
	for (; *files != NULL; files++) {
		int now = check_file(*files, &keys);

		status = now > status ? now : status;
	}
	return fflush(stdout) == 0 ? status : BAD;
}

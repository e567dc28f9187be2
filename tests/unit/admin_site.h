/*
 * A site for the tests of verbs: a real store, vault, directory and wire in
 * a mount namespace of the test's own, and a client at the other end that
 * answers and collects.
 */
#ifndef ATT_TESTS_ADMIN_SITE_H
#define ATT_TESTS_ADMIN_SITE_H

#include "admin/verbs.h"
#include "attendd/dialogue.h"

#include <stdbool.h>

#define SITE_WORDS   20
#define SITE_ANSWERS 8
#define SITE_OUTPUT  (256 * 1024)

struct site {
	struct dialogue d;
	struct config config;
	struct att_secret in, out, answer;
	/* what the next command is given */
	uid_t uid;
	uint32_t flags;
	const char *answers[SITE_ANSWERS]; /* NULL: nobody answers */
	const char *files[WIRE_FDS_MAX];
	/* what the last command gave */
	unsigned asked;
	char printed[SITE_OUTPUT]; /* standard output */
	char told[SITE_OUTPUT]; /* standard error and texts */
};

/*
 * Folders, and the clock at noon of 2 March 2026 UTC. False (and the test is
 * skipped) where a namespace cannot be had.
 */
bool site_open_bare(struct site *s);
/* What `attendctl init` does, with the notices of a folder. */
enum verb_status site_init(struct site *s, const char *notices);
/* Both, with SITE_NOTICE in force as version 1. */
bool site_open(struct site *s);
#define SITE_NOTICE "We keep little.\n\nAnd so on.\n"
void site_close(struct site *s);

/* Run one command line; a list of words that ends with NULL. */
enum verb_status site_run(struct site *s, const char *const *words);
#define RUN(s, ...) site_run((s), (const char *const[]){ __VA_ARGS__, NULL })

/* Whether the last command printed, or told, the text. */
bool site_printed(const struct site *s, const char *text);
bool site_told(const struct site *s, const char *text);

/* Write a file in the test's folder; its path. */
const char *site_file(const char *name, const char *text);

/* An adult, agreed and with the PIN 729416: number 1042. */
bool site_adult(struct site *s);
#define SITE_PIN "729416"

#endif

/*
 * The file a new directory is written to: whole, beside the published one,
 * and put in its place at the end. Bytes go in order; the content check is
 * made on the way. Until sink_commit the published file is untouched, and a
 * sink that is dropped takes its temporary file with it.
 */
#ifndef ATT_DIRECTORY_SINK_H
#define ATT_DIRECTORY_SINK_H

#include "base/err.h"
#include "directory/head.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct sink {
	char path[PATH_MAX]; /* the published file */
	char fresh[PATH_MAX]; /* the one being written; "": none */
	int fd, folder;
	const struct directory_key *key; /* borrowed */
	uint64_t at; /* bytes taken, the header's included */
	uint64_t check;
	enum att_err err; /* the first failure */
	int err_no;
	size_t held;
	uint8_t block[DIRECTORY_BLOCK_LEN]; /* of the file, as far as held */
};

/*
 * Start a file beside path, in place of one that an interrupted writer left.
 * ATT_IO (errno), ATT_LIMIT: path is too long. Ended by sink_drop in any case.
 */
enum att_err sink_open(struct sink *s, const char *path,
    const struct directory_key *key) ATT_CHECKED;
void sink_drop(struct sink *s);

/* Failures are kept for sink_commit. */
void sink_put(struct sink *s, const void *at, size_t len);
void sink_put_le32(struct sink *s, uint32_t v);
void sink_align(struct sink *s);

/*
 * Write the header, with size and content check filled in, sync, rename into
 * place, sync the folder and mark the replaced file as superseded. ATT_IO
 * (errno), ATT_LIMIT: larger than DIRECTORY_SIZE_MAX. On a failure the
 * published file is the old one; only if the folder could not be synced it is
 * the new one already, and a power cut may bring the old one back.
 */
enum att_err sink_commit(struct sink *s, struct directory_head *h) ATT_CHECKED;

#endif

/*
 * The header of a directory file as values; format.h is its document. One
 * decoder and one encoder, for the reader and the writer.
 */
#ifndef ATT_DIRECTORY_HEAD_H
#define ATT_DIRECTORY_HEAD_H

#include "base/err.h"
#include "directory/format.h"
#include "directory/hash.h"

#include <stddef.h>
#include <stdint.h>

enum directory_table {
	DIRECTORY_PEOPLE,
	DIRECTORY_RECORDS,
	DIRECTORY_GROUPS,
	DIRECTORY_MEMBERS,
	DIRECTORY_BY_NAME,
	DIRECTORY_BY_UID,
	DIRECTORY_GROUP_BY_NAME,
	DIRECTORY_GROUP_BY_GID,
	DIRECTORY_TABLES
};

struct directory_extent {
	uint32_t at, n;
};

struct directory_head {
	uint64_t size;
	uint64_t generation;
	int64_t made_utc;
	struct directory_key key;
	uint32_t flags;
	uint32_t id_min, id_max;
	uint32_t probe_max;
	struct directory_extent table[DIRECTORY_TABLES];
	uint64_t content_check;
};

/* An index slot that leads to ref. */
static inline uint32_t
directory_slot(uint64_t hash, uint32_t ref)
{
	return (uint32_t)(hash >> 32) >> DIRECTORY_REF_BITS
		<< DIRECTORY_REF_BITS |
	    ref / DIRECTORY_RECORD_ALIGN;
}

/* Bytes of one entry of a table. */
size_t directory_width(enum directory_table t);

/*
 * Decode the header of a file of size bytes and check all it says: magic,
 * format, its own check, its size against the given one, ids within what can
 * be ours, every table aligned and inside. ATT_NEWER for a format this
 * program does not know, ATT_CORRUPT for anything else.
 */
enum att_err directory_head_read(
    struct directory_head *out, const uint8_t *at, size_t size) ATT_CHECKED;

void directory_head_write(
    const struct directory_head *h, uint8_t out[DIRECTORY_HEAD_LEN]);

#endif

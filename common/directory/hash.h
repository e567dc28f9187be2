/*
 * The keyed function of the directory file: it places keys in the indexes and
 * finds damaged bytes, fast enough to run on every record of every lookup.
 */
#ifndef ATT_DIRECTORY_HASH_H
#define ATT_DIRECTORY_HASH_H

#include <stddef.h>
#include <stdint.h>

#define DIRECTORY_KEY_LEN 16

struct directory_key {
	uint64_t k0, k1;
};

struct directory_key directory_key_of(const uint8_t bytes[DIRECTORY_KEY_LEN]);

/*
 * 64 bits that change with any byte of the input but for a chance of about
 * 2^-64. Words go in pairs through a 64 by 64 bit multiplication whose halves
 * are folded together, each keyed by its place, and all are added up: none
 * waits for another. See hash.c, which is the definition.
 * seed: what kind of bytes these are, or the check of what went before.
 */
uint64_t directory_check(const struct directory_key *k, uint64_t seed,
    const uint8_t *at, size_t len);

enum directory_seed {
	DIRECTORY_SEED_HEAD = 1,
	DIRECTORY_SEED_CONTENT = 2,
	DIRECTORY_SEED_PERSON = 3,
	DIRECTORY_SEED_GROUP = 4,
	DIRECTORY_SEED_MEMBERS = 5,
	DIRECTORY_SEED_NAME = 6,
	DIRECTORY_SEED_ID = 7,
};

/* Where a name, or an id as its four little-endian bytes, is in an index. */
uint64_t
directory_hash(const struct directory_key *k, const uint8_t *at, size_t len);
uint64_t directory_hash_id(const struct directory_key *k, uint32_t id);

#endif

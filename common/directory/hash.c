#include "directory/hash.h"

#include "base/bytes.h"

struct directory_key
directory_key_of(const uint8_t bytes[DIRECTORY_KEY_LEN])
{
	return (
	    struct directory_key){ att_le64_at(bytes), att_le64_at(bytes + 8) };
}

/* The halves of the 128-bit product of x and y, folded together. */
static inline uint64_t
fold(uint64_t x, uint64_t y)
{
#ifdef __SIZEOF_INT128__
	__extension__ const unsigned __int128 p = (unsigned __int128)x * y;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
#else
	const uint64_t xl = (uint32_t)x, xh = x >> 32;
	const uint64_t yl = (uint32_t)y, yh = y >> 32;
	const uint64_t ll = xl * yl, hl = xh * yl, lh = xl * yh;
	const uint64_t mid = (ll >> 32) + (uint32_t)hl + (uint32_t)lh;

	return (mid << 32 | (uint32_t)ll) ^
	    (xh * yh + (hl >> 32) + (lh >> 32) + (mid >> 32));
#endif
}

/* A key ready for use, for one place in the bytes. */
struct keyed {
	uint64_t x, y;
};

static inline struct keyed
keyed_of(const struct directory_key *k)
{
	/* so that a key of zeros, or of text, does not multiply by zero where
	 * the data is zeros: what a factor of zero meets is forgotten */
	return (struct keyed){ k->k1 ^ 0x9e3779b97f4a7c15u,
		k->k0 ^ 0xd6e8feb86659fd93u };
}

static inline struct keyed
next_place(struct keyed k)
{
	return (struct keyed){ k.x + 0xa0761d6478bd642fu,
		k.y + 0xe7037ed1a0b428dbu };
}

static inline uint64_t
pair(struct keyed k, uint64_t a, uint64_t b)
{
	return fold(a ^ k.x, b ^ k.y);
}

static inline uint64_t
pair_at(struct keyed k, const uint8_t *at)
{
	return pair(k, att_le64_at(at), att_le64_at(at + 8));
}

/* Fewer than 16 bytes: words from both ends, which may overlap. */
static inline uint64_t
pair_short(struct keyed k, const uint8_t *at, size_t len)
{
	if (len >= 8)
		return pair(k, att_le64_at(at), att_le64_at(at + len - 8));
	if (len >= 4)
		return pair(k, att_le32_at(at), att_le32_at(at + len - 4));
	if (len == 0)
		return pair(k, 0, 0);
	return pair(k, at[0] | (uint64_t)at[len / 2] << 8, at[len - 1]);
}

static inline uint64_t
finish(struct keyed k, uint64_t seed, size_t len, uint64_t sum)
{
	return fold(sum ^ k.x, fold(seed ^ k.y, len ^ k.x) ^ k.y);
}

uint64_t
directory_check(const struct directory_key *key, uint64_t seed,
    const uint8_t *at, size_t len)
{
	const struct keyed whole = keyed_of(key);
	struct keyed k = next_place(whole);
	uint64_t sum = 0;
	size_t left = len;

	for (; left > 16; left -= 16, at += 16, k = next_place(k))
		sum += pair_at(k, at);
	/* the last 16 bytes there are, some of them perhaps again */
	sum += len >= 16 ? pair_at(k, at + left - 16) : pair_short(k, at, len);
	return finish(whole, seed, len, sum);
}

/* directory_check(), with the shortcut that most names take. */
uint64_t
directory_hash(const struct directory_key *key, const uint8_t *at, size_t len)
{
	const struct keyed whole = keyed_of(key);

	if (len >= 16)
		return directory_check(key, DIRECTORY_SEED_NAME, at, len);
	return finish(whole, DIRECTORY_SEED_NAME, len,
	    pair_short(next_place(whole), at, len));
}

uint64_t
directory_hash_id(const struct directory_key *key, uint32_t id)
{
	const struct keyed whole = keyed_of(key);

	/* directory_check() of its four bytes, which are both words */
	return finish(
	    whole, DIRECTORY_SEED_ID, 4, pair(next_place(whole), id, id));
}

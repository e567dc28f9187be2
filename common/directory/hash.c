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

/* A key ready for use, and the one chain or the other. */
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

static inline uint64_t
step(struct keyed k, uint64_t h, uint64_t a, uint64_t b)
{
	return fold(a ^ k.x, b ^ h ^ k.y);
}

static inline uint64_t
step_at(struct keyed k, uint64_t h, const uint8_t *at)
{
	return step(k, h, att_le64_at(at), att_le64_at(at + 8));
}

/* Fewer than 16 bytes: words from both ends, which may overlap. */
static inline uint64_t
step_short(struct keyed k, uint64_t h, const uint8_t *at, size_t len)
{
	if (len >= 8)
		return step(k, h, att_le64_at(at), att_le64_at(at + len - 8));
	if (len >= 4)
		return step(k, h, att_le32_at(at), att_le32_at(at + len - 4));
	if (len == 0)
		return step(k, h, 0, 0);
	return step(k, h, at[0] | (uint64_t)at[len / 2] << 8, at[len - 1]);
}

uint64_t
directory_check(const struct directory_key *key, uint64_t seed,
    const uint8_t *at, size_t len)
{
	const struct keyed k = keyed_of(key);
	uint64_t h = fold(seed ^ k.y, len ^ k.x), g = h;
	size_t left = len;

	for (; left > 32; left -= 32, at += 32) {
		h = step_at(k, h, at);
		g = step_at(k, g, at + 16);
	}
	if (left > 16)
		h = step_at(k, h, at);
	/* the last 16 bytes there are, some of them again */
	if (len >= 16)
		g = step_at(k, g, at + left - 16);
	else
		g = step_short(k, g, at, len);
	return fold(h ^ k.y, g ^ k.x);
}

uint64_t
directory_hash(const struct directory_key *k, const uint8_t *at, size_t len)
{
	return directory_check(k, DIRECTORY_SEED_NAME, at, len);
}

uint64_t
directory_hash_id(const struct directory_key *key, uint32_t id)
{
	const struct keyed k = keyed_of(key);

	/* as directory_check() of its bytes, which are both words */
	const uint64_t h = fold(DIRECTORY_SEED_ID ^ k.y, 4 ^ k.x);

	return fold(h ^ k.y, step(k, h, id, id) ^ k.x);
}

#include "directory/hash.h"

#include "base/bytes.h"

struct directory_key
directory_key_of(const uint8_t bytes[DIRECTORY_KEY_LEN])
{
	return (
	    struct directory_key){ att_le64_at(bytes), att_le64_at(bytes + 8) };
}

struct sip {
	uint64_t a, b, c, d;
};

static inline uint64_t
rotl(uint64_t x, unsigned n)
{
	return x << n | x >> (64 - n);
}

static inline void
sip_round(struct sip *s)
{
	s->a += s->b;
	s->b = rotl(s->b, 13) ^ s->a;
	s->a = rotl(s->a, 32);
	s->c += s->d;
	s->d = rotl(s->d, 16) ^ s->c;
	s->a += s->d;
	s->d = rotl(s->d, 21) ^ s->a;
	s->c += s->b;
	s->b = rotl(s->b, 17) ^ s->c;
	s->c = rotl(s->c, 32);
}

static inline struct sip
sip_start(const struct directory_key *k)
{
	return (struct sip){
		k->k0 ^ 0x736f6d6570736575u,
		k->k1 ^ 0x646f72616e646f6du,
		k->k0 ^ 0x6c7967656e657261u,
		k->k1 ^ 0x7465646279746573u,
	};
}

static inline void
sip_word(struct sip *s, uint64_t w)
{
	s->d ^= w;
	sip_round(s);
	s->a ^= w;
}

static inline uint64_t
sip_end(struct sip *s)
{
	s->c ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->a ^ s->b ^ s->c ^ s->d;
}

uint64_t
directory_hash(const struct directory_key *k, const uint8_t *at, size_t len)
{
	struct sip s = sip_start(k);
	uint64_t last = (uint64_t)len << 56;
	size_t whole = len & ~(size_t)7;

	for (size_t i = 0; i < whole; i += 8)
		sip_word(&s, att_le64_at(at + i));
	for (size_t i = whole; i < len; i++)
		last |= (uint64_t)at[i] << (8 * (i - whole));
	sip_word(&s, last);
	return sip_end(&s);
}

uint64_t
directory_hash_id(const struct directory_key *k, uint32_t id)
{
	struct sip s = sip_start(k);

	sip_word(&s, (uint64_t)4 << 56 | id);
	return sip_end(&s);
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

/*
 * The constants keep a key of zeros, or of text, from multiplying by zero
 * where the data is zeros: what a factor of zero meets is forgotten.
 */
uint64_t
directory_check(
    const struct directory_key *k, uint64_t seed, const uint8_t *at, size_t len)
{
	const uint64_t x = k->k1 ^ 0x9e3779b97f4a7c15u;
	const uint64_t y = k->k0 ^ 0xd6e8feb86659fd93u;
	uint64_t h = fold(seed ^ y, len ^ x);
	uint64_t tail[2] = { 0, 0 };
	size_t i = 0;

	for (; len - i >= 16; i += 16)
		h = fold(
		    att_le64_at(at + i) ^ x, att_le64_at(at + i + 8) ^ h ^ y);
	if (len - i >= 8) {
		tail[0] = att_le64_at(at + i);
		i += 8;
	}
	for (unsigned n = 0; i < len; i++, n++)
		tail[1] |= (uint64_t)at[i] << (8 * n);
	h = fold(tail[0] ^ x, tail[1] ^ h ^ y);
	return fold(h ^ y, x);
}

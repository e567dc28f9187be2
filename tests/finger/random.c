#include "tests/finger/finger.h"

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

struct finger_random
finger_random_of(uint64_t a, uint64_t b)
{
	return (struct finger_random){ mix(a + 0x9e3779b97f4a7c15u) ^
		mix(b * 0xd6e8feb86659fd93u + 1) };
}

uint32_t
finger_random_bits(struct finger_random *r)
{
	r->state += 0x9e3779b97f4a7c15u;
	return (uint32_t)(mix(r->state) >> 32);
}

double
finger_random_in(struct finger_random *r, double low, double high)
{
	return low + (high - low) * finger_random_bits(r) / 4294967296.0;
}

double
finger_random_normal(struct finger_random *r)
{
	double sum = 0;

	for (int i = 0; i < 5; i++)
		sum += finger_random_in(r, -0.775, 0.775);
	return sum;
}

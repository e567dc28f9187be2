/*
 * The fuzzer of the directory file, for a fixed number of runs from a fixed
 * seed: what `make fuzz` explores is here held on to, plain and under the
 * sanitizers. A wrong answer aborts.
 */
#include "sample_directory.h"
#include "test.h"

#include "tests/fuzz/fuzz_directory.c"

#define RUNS 50000

static uint64_t random_word = 0x9e3779b97f4a7c15u;

static uint32_t
pick(uint32_t below)
{
	random_word ^= random_word << 13;
	random_word ^= random_word >> 7;
	random_word ^= random_word << 17;
	return (uint32_t)(random_word >> 32) % below;
}

/* Up to eight changes: a bit, a byte, a word of extremes, a run copied. */
static void
mutate(uint8_t *at, size_t len)
{
	static const uint32_t extremes[] = { 0, 1, 0x7fffffff, 0x80000000,
		UINT32_MAX, UINT32_MAX - 15, 0xffff, 256, 64 };

	for (uint32_t n = 1 + pick(8); n > 0; n--) {
		const uint32_t where = pick((uint32_t)len - 32);
		const uint32_t kind = pick(4);
		struct att_writer w = att_writer_of(at + where, 4);

		if (kind == 0)
			at[where] ^= (uint8_t)(1u << pick(8));
		else if (kind == 1)
			at[where] = (uint8_t)pick(256);
		else if (kind == 2)
			att_put_le32(&w,
			    extremes[pick(
				sizeof(extremes) / sizeof(*extremes))]);
		else
			memmove(at + where, at + pick((uint32_t)len - 32),
			    1 + pick(32));
	}
}

TEST("a directory changed at random, and signed again, misleads no reader")
{
	size_t size = 0;
	uint8_t *good, *bad;

	NEED(sample_publish(test_path("directory"), &sample_options));
	good = sample_bytes(test_path("directory"), &size);
	NEED(good != NULL);
	bad = malloc(size + 1);
	NEED(bad != NULL);

	for (unsigned run = 0; run < RUNS; run++) {
		memcpy(bad + 1, good, size);
		mutate(bad + 1, size);
		bad[0] = (uint8_t)pick(8); /* which checks are made again */
		(void)LLVMFuzzerTestOneInput(
		    bad, run % 16 == 0 ? 1 + pick((uint32_t)size) : size + 1);
	}

	CHECK(true); /* it aborts otherwise */
	free(good);
	free(bad);
}

/*
 * The smallest test harness that keeps the rules: a test is a sentence that
 * is true of the suite, CHECK evaluates its expression once, and a test that
 * returns without a check fails. Prints TAP; main is in test.c.
 *
 *	TEST("a withdrawn consent refuses login from that second on")
 *	{
 *		...
 *		CHECK(x == y);
 *	}
 */
#ifndef ATT_TESTS_TEST_H
#define ATT_TESTS_TEST_H

#include <stdbool.h>
#include <stddef.h>

struct test {
	const char *sentence;
	void (*run)(void);
	struct test *next;
};

void test_add(struct test *t);

/* Counts; on failure prints file, line and expression. Returns ok. */
bool test_check(bool ok, const char *file, int line, const char *expr);

/* Mark the running test as skipped, with the reason. */
void test_skip(const char *reason);

/* A fresh directory for this test, removed with all it holds after it. */
const char *test_dir(void);
/* test_dir() "/" name; static, valid until the fourth call from now. */
const char *test_path(const char *name);

#define TEST_CAT_(a, b) a##b
#define TEST_CAT(a, b)	TEST_CAT_(a, b)
#define TEST_AT(sentence_, fn)                                            \
	static void fn(void);                                             \
	__attribute__((constructor)) static void TEST_CAT(fn, _add)(void) \
	{                                                                 \
		static struct test t = { .sentence = (sentence_),         \
			.run = (fn) };                                    \
		test_add(&t);                                             \
	}                                                                 \
	static void fn(void)
#define TEST(sentence) TEST_AT(sentence, TEST_CAT(test_at_line_, __LINE__))

#define CHECK(expr) ((void)test_check((expr), __FILE__, __LINE__, #expr))
/* Leave the test if it fails: what follows needs it. */
#define NEED(expr)                                                  \
	do {                                                        \
		if (!test_check((expr), __FILE__, __LINE__, #expr)) \
			return;                                     \
	} while (0)

#endif

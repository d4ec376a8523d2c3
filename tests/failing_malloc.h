/*
 * Each allocation fails in turn, until the call gets through: every time a negative code with a message, and nothing is
 * left behind. The allocator of the program is replaced, so that the libraries' calls fail too; the sanitizers bring one
 * of their own and leave these tests out. For one test program: it defines malloc().
 */
#ifndef ASSAY_TESTS_FAILING_MALLOC_H
#define ASSAY_TESTS_FAILING_MALLOC_H

#include "check.h"

#include "base/error.h"

#include <errno.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1 /* gcc's word */
#endif
#endif

#ifdef __SANITIZE_ADDRESS__
#define REPLACED 0
static long live, countdown;
#else
#define REPLACED 1
static long live; /* blocks in use */
static long countdown = -1; /* allocations until one fails; negative: none does */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);
void *memalign(size_t alignment, size_t size);

static int fails(void)
{
	if (countdown < 0 || countdown-- > 0)
		return 0;
	errno = ENOMEM;
	return 1;
}

static void *counted(void *block)
{
	live += block != NULL;
	return block;
}

void *malloc(size_t size)
{
	return fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : counted(__libc_calloc(n, size));
}

void *realloc(void *old, size_t size)
{
	if (fails())
		return NULL;
	return old ? __libc_realloc(old, size) : counted(__libc_realloc(old, size));
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : counted(__libc_memalign(alignment, size));
}

/* libgomp's way to memory; it ends the program where it gets none, so this one does not fail. */
void *memalign(size_t alignment, size_t size)
{
	return counted(__libc_memalign(alignment, size));
}

void free(void *block)
{
	live -= block != NULL;
	__libc_free(block);
}
#endif

/* Call it with the 1st, 2nd, 3rd ... allocation failing; how often it failed. */
static int fail_each(int (*call)(struct error *err), int check_leaks)
{
	int failures = 0;

	for (long nth = 0;; nth++) {
		struct error err = {0};
		long before = live;
		int rc;

		countdown = nth;
		rc = call(&err);
		if (countdown >= 0) { /* it had fewer than n */
			countdown = -1;
			check_ok(rc, err);
			return failures;
		}
		if (check_leaks)
			assert_int_equal(live, before);
		if (rc == 0) /* a library could do without */
			continue;
		assert_true(rc < 0);
		assert_int_equal(err.code, rc);
		assert_true(err.text[0]);
		failures++;
	}
}

/* The test: `call` with every allocation failing in turn. */
static void fail_in_turn(int (*call)(struct error *err))
{
	struct error err = {0};

	if (!REPLACED)
		skip();
	check_ok(call(&err), err); /* libraries keep what they need: first where nothing fails, */
	fail_each(call, 0); /* then what they need to note failures */
	assert_true(fail_each(call, 1) > 3);
}

#endif

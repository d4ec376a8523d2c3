#include "store/memory.h"

#include <git2.h>
#include <git2/sys/alloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Above this it is a file's or a pack's bytes that do not fit: libgit2 reports that as it should. */
enum { SMALL = 1 << 16 };

static void *checked(void *memory, size_t size)
{
	static const char said[] = "assay: out of memory\nhint: a run under way is kept; the next command records it\n";

	if (!memory && size && size <= SMALL) {
		(void)!write(STDERR_FILENO, said, sizeof(said) - 1);
		_exit(3);
	}
	return memory;
}

static void *resize_array(void *old, size_t n, size_t size, const char *file, int line)
{
	size_t all;

	(void)file;
	(void)line;
	if (__builtin_mul_overflow(n, size, &all))
		return NULL;
	return checked(realloc(old, all), all);
}

static void *resize(void *old, size_t size, const char *file, int line)
{
	return resize_array(old, 1, size, file, line);
}

static void *take(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return checked(malloc(size), size);
}

static void *take_array(size_t n, size_t size, const char *file, int line)
{
	return resize_array(NULL, n, size, file, line);
}

static void *take_zeroed(size_t n, size_t size, const char *file, int line)
{
	size_t all;

	(void)file;
	(void)line;
	if (__builtin_mul_overflow(n, size, &all))
		return NULL;
	return checked(calloc(n, size), all);
}

/* Exactly len bytes of text and a NUL. */
static char *copy_part(const char *text, size_t len, const char *file, int line)
{
	char *copy = len + 1 ? take(len + 1, file, line) : NULL;

	if (copy) {
		memcpy(copy, text, len);
		copy[len] = '\0';
	}
	return copy;
}

static char *copy_most(const char *text, size_t most, const char *file, int line)
{
	return copy_part(text, strnlen(text, most), file, line);
}

static char *copy(const char *text, const char *file, int line)
{
	return copy_part(text, strlen(text), file, line);
}

int memory_guard_libgit2(void)
{
	static git_allocator guarded = {
		.gmalloc = take,
		.gcalloc = take_zeroed,
		.gstrdup = copy,
		.gstrndup = copy_most,
		.gsubstrdup = copy_part,
		.grealloc = resize,
		.greallocarray = resize_array,
		.gmallocarray = take_array,
		.gfree = free,
	};

	return git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &guarded);
}

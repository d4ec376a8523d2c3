/*
 * Put before the C library by LD_PRELOAD: strikes assay, and none of its children, at the n-th call that changes the file
 * system. STRIKE=kill:N kills it there, fail:N lets that call find the disk full, full:N that one and all that follow;
 * STRIKE_COUNT names a file that gets the number of calls at the end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int armed, calls;
static long limit;
static char how[8];

#define REAL(name) (*(__typeof__(name) **)(void *[]){dlsym(RTLD_NEXT, #name)})

__attribute__((constructor)) static void arm(void)
{
	const char *strike = getenv("STRIKE");

	if (!strike || strcmp(program_invocation_short_name, "assay") != 0)
		return;
	armed = sscanf(strike, "%7[a-z]:%ld", how, &limit) == 2;
}

__attribute__((destructor)) static void count(void)
{
	const char *path = getenv("STRIKE_COUNT");
	FILE *file = armed && path ? fopen(path, "w") : NULL;

	if (file) {
		fprintf(file, "%d\n", calls);
		fclose(file);
	}
}

/* 1 if this call is to fail; creates: it needs room on the disk. */
static int struck(int creates)
{
	int n;

	if (!armed)
		return 0;
	n = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
	if (!strcmp(how, "kill") && n == limit)
		raise(SIGKILL);
	errno = ENOSPC;
	return creates && ((!strcmp(how, "fail") && n == limit) || (!strcmp(how, "full") && n >= limit));
}

static mode_t permissions(int flags, va_list args)
{
	return flags & O_CREAT ? va_arg(args, mode_t) : 0;
}

#define OPEN(name)                                                                        \
	int name(const char *path, int flags, ...)                                        \
	{                                                                                 \
		mode_t mode;                                                              \
		va_list args;                                                             \
                                                                                          \
		va_start(args, flags);                                                    \
		mode = permissions(flags, args);                                          \
		va_end(args);                                                             \
		return flags & O_CREAT && struck(1) ? -1 : REAL(name)(path, flags, mode); \
	}
OPEN(open)
OPEN(open64)

int mkostemp(char *pattern, int flags)
{
	return struck(1) ? -1 : REAL(mkostemp)(pattern, flags);
}

char *mkdtemp(char *pattern)
{
	return struck(1) ? NULL : REAL(mkdtemp)(pattern);
}

int mkdir(const char *path, mode_t mode)
{
	return struck(1) ? -1 : REAL(mkdir)(path, mode);
}

int rename(const char *from, const char *to)
{
	return struck(1) ? -1 : REAL(rename)(from, to);
}

int link(const char *from, const char *to)
{
	return struck(1) ? -1 : REAL(link)(from, to);
}

int unlink(const char *path)
{
	(void)struck(0);
	return REAL(unlink)(path);
}

int unlinkat(int dir, const char *path, int flags)
{
	(void)struck(0);
	return REAL(unlinkat)(dir, path, flags);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	struct stat st;
	int file = armed && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && fd > 2;

	return file && struck(1) ? -1 : REAL(write)(fd, bytes, len);
}

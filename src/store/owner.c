/* A process is its number, its boot and its start time: a number alone is used again (proc(5), field 22 of stat). */
#include "store/owner.h"
#include "base/file.h"

#include <unistd.h>

enum { START_FIELD = 22, HOST_MAX = 256, WORD_MAX = 64 };

/* Start time of a process in clock ticks since boot; 0 if there is no such process, or one that ended and is not reaped. */
static unsigned long long start_time(long pid)
{
	unsigned long long ticks = 0;
	struct buf stat = BUF_INIT;
	const char *at = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	if (file_read(&stat, path, NULL) == 0)
		at = strrchr(stat.text, ')'); /* the name in field 2 may hold blanks and brackets */
	if (at && (!strncmp(at, ") Z", 3) || !strncmp(at, ") X", 3)))
		at = NULL;
	for (int field = 2; at && field < START_FIELD; field++) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	if (at)
		ticks = strtoull(at, NULL, 10);
	buf_release(&stat);
	return ticks;
}

/* One word of this machine each; "-" where it cannot be known. */
static void host_words(char host[HOST_MAX], char boot[WORD_MAX], char space[WORD_MAX])
{
	struct buf text = BUF_INIT;
	ssize_t len;

	if (gethostname(host, HOST_MAX) < 0 || !host[0])
		snprintf(host, HOST_MAX, "-");
	host[HOST_MAX - 1] = '\0';
	for (char *at = host; *at; at++)
		if (*at <= ' ')
			*at = '_';
	snprintf(boot, WORD_MAX, "-");
	if (file_read(&text, "/proc/sys/kernel/random/boot_id", NULL) == 0 && text.len > 1)
		snprintf(boot, WORD_MAX, "%.*s", (int)strcspn(text.text, "\n"), text.text);
	buf_release(&text);
	len = readlink("/proc/self/ns/pid", space, WORD_MAX - 1);
	if (len > 0)
		space[len] = '\0';
	else
		snprintf(space, WORD_MAX, "-");
}

int owner_of(struct buf *out, pid_t pid, struct error *err)
{
	char host[HOST_MAX], boot[WORD_MAX], space[WORD_MAX];
	unsigned long long started = start_time(pid);

	if (!started)
		return error_set(err, ERR_NOT_FOUND, "cannot read the start time of process %ld from /proc", (long)pid);
	host_words(host, boot, space);
	buf_printf(out, "%ld %s %s %llu %s", (long)pid, host, boot, started, space);
	return buf_check(out, err);
}

int owner_self(struct buf *out, struct error *err)
{
	int rc = owner_of(out, getpid(), err);

	if (rc == ERR_NOT_FOUND) { /* nobody may go on without it */
		error_clear(err);
		rc = error_set(err, ERR_MACHINE, "cannot read the start time of this process from /proc");
	}
	return rc;
}

enum owner_state owner_state(const char *line)
{
	char host[HOST_MAX], boot[WORD_MAX], space[WORD_MAX];
	char its_host[HOST_MAX], its_boot[WORD_MAX], its_space[WORD_MAX];
	unsigned long long started;
	long pid;

	if (sscanf(line, "%ld %255s %63s %llu %63s", &pid, its_host, its_boot, &started, its_space) != 5 || pid <= 0)
		return OWNER_DEAD;
	host_words(host, boot, space);
	if (strcmp(host, its_host) != 0)
		return OWNER_ELSEWHERE;
	if (strcmp(boot, its_boot) != 0)
		return OWNER_DEAD;
	if (strcmp(space, its_space) != 0)
		return OWNER_ELSEWHERE;
	return start_time(pid) == started ? OWNER_ALIVE : OWNER_DEAD;
}

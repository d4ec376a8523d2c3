#include "record/id.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/random.h"

#include <inttypes.h>

#define STAMP 15 /* length of "20261124-103015" */
#define NAME_MOST 63 /* bytes after the first of an experiment's name */
#define RESULTS ".results"

#define HANDLES ((uint64_t)1 << 40)
#define FRACTION_BITS 20 /* a microsecond */
#define TAIL_BITS 20
#define STEPS 64 /* a step behind another id takes at most that part of what is left of its second */
#define STEP_MOST \
	((uint64_t)1 << (TAIL_BITS + 2)) /* and four microseconds, so that it stays behind the clock's next id */

/*
 * The leading bits of a handle say how much of its second had passed, so that ids sort as they were made whoever makes them;
 * all over the range they are spread as random ones are. Another second than the present one has passed, or is a test's.
 */
static uint64_t fraction_bits(uint64_t random, time_t when)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) < 0 || (now.tv_sec != when && now.tv_sec != when + 1))
		return random % (1U << FRACTION_BITS);
	if (now.tv_sec != when)
		return (1U << FRACTION_BITS) - 1;
	return ((uint64_t)now.tv_nsec << FRACTION_BITS) / 1000000000U;
}

/*
 * Behind the handle of `after` where one is given, in steps so small that a second has room for hundreds, and that the next
 * process, which knows none of these, still draws a later one.
 */
static uint64_t draw_handle(uint64_t random, time_t when, const char *after)
{
	uint64_t last = after ? strtoull(id_handle(after), NULL, 16) : 0, room = HANDLES - 1 - last;
	uint64_t step = room / STEPS < STEP_MOST ? room / STEPS : STEP_MOST;
	uint64_t handle = fraction_bits(random, when) << TAIL_BITS | random >> (64 - TAIL_BITS);

	if (!after || !room || (handle > last && handle - last > step))
		return handle;
	return last + 1 + random % (step + 1);
}

int id_new(char id[RUN_ID], time_t when, const char *after, struct error *err)
{
	uint64_t random;
	struct tm utc;
	int rc = random_bytes(&random, sizeof(random), err);

	if (rc < 0)
		return rc;
	if (!gmtime_r(&when, &utc) || strftime(id, RUN_ID, "%Y%m%d-%H%M%S-", &utc) != STAMP + 1)
		return error_set(err, ERR_MACHINE, "the clock says a year that a run's id has no room for");
	if (after && (!id_valid(after) || strncmp(id, after, STAMP + 1) != 0))
		after = NULL;
	snprintf(id + STAMP + 1, RUN_HANDLE, "%010" PRIx64, draw_handle(random, when, after));
	return 0;
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static int is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z');
}

int id_valid(const char *id)
{
	static const char form[] = "dddddddd-dddddd-hhhhhhhhhh";

	for (size_t i = 0; i < sizeof(form) - 1; i++) {
		int fits = form[i] == 'd' ? is_digit(id[i]) : form[i] == 'h' ? is_hex(id[i]) : id[i] == form[i];

		if (!fits)
			return 0;
	}
	return !id[sizeof(form) - 1];
}

const char *id_handle(const char *id)
{
	return strlen(id) > STAMP ? id + STAMP + 1 : id;
}

char *id_folder(const char *experiment, const char *id)
{
	return mem_printf("runs/%s/%.4s-%.2s/%.2s/%.2s/%s", experiment, id, id + 4, id + 6, id_handle(id), id);
}

static int ends_in_results(const char *name, size_t len)
{
	size_t tail = strlen(RESULTS);

	return len >= tail && !strcmp(name + len - tail, RESULTS);
}

static int in_experiment_name(char c)
{
	return is_word(c) || c == '.' || c == '_' || c == '-';
}

int experiment_name_valid(const char *name)
{
	size_t len = strlen(name);

	if (!is_word(name[0]) || len > NAME_MOST + 1 || ends_in_results(name, len))
		return 0;
	for (size_t i = 1; i < len; i++)
		if (!in_experiment_name(name[i]))
			return 0;
	return 1;
}

/* The nearest name that the rule allows: lower case, '-' for what is not allowed, no two in a row; "" if nothing is left. */
static void nearest_name(char out[NAME_MOST + 2], const char *name)
{
	size_t n = 0;

	for (; *name && n < NAME_MOST + 1; name++) {
		char c = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a') : *name;

		if (!in_experiment_name(c))
			c = '-';
		if (n ? c != '-' || out[n - 1] != '-' : is_word(c))
			out[n++] = c;
	}
	out[n] = '\0';
	if (ends_in_results(out, n))
		n -= strlen(RESULTS);
	while (n && !is_word(out[n - 1]))
		n--;
	out[n] = '\0';
}

int experiment_name_check(const char *name, struct error *err)
{
	char nearest[NAME_MOST + 2];

	if (experiment_name_valid(name))
		return 0;
	error_set(err, ERR_INPUT,
		  "'%s' cannot be the name of an experiment: 1 to 64 of a-z 0-9 . _ -, a letter or digit first, not "
		  "ending in "
		  ".results",
		  name);
	nearest_name(nearest, name);
	if (experiment_name_valid(nearest))
		error_hint(err, "call it '%s'", nearest);
	return ERR_INPUT;
}

enum { RUN_NAME_MOST = 100 };

/* What is wrong with it as a run's name; NULL: nothing. */
static const char *name_fault(const char *name)
{
	size_t len = strlen(name);
	unsigned code;

	if (!len || len > RUN_NAME_MOST)
		return "it has 1 to 100 bytes";
	for (size_t i = 0, step; i < len; i += step) {
		step = utf8_next(name + i, len - i, &code);
		if (!step || code < 0x20 || (code >= 0x7f && code < 0xa0) || code == '/')
			return "it is UTF-8 without control characters and '/'";
	}
	if (!strcmp(name, "best") || !strcmp(name, "latest") || !strcmp(name, "baseline"))
		return "best, latest and baseline name other runs";
	if (id_valid(name) || (len >= 4 && len < RUN_HANDLE && strspn(name, "0123456789abcdef") == len))
		return "digits like these name a run by its handle";
	return NULL;
}

int run_name_check(const char *name, struct error *err)
{
	const char *fault = name_fault(name);
	char better[RUN_NAME_MOST + 2]; /* cut, it is too long still */

	if (!fault)
		return 0;
	error_set(err, ERR_INPUT, "'%s' cannot be the name of a run: %s", name, fault);
	snprintf(better, sizeof(better), "run-%s", name);
	error_hint(err, "call it '%s' or leave --name out", name_fault(better) ? "run-1" : better);
	return ERR_INPUT;
}

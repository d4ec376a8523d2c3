#include "record/id.h"
#include "base/mem.h"
#include "base/random.h"

#define STAMP 15 /* length of "20261124-103015" */
#define NAME_MOST 63 /* bytes after the first of an experiment's name */
#define RESULTS ".results"

int id_new(char id[RUN_ID], time_t when, struct error *err)
{
	unsigned char bytes[(RUN_HANDLE - 1) / 2];
	struct tm utc;
	int rc = random_bytes(bytes, sizeof(bytes), err);

	if (rc < 0)
		return rc;
	if (!gmtime_r(&when, &utc) || strftime(id, RUN_ID, "%Y%m%d-%H%M%S-", &utc) != STAMP + 1)
		return error_set(err, ERR_MACHINE, "the clock says a year that a run's id has no room for");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(id + STAMP + 1 + 2 * i, 3, "%02x", bytes[i]);
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

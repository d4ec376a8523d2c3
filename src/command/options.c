/* Options from a table: see options.h. */
#include "command/options.h"
#include "base/mem.h"
#include "format/csv.h"
#include "format/number.h"
#include "format/suggest.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

enum { MOST_OPTIONS = 64 };

int options_change_dir(const char *dir, struct error *err)
{
	if (!chdir(dir))
		return 0;
	if (errno == ENOENT || errno == ENOTDIR)
		return error_set(err, ERR_INPUT, "-C %s: there is no such folder", dir);
	return error_set(err, ERR_INPUT, "-C %s: %s", dir, strerror(errno));
}

static const struct option *find_long(const struct option *table, const char *name, size_t len)
{
	for (const struct option *option = table; option && option->name; option++)
		if (!strncmp(option->name, name, len) && !option->name[len])
			return option;
	return NULL;
}

static const struct option *find_letter(const struct option *table, char letter)
{
	for (const struct option *option = table; option && option->name; option++)
		if (option->letter == letter)
			return option;
	return NULL;
}

static int unknown_option(const struct option *table, const char *command, const char *text, size_t len,
			  struct error *err)
{
	const char *words[MOST_OPTIONS], *nearest;
	char *name = mem_text_n(text, len);
	size_t n = 0;
	int rc;

	if (!name)
		return error_nomem(err);
	for (const struct option *option = table; option && option->name && n < MOST_OPTIONS - 1; option++)
		words[n++] = option->name;
	words[n++] = "help";
	rc = error_set(err, ERR_INPUT, "%s has no option %s", command, name);
	nearest = name[0] == '-' && name[1] == '-' ? suggest(name + 2, words, n) : NULL;
	if (nearest)
		error_hint(err, "did you mean --%s? `assay %s --help` lists all", nearest, command);
	else
		error_hint(err, "`assay %s --help` lists the options", command);
	free(name);
	return rc;
}

/* "a,b" or "\"a,b\",c": one record of CSV. */
static int add_list(struct names *list, const char *text, const char *option, struct error *err)
{
	struct csv csv;
	int rc;

	csv_init(&csv, text, strlen(text), option, ',');
	rc = csv_next(&csv, err);
	for (size_t i = 0; rc == 1 && i < csv.n; i++) {
		char *name = mem_text_n(csv.field[i].text, csv.field[i].len);

		rc = name ? names_add(list, name, err) : error_nomem(err);
		free(name);
		if (!rc)
			rc = 1;
	}
	csv_release(&csv);
	return rc < 0 ? rc : 0;
}

static int set_number(void *at, const struct option *option, const char *text, struct error *err)
{
	double value;

	if (number_parse(&value, text, strlen(text)) != NUMBER_OK)
		return error_set(err, ERR_INPUT, "--%s needs a number, not '%s'", option->name, text);
	if (option->kind == OPTION_NUMBER) {
		memcpy(at, &value, sizeof(value));
		return 0;
	}
	if (value < 0 || value != floor(value) || value > 0x1p53)
		return error_set(err, ERR_INPUT, "--%s needs a whole number, 0 or more, not '%s'", option->name, text);
	memcpy(at, &(long long){(long long)value}, sizeof(long long));
	return 0;
}

static int set_value(void *into, const struct option *option, const char *text, struct error *err)
{
	char *at = (char *)into + option->offset;

	switch (option->kind) {
	case OPTION_FLAG:
		memcpy(at, &(int){1}, sizeof(int));
		return 0;
	case OPTION_TEXT:
		memcpy(at, &text, sizeof(text));
		return 0;
	case OPTION_LIST:
		return add_list((struct names *)(void *)at, text, option->name, err);
	case OPTION_WORDS:
		return names_add((struct names *)(void *)at, text, err);
	case OPTION_NUMBER:
	case OPTION_COUNT:
		return set_number(at, option, text, err);
	}
	return 0;
}

/* The value of the option in argv[*i]: what follows `=` or the letter, else the next word, which *i moves on to. */
static const char *value_of(const char *attached, int argc, char **argv, int *i)
{
	if (attached && *attached)
		return attached;
	if (*i + 1 >= argc || (!strncmp(argv[*i + 1], "--", 2) && argv[*i + 1][2]))
		return NULL;
	return argv[++*i];
}

static int parse_one(void *into, const struct option *table, const char *command, int argc, char **argv, int *i,
		     struct error *err)
{
	const char *word = argv[*i], *value = NULL, *equals = NULL;
	const struct option *option;
	size_t len = strlen(word);

	if (word[1] == '-') {
		equals = strchr(word, '=');
		if (equals)
			len = (size_t)(equals - word);
		option = find_long(table, word + 2, len - 2);
	} else {
		option = find_letter(table, word[1]);
		if (option && option->kind == OPTION_FLAG && word[2])
			option = NULL;
	}
	if (!option)
		return unknown_option(table, command, word, len, err);
	if (option->kind == OPTION_FLAG) {
		if (equals)
			return error_set(err, ERR_INPUT, "--%s takes no value", option->name);
	} else if (equals) {
		value = equals + 1;
	} else {
		value = value_of(word[1] == '-' ? NULL : word + 2, argc, argv, i);
		if (!value)
			return error_set(err, ERR_INPUT, "--%s needs a value: %s", option->name, option->value);
	}
	return set_value(into, option, value, err);
}

int options_parse(struct parsed *parsed, void *into, const struct option *table, const char *command, int rest,
		  int argc, char **argv, struct error *err)
{
	int rc = 0, plain = 0;

	*parsed = (struct parsed){0};
	parsed->argument = mem_zeroed((size_t)argc + 1, sizeof(*parsed->argument));
	if (!parsed->argument)
		return error_nomem(err);
	for (int i = 1; i < argc && !plain; i++) {
		plain = !strcmp(argv[i], "--");
		if (!rest)
			parsed->help |= !strcmp(argv[i], "--help") || !strcmp(argv[i], "-h");
	}
	plain = 0;
	for (int i = 1; i < argc && rc >= 0 && !parsed->help; i++) {
		if (plain || argv[i][0] != '-' || !argv[i][1]) {
			parsed->argument[parsed->arguments++] = argv[i];
			plain |= rest;
		} else if (rest && (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h"))) {
			parsed->help = 1;
		} else if (!strcmp(argv[i], "--")) {
			plain = 1;
		} else if (!strncmp(argv[i], "-C", 2)) {
			const char *dir = value_of(argv[i] + 2, argc, argv, &i);

			rc = dir ? options_change_dir(dir, err) : error_set(err, ERR_INPUT, "-C needs a folder");
		} else {
			rc = parse_one(into, table, command, argc, argv, &i, err);
		}
	}
	return rc;
}

void options_release(void *into, const struct option *table)
{
	for (const struct option *option = table; option && option->name; option++)
		if (option->kind == OPTION_LIST || option->kind == OPTION_WORDS)
			names_free((struct names *)(void *)((char *)into + option->offset));
}

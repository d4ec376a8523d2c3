/*
 * Options from one table a command: the table gives parsing, the list in --help, and the nearest word for a wrong one.
 * `--name value`, `--name=value`, `-e value`, `-evalue`; `--` ends the options, which may stand before or after arguments.
 */
#ifndef ASSAY_COMMAND_OPTIONS_H
#define ASSAY_COMMAND_OPTIONS_H

#include "base/file.h"

enum option_kind {
	OPTION_FLAG, /* int: 1 when given */
	OPTION_TEXT, /* const char *: points into argv */
	OPTION_LIST, /* struct names: split at commas by the rules of CSV, given again adds to it */
	OPTION_WORDS, /* struct names: taken as it is, given again adds to it */
	OPTION_NUMBER, /* double */
	OPTION_COUNT, /* long long, 0 or more */
};

struct option {
	const char *name; /* without dashes; NULL ends a table */
	char letter; /* of its short form, or 0 */
	enum option_kind kind;
	const char *value; /* what --help calls the value: "FILE"; NULL for a flag */
	const char *help;
	size_t offset; /* where in the command's struct the value goes */
};

struct parsed {
	char **argument; /* what is no option, in order; NULL-terminated; points into argv */
	int arguments;
	int help; /* --help or -h was there: nothing else was checked */
};

/*
 * Parse argv[1] .. into `into` by the table. -C DIR changes the current folder at once, as git has it. command: its name,
 * for messages. rest: 1 if options end at the first argument, which begins another program's command line. ERR_INPUT: an unknown option (with the nearest), a value that is missing, unwanted or of the wrong form.
 * parsed->argument is the caller's to free(), also after an error; options_release() frees the lists in `into`.
 */
MUST_CHECK int options_parse(struct parsed *parsed, void *into, const struct option *table, const char *command,
			     int rest, int argc, char **argv, struct error *err);
void options_release(void *into, const struct option *table);

/* chdir() for -C. ERR_INPUT when there is no such folder. */
MUST_CHECK int options_change_dir(const char *dir, struct error *err);

#endif

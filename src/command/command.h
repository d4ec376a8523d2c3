/*
 * command: one file a command: parse options, call the rooms below, print. No logic that another command could want. Also
 * the option parser and the terminal (tables, colour, progress bars). Knows every room below.
 *
 * To add a command: write NAME.c with a table entry `command_NAME`, and add a line to commands.def.
 */
#ifndef ASSAY_COMMAND_COMMAND_H
#define ASSAY_COMMAND_COMMAND_H

#include "base/error.h"
#include "command/options.h"

struct command {
	const char *name;
	const char *summary; /* one line for `assay help` */
	const char *arguments; /* "RUN", "[TOPIC]" or "" */
	int least, most; /* how many arguments it takes */
	int rest; /* 1: the arguments are the command line of another program; options end where it begins */
	const char *details; /* a paragraph or more for --help, without line breaks inside a paragraph */
	const char *example; /* whole lines, indented by two blanks */
	const struct option *options; /* ends with a name of NULL */
	const void *defaults; /* of the struct that the options are parsed into */
	size_t size; /* of that struct; 0: the command has no options of its own */
	/*
	 * options: the struct, filled. argument: NULL-terminated, at least `least` of them. Returns an exit code (0 done, 1 the
	 * answer is no, 3), or a negative error code with its report in err.
	 */
	int (*run)(const void *options, char *const *argument, struct error *err);
};

extern const struct command *const commands[]; /* in the order of commands.def; ends with NULL */
const struct command *command_find(const char *name);

/* ERR_INPUT for a name that is no command, with the nearest as hint. */
int command_unknown(const char *name, struct error *err);

/* The text of `assay NAME --help`; of `assay help` where command is NULL. */
MUST_CHECK int command_print_help(const struct command *command, struct error *err);

/* The argv of this program, for the record of a run; NULL-terminated. Set once by command_main(). */
const char *const *command_line(void);

/* Run argv as the program: global options (-C DIR, --help, --version), the command, its exit code; prints the error. */
int command_main(int argc, char **argv);

#endif

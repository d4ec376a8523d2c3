/*
 * command: one file a command: parse options, call the rooms below, print. No logic that another command could want. Also
 * the option parser and the terminal (tables, colour, progress bars, pager). Knows every room below.
 */
#ifndef ASSAY_COMMAND_COMMAND_H
#define ASSAY_COMMAND_COMMAND_H

#include "base/error.h"

struct command {
	const char *name;
	const char *summary;    /* one line for `assay help` */
	const char *help;       /* usage, options and an example for --help */
	/* Returns the exit code; a failure is reported in err with 2 or 3 by error_exit(). argv[0] is the command's name. */
	int (*run)(int argc, char **argv, struct error *err);
};

extern const struct command *const commands[];  /* in the order of commands.def; ends with NULL */
const struct command *command_find(const char *name);

/* Run argv as the program: global options (-C DIR, --help, --version), the command, its exit code; prints the error. */
int command_main(int argc, char **argv);

#endif

/* Dispatch: the table of commands, global options, exit codes, help. */
#include "command/command.h"
#include "command/message.h"
#include "command/terminal.h"

#include "base/mem.h"
#include "format/suggest.h"

#include <unistd.h>

enum { HELP_COLUMN = 24, NAME_COLUMN = 12, HELP_WIDTH = 80, MOST_COMMANDS = 32 };

#define COMMAND(name) extern const struct command command_##name;
#include "command/commands.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "command/commands.def"
#undef COMMAND
	NULL};

static const char *const *line_of_program;

const char *const *command_line(void)
{
	return line_of_program;
}

const struct command *command_find(const char *name)
{
	for (const struct command *const *command = commands; *command; command++)
		if (!strcmp((*command)->name, name))
			return *command;
	return NULL;
}

int command_unknown(const char *name, struct error *err)
{
	const char *words[MOST_COMMANDS], *nearest;
	size_t n = 0;
	int rc;

	for (const struct command *const *command = commands; *command && n < MOST_COMMANDS; command++)
		words[n++] = (*command)->name;
	rc = error_set(err, ERR_INPUT, "there is no command '%s'", name);
	nearest = suggest(name, words, n);
	if (nearest)
		error_hint(err, "did you mean `assay %s`? `assay help` lists the commands", nearest);
	else
		error_hint(err, "`assay help` lists the commands");
	return rc;
}

/* "  left        right, broken and indented by `column`" */
static void help_line(struct buf *out, size_t column, const char *left, const char *right)
{
	size_t width = strlen(left) + 2;

	buf_printf(out, "  %s", left);
	if (width + 2 > column) {
		buf_putc(out, '\n');
		width = 0;
	}
	buf_printf(out, "%*s", (int)(column - width), "");
	terminal_wrap(out, right, column, column, HELP_WIDTH);
	buf_putc(out, '\n');
}

static void help_option(struct buf *out, const struct option *option)
{
	struct buf left = BUF_INIT;

	if (option->letter)
		buf_printf(&left, "-%c, ", option->letter);
	buf_printf(&left, "--%s%s%s", option->name, option->value ? " " : "", option->value ? option->value : "");
	help_line(out, HELP_COLUMN, left.text, option->help);
	out->failed |= left.failed;
	buf_release(&left);
}

static void help_paragraphs(struct buf *out, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = mem_text_n(text, len);

		buf_putc(out, '\n');
		if (line)
			terminal_wrap(out, line, 0, 0, HELP_WIDTH);
		out->failed |= !line;
		buf_putc(out, '\n');
		free(line);
		text += len + (text[len] == '\n');
	}
}

static void help_of(struct buf *out, const struct command *command)
{
	buf_printf(out, "usage: assay %s%s%s%s\n", command->name,
		   command->options && command->options->name ? " [options]" : "", *command->arguments ? " " : "",
		   command->arguments);
	help_paragraphs(out, command->details);
	buf_puts(out, "\nOptions\n");
	for (const struct option *option = command->options; option && option->name; option++)
		help_option(out, option);
	help_line(out, HELP_COLUMN, "-C DIR", "work in the folder DIR, as git -C does");
	help_line(out, HELP_COLUMN, "-h, --help", "show this text");
	buf_printf(out, "\nExample\n%s", command->example);
}

static void help_of_all(struct buf *out)
{
	buf_puts(out, "usage: assay [-C DIR] COMMAND [options]\n\n"
		      "Trains honest baselines, records every run as a commit in git, and says whether a\n"
		      "result is better than what was there, with its uncertainty.\n\nCommands\n");
	for (const struct command *const *command = commands; *command; command++)
		help_line(out, NAME_COLUMN, (*command)->name, (*command)->summary);
	buf_puts(out, "\nOptions\n");
	help_line(out, NAME_COLUMN, "-C DIR", "work in the folder DIR, as git -C does");
	help_line(out, NAME_COLUMN, "--help", "show this text; after a command: its options and an example");
	help_line(out, NAME_COLUMN, "--version", "show the version");
	buf_puts(out, "\nExample\n"
		      "  assay baseline --data churn.csv --target churn    # what has a model to beat?\n"
		      "  assay ls                                          # the runs so far\n"
		      "  assay site                                        # pages to read and to share\n\n"
		      "Exit codes: 0 done, 1 the answer is no, 2 wrong use or bad input, 3 the machine failed.\n");
}

int command_print_help(const struct command *command, struct error *err)
{
	struct buf out = BUF_INIT;
	int rc;

	if (command)
		help_of(&out, command);
	else
		help_of_all(&out);
	rc = message_print_buf(&out, err);
	buf_release(&out);
	return rc;
}

static int check_arguments(const struct command *command, const struct parsed *parsed, struct error *err)
{
	int rc = 0;

	if (parsed->arguments < command->least)
		rc = error_set(err, ERR_INPUT, "%s needs %s", command->name, command->arguments);
	else if (parsed->arguments > command->most)
		rc = error_set(err, ERR_INPUT, "%s: one argument too many: %s", command->name,
			       parsed->argument[command->most]);
	if (rc < 0)
		error_hint(err, "usage: assay %s [options] %s", command->name, command->arguments);
	return rc;
}

static int run_command(const struct command *command, int argc, char **argv, struct error *err)
{
	void *options = mem_zeroed(1, command->size);
	struct parsed parsed = {0};
	int rc;

	if (!options)
		return error_nomem(err);
	if (command->defaults)
		memcpy(options, command->defaults, command->size);
	rc = options_parse(&parsed, options, command->options, command->name, command->rest, argc, argv, err);
	if (rc < 0)
		goto out;
	rc = parsed.help ? command_print_help(command, err) : check_arguments(command, &parsed, err);
	if (rc < 0 || parsed.help)
		goto out;
	rc = command->run(options, parsed.argument, err);
out:
	options_release(options, command->options);
	free(options);
	free(parsed.argument);
	return rc;
}

/* Options before the command; *first is where it stands. 1: nothing is left to do. */
static int global_options(int *first, int argc, char **argv, struct error *err)
{
	int i = 1, rc = 0;

	for (; i < argc && argv[i][0] == '-' && rc == 0; i++) {
		if (!strcmp(argv[i], "--version")) {
			message_print("assay " ASSAY_VERSION "\n", strlen("assay " ASSAY_VERSION "\n"));
			rc = 1;
		} else if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
			rc = command_print_help(NULL, err);
			rc = rc ? rc : 1;
		} else if (!strncmp(argv[i], "-C", 2)) {
			const char *dir = argv[i][2] ? argv[i] + 2 : i + 1 < argc ? argv[++i] : NULL;

			rc = dir ? options_change_dir(dir, err) : error_set(err, ERR_INPUT, "-C needs a folder");
		} else {
			rc = error_set(err, ERR_INPUT, "there is no option %s before a command", argv[i]);
			error_hint(err, "`assay help` lists the commands, `assay COMMAND --help` the options of one");
		}
	}
	*first = i;
	return rc;
}

int command_main(int argc, char **argv)
{
	const struct command *command = NULL;
	struct error err = {0}, closing = {0};
	int first = 1, rc;

	line_of_program = (const char *const *)argv;
	rc = global_options(&first, argc, argv, &err);
	if (!rc && first >= argc) {
		rc = error_set(&err, ERR_INPUT, "which command?");
		error_hint(&err, "`assay help` lists the commands");
	} else if (!rc) {
		command = command_find(argv[first]);
		rc = command ? run_command(command, argc - first, argv + first, &err)
			     : command_unknown(argv[first], &err);
	} else if (rc == 1) {
		rc = 0;
	}
	if (err.code)
		message_error(&err);
	if (rc < 0)
		rc = error_exit(rc);
	if (message_close_output(&closing) < 0) {
		message_error(&closing);
		rc = error_exit(closing.code);
	}
	return rc;
}

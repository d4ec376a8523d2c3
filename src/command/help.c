/* assay help: the commands, one of them, or the JSON Schema of a run. */
#include "command/command.h"
#include "command/message.h"

#include "record/run.h"

static int run(const void *options, char *const *argument, struct error *err)
{
	const struct command *command;

	(void)options;
	if (!argument[0])
		return command_print_help(NULL, err);
	if (!strcmp(argument[0], "schema")) {
		message_print(run_schema(), strlen(run_schema()));
		return 0;
	}
	command = command_find(argument[0]);
	return command ? command_print_help(command, err) : command_unknown(argument[0], err);
}

const struct command command_help = {
	.name = "help",
	.summary = "this text; `help COMMAND`; `help schema`: the JSON Schema of a run",
	.arguments = "[TOPIC]",
	.most = 1,
	.details = "Without a topic: the list of commands. A command's name: its options and an example. schema: the "
		   "JSON Schema "
		   "that every run.json follows.",
	.example = "  assay help baseline\n"
		   "  assay help schema >run.schema.json\n",
	.run = run,
};

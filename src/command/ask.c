/* Yes or no, on the terminal: see ask.h. */
#include "command/ask.h"
#include "command/message.h"

#include <unistd.h>

int ask(const char *question, int yes)
{
	char answer[16];

	if (yes)
		return 1;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		message_warning("nothing was done: nobody is here to be asked; --yes says yes");
		return 0;
	}
	fflush(stdout);
	fprintf(stderr, "%s [y/N] ", question);
	return fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y');
}

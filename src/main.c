/* assay: dispatch. */
#include "command/command.h"

#include <errno.h>
#include <fcntl.h>

/*
 * Threads of libgomp spin while they wait for each other, which on a machine that others use too costs twice the time and
 * the processor. It reads the policy when it is initialised, before main(): so it is linked into the program (Makefile),
 * and this comes before it. What the user has set stands, and no child process sees what was set here.
 */
static int waits_by_our_choice;

__attribute__((constructor(101))) static void wait_without_spinning(void)
{
	waits_by_our_choice = !getenv("OMP_WAIT_POLICY") && !setenv("OMP_WAIT_POLICY", "passive", 0);
}

/*
 * Where stdin, stdout or stderr is closed, the next file that is opened would take its place, and what is printed would go
 * into the database or the pack of a repository. Something that can be neither read nor written there holds the place, so that
 * a use of it fails as before.
 */
static void hold_closed_places(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd ? O_RDONLY : O_WRONLY) < 0)
			return; /* no /dev/null: as it was */
}

int main(int argc, char **argv)
{
	hold_closed_places();
	if (waits_by_our_choice)
		unsetenv("OMP_WAIT_POLICY");
	return command_main(argc, argv);
}

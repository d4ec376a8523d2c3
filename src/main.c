/* assay: dispatch. */
#include "command/command.h"

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

int main(int argc, char **argv)
{
	if (waits_by_our_choice)
		unsetenv("OMP_WAIT_POLICY");
	return command_main(argc, argv);
}

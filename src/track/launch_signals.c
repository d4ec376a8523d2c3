/*
 * Signals as data while a command runs: a handler writes each into a pipe that the loop reads. Not a signalfd: threads that a
 * computation has left waiting do not block them, and one of them would take the signal and end this process.
 */
#include "track/launch_work.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static const int watched[WATCHED] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH};

/* The one thing that a handler can reach. */
static volatile sig_atomic_t pipe_of_handler = -1;

static void handle(int number, siginfo_t *info, void *context)
{
	struct heard heard = {number, info->si_code == SI_KERNEL, info->si_pid};
	int saved = errno;

	(void)context;
	if (write(pipe_of_handler, &heard, sizeof(heard)) < 0)
		errno = 0; /* full: there is more than enough to read */
	errno = saved;
}

int watch_open(struct watch *watch, struct error *err)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART};
	int pair[2];

	if (pipe2(pair, O_CLOEXEC | O_NONBLOCK) < 0)
		return error_errno(err, "cannot watch signals");
	watch->fd = fd_above(pair[0]);
	watch->sender = fd_above(pair[1]);
	if (watch->fd < 0 || watch->sender < 0)
		return error_errno(err, "cannot watch signals");
	pipe_of_handler = watch->sender;
	action.sa_sigaction = handle;
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < WATCHED; i++) {
		sigaction(watched[i], &action, &watch->old[i]);
		/* ignored by whoever started this: nohup, a shell's job in the background. Not the end of the command */
		if (watch->old[i].sa_handler == SIG_IGN && watched[i] != SIGCHLD)
			sigaction(watched[i], &watch->old[i], NULL);
	}
	sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, &watch->old_pipe);
	watch->is_set = 1;
	return 0;
}

int watch_read(const struct watch *watch, struct heard *heard)
{
	return read(watch->fd, heard, sizeof(*heard)) == (ssize_t)sizeof(*heard);
}

/* What this process was started with is what the command gets: nohup ignores SIGHUP for both. */
void watch_undo(const struct watch *watch)
{
	if (!watch->is_set)
		return;
	for (size_t i = 0; i < WATCHED; i++)
		sigaction(watched[i], &watch->old[i], NULL);
	sigaction(SIGPIPE, &watch->old_pipe, NULL);
}

void watch_close(struct watch *watch)
{
	watch_undo(watch);
	pipe_of_handler = -1;
	if (watch->fd >= 0)
		close(watch->fd);
	if (watch->sender >= 0)
		close(watch->sender);
	watch->fd = watch->sender = -1;
	watch->is_set = 0;
}

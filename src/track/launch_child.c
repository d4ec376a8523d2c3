/* The command's process: from fork to exec. It starts only after its id could be written down. */
#include "track/launch_work.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_NOT_FOUND = 127 };

struct report { /* of a child that could not become the command */
	int failure;
	int in_folder; /* it was the folder */
};

static void close_pair(int pair[2])
{
	for (int i = 0; i < 2; i++)
		if (pair[i] >= 0)
			close(pair[i]);
}

/* The three descriptors to their places. They lie above 2 or in their own place, so that none is overwritten unread. */
static int place(const int fds[3])
{
	for (int i = 0; i < 3; i++) {
		if (fds[i] < 0)
			close(i);
		else if (fds[i] != i && dup2(fds[i], i) < 0)
			return -1;
	}
	return 0;
}

/* In the child. putenv() is safe here: this process has one thread when it forks. */
static void become(const struct launch_options *options, const int fds[3], const struct watch *watch,
		   const sigset_t *mask, int go, int report_fd)
{
	struct report report = {0};
	char byte;

	watch_undo(watch);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (read(go, &byte, 1) != 1) /* the parent died before it could note this process */
		_exit(EXIT_NOT_FOUND);
	if (place(fds) < 0)
		goto out;
	if (options->cwd && chdir(options->cwd) < 0) {
		report.in_folder = 1;
		goto out;
	}
	for (const char *const *e = options->environment; e && *e; e++)
		if (putenv((char *)(size_t)*e))
			goto out;
	signal(SIGPIPE, SIG_DFL);
	execvp(options->argv[0], (char *const *)(size_t)options->argv);
out:
	report.failure = errno;
	if (write(report_fd, &report, sizeof(report)) < 0)
		_exit(EXIT_NOT_FOUND);
	_exit(EXIT_NOT_FOUND);
}

/* Let the child go on, and hear whether it became the command. */
static int release_child(struct child *child, const struct launch_options *options, int go, int report_fd,
			 struct error *err)
{
	struct report report = {0};
	ssize_t got;

	if (options->started)
		options->started(options->context, child->pid);
	if (write(go, "g", 1) != 1) {
		error_errno(err, "cannot start %s", options->argv[0]);
		kill(child->pid, SIGKILL);
		waitpid(child->pid, NULL, 0);
		return ERR_MACHINE;
	}
	do
		got = read(report_fd, &report, sizeof(report));
	while (got < 0 && errno == EINTR);
	if (got != (ssize_t)sizeof(report))
		return 0;
	waitpid(child->pid, NULL, 0);
	child->failure = report.failure;
	if (!report.in_folder)
		return 0;
	errno = report.failure;
	error_errno(err, "cannot enter %s", options->cwd);
	return ERR_MACHINE;
}

int child_start(struct child *child, const struct launch_options *options, const struct outputs *outputs,
		const struct watch *watch, struct error *err)
{
	int go[2] = {-1, -1}, report[2] = {-1, -1}, rc = 0;
	sigset_t all, mask;

	*child = (struct child){0};
	if (pipe2(go, O_CLOEXEC) < 0 || pipe2(report, O_CLOEXEC) < 0) {
		rc = error_errno(err, "cannot make a pipe for %s", options->argv[0]);
		goto out;
	}
	/* no signal may reach the child while it has the handlers, and their pipe, of this process */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	child->pid = fork();
	if (!child->pid) {
		close(go[1]); /* or it would wait for itself when the parent dies */
		become(options, outputs->fds, watch, &mask, go[0], report[1]);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (child->pid < 0) {
		rc = error_errno(err, "cannot start %s", options->argv[0]);
		goto out;
	}
	close(report[1]);
	report[1] = -1;
	rc = release_child(child, options, go[1], report[0], err);
out:
	close_pair(go);
	close_pair(report);
	return rc;
}

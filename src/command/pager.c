/* Long output through a pager: see pager.h. */
#include "command/pager.h"
#include "command/message.h"

#include "base/file.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t lines_of_terminal(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 ? 0 : size.ws_row;
}

static size_t count_lines(const struct buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += text->text[i] == '\n';
	return n;
}

/* What git would take; "" for none. */
static void ask_git(struct buf *out)
{
	static const char *const argv[] = {"git", "var", "GIT_PAGER", NULL};
	struct process_result result = {0};

	if (process_run(&result, &(struct process_options){.argv = argv, .out = out}, NULL) < 0 || result.exit)
		buf_clear(out);
	while (out->len && out->text[out->len - 1] == '\n')
		out->text[--out->len] = '\0';
	if (!strcmp(out->text, "cat"))
		buf_clear(out);
}

/* The child: the user's own setting, read by the shell as git has it. */
static void become(const char *pager, int in)
{
	setenv("LESS", "FRX", 0);
	setenv("LV", "-c", 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (dup2(in, STDIN_FILENO) >= 0)
		execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
	_exit(127);
}

/* 1 if the pager has shown it, or was left before its end. */
static int show_in(const char *pager, const struct buf *text)
{
	void (*interrupt)(int), (*broken)(int);
	int ends[2], status = 0;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return 0;
	interrupt = signal(SIGINT, SIG_IGN); /* it is the pager's */
	broken = signal(SIGPIPE, SIG_IGN);
	child = fork();
	if (child == 0)
		become(pager, ends[0]);
	close(ends[0]);
	if (child > 0) {
		/* Who leaves the pager early has seen enough. */
		(void)!fd_write(ends[1], text->text, text->len, "the pager", NULL);
		close(ends[1]);
		while (waitpid(child, &status, 0) < 0 && errno == EINTR)
			;
	} else {
		close(ends[1]);
	}
	signal(SIGINT, interrupt);
	signal(SIGPIPE, broken);
	return child > 0 && !(WIFEXITED(status) && (WEXITSTATUS(status) == 127 || WEXITSTATUS(status) == 126));
}

void pager_print(const struct buf *text, int off)
{
	struct buf pager = BUF_INIT;
	size_t most = isatty(STDOUT_FILENO) && !off ? lines_of_terminal() : 0;

	if (most && count_lines(text) >= most) {
		fflush(stdout);
		ask_git(&pager);
	}
	if (!pager.len || pager.failed || !show_in(pager.text, text))
		message_print(text->text, text->len);
	buf_release(&pager);
}

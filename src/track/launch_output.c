/* What the command prints to: pipes and terminals between it and where stdout and stderr go. */
#include "base/mem.h"
#include "track/launch_work.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BLOCK = 1 << 17, /* read and passed on at once */
	PIPE_SIZE = 1 << 20,
	SMALL = 4096, /* PIPE_BUF: where poll() says that a pipe takes something, it takes this without blocking */
};

/* Out of the way of 0, 1 and 2, which may be closed here: they are the command's to have or not to have. */
int fd_above(int fd)
{
	int moved;

	if (fd < 0 || fd > 2)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	close(fd);
	return moved;
}

static int open_pipe(struct output *output, struct error *err)
{
	int pair[2];

	if (pipe2(pair, O_CLOEXEC) < 0)
		return error_errno(err, "cannot make a pipe for what the command prints");
	output->from = fd_above(pair[0]);
	output->child = fd_above(pair[1]);
	if (output->from < 0 || output->child < 0 || fcntl(output->from, F_SETFL, O_NONBLOCK) < 0)
		return error_errno(err, "cannot make a pipe for what the command prints");
	fcntl(output->from, F_SETPIPE_SZ, PIPE_SIZE); /* faster; the system may refuse */
	return 0;
}

/*
 * A description of the same pipe or terminal that does not block, so that a slow reader of one output holds up neither
 * the other nor signals. The flag cannot be set on the one that we have: the shell and others share it.
 */
static void open_unblocked(struct output *output)
{
	char name[32];
	int fd;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", output->to);
	fd = fd_above(open(name, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
	if (fd < 0)
		return; /* another user's, or a socket: by small writes then */
	output->to = fd;
	output->to_is_ours = 1;
}

static int open_output(struct output *output, int to, const struct launch_options *options, const struct names *known,
		       struct error *err)
{
	struct stat info;

	*output = (struct output){.from = -1, .child = -1, .to = to};
	output->block = mem_array(BLOCK, 1);
	if (options->log)
		output->stream = secret_stream_new(known);
	if (!output->block || (options->log && !output->stream))
		return error_nomem(err);
	if (to >= 0 && isatty(to) && terminal_open(output)) {
		open_unblocked(output);
		return 0;
	}
	output->is_pipe = to >= 0 && fstat(to, &info) == 0 && (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
	if (output->is_pipe || (to >= 0 && isatty(to)))
		open_unblocked(output);
	return open_pipe(output, err);
}

/* 1 if both descriptors are open on the same terminal, pipe or file. */
static int same(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0;
}

/* What is closed, or is held closed by something that cannot be written, the command gets as it is. */
static int takes_output(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* All that it prints into one pipe that leads nowhere but to the log. */
static int open_silent(struct outputs *outputs, const struct launch_options *options, struct error *err)
{
	int rc;

	outputs->null = fd_above(open("/dev/null", O_RDWR | O_CLOEXEC));
	if (outputs->null < 0)
		return error_errno(err, "cannot open /dev/null");
	for (int i = 0; i < 3; i++)
		outputs->fds[i] = outputs->null;
	if (!options->log)
		return 0;
	outputs->n = 1;
	rc = open_output(&outputs->one[0], -1, options, &outputs->known, err);
	outputs->fds[1] = outputs->fds[2] = outputs->one[0].child;
	return rc;
}

/* What the command will know and may print. */
static int find_known(struct names *known, const struct launch_options *options, struct error *err)
{
	int rc = secret_known(known, (const char *const *)environ, err);

	if (!rc)
		rc = secret_known(known, options->environment, err);
	for (const char *const *text = options->secrets; text && *text && !rc; text++)
		if (secret_is_distinct(*text))
			rc = names_add(known, *text, err);
	return rc;
}

int outputs_open(struct outputs *outputs, const struct launch_options *options, struct error *err)
{
	int rc = 0;

	*outputs = (struct outputs){.null = -1};
	for (int i = 0; i < 3; i++)
		outputs->fds[i] = is_open(i) ? i : -1;
	if (options->log)
		rc = find_known(&outputs->known, options, err);
	if (rc < 0)
		return rc;
	if (options->silent)
		return open_silent(outputs, options, err);
	if (!options->log)
		return 0;
	for (int i = 1; i < 3 && !rc; i++) {
		struct output *output = &outputs->one[outputs->n];

		if (i == 2 && outputs->n && same(1, 2)) {
			outputs->fds[2] = outputs->fds[1];
			break;
		}
		if (!takes_output(i))
			continue;
		outputs->n++;
		rc = open_output(output, i, options, &outputs->known, err);
		outputs->fds[i] = output->child;
	}
	return rc;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void outputs_started(struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->n; i++)
		if (!outputs->one[i].is_terminal)
			close_fd(&outputs->one[i].child);
	close_fd(&outputs->null);
}

void outputs_close(struct outputs *outputs)
{
	struct buf nowhere = BUF_INIT;

	for (size_t i = 0; i < outputs->n; i++) {
		struct output *output = &outputs->one[i];

		terminal_restore(output);
		close_fd(&output->from);
		close_fd(&output->child);
		if (output->to_is_ours)
			close_fd(&output->to);
		secret_stream_end(output->stream, &nowhere);
		free(output->block);
	}
	close_fd(&outputs->null);
	names_free(&outputs->known);
	buf_release(&nowhere);
	outputs->n = 0;
}

int outputs_resize(struct outputs *outputs)
{
	int changed = 0;

	for (size_t i = 0; i < outputs->n; i++)
		if (outputs->one[i].is_terminal && outputs->one[i].to >= 0)
			changed |= terminal_size(outputs->one[i].to, outputs->one[i].child);
	return changed;
}

size_t output_take(struct output *output, struct launch_log *log)
{
	size_t got = 0;
	int more = 1;

	/* a terminal gives 4 KiB at most: several make a block */
	while (more && got < BLOCK) {
		char *to = output->block + got;
		ssize_t n = output->is_terminal ? terminal_read(output, to, BLOCK - got)
						: read(output->from, to, BLOCK - got);

		if (n < 0 && errno == EINTR)
			continue;
		more = n >= 0;
		if ((!n && !output->is_terminal) || (n < 0 && errno != EAGAIN))
			close_fd(&output->from);
		if (n > 0)
			got += (size_t)n;
		if (!output->is_terminal)
			break;
	}
	output->sent = 0;
	output->len = output->to >= 0 ? got : 0;
	log_put(log, output, output->block, got);
	return got;
}

void output_drop(struct output *output)
{
	terminal_restore(output);
	/* the terminal is gone: the log goes on; a pipe's or a full disk's writer is to hear of it */
	if (!output->is_terminal)
		close_fd(&output->from);
	if (output->to_is_ours)
		close(output->to);
	output->to = -1;
	output->sent = output->len = 0;
}

void output_send(struct output *output)
{
	while (output->sent < output->len) {
		size_t left = output->len - output->sent;
		int blocks = !output->to_is_ours && (output->is_pipe || output->is_terminal);
		ssize_t n = write(output->to, output->block + output->sent, blocks && left > SMALL ? SMALL : left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			output_drop(output);
		if (n < 0)
			return;
		output->sent += (size_t)n;
		if (blocks)
			return;
	}
}

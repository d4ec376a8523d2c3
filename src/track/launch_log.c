/* The log of a command: masked, in the order of arrival, and cut to its size in the record. */
#include "base/file.h"
#include "track/launch_work.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int log_open(struct launch_log *log, const char *path, struct error *err)
{
	*log = (struct launch_log){.fd = -1, .path = path, .text = BUF_INIT};
	if (!path)
		return 0;
	log->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	if (log->fd < 0) {
		error_errno(err, "cannot write %s", path);
		return ERR_MACHINE;
	}
	return 0;
}

/* The command goes on when the disk does not. */
static void write_text(struct launch_log *log)
{
	struct error err = {0};

	if (log->text.failed || fd_write(log->fd, log->text.text, log->text.len, log->path, &err) < 0) {
		log->failure = log->text.failed ? ENOMEM : errno;
		close(log->fd);
		log->fd = -1;
	}
	buf_clear(&log->text);
}

void log_put(struct launch_log *log, struct output *output, const char *bytes, size_t len)
{
	if (!len)
		return;
	log->bytes += len;
	if (log->fd < 0)
		return;
	if (log->last && log->last != output)
		secret_stream_words(log->last->stream, &log->text);
	log->last = output;
	log->masked += secret_stream_add(output->stream, &log->text, bytes, len);
	write_text(log);
}

void log_rest(struct launch_log *log, struct output *output)
{
	if (log->fd < 0)
		return;
	log->masked += secret_stream_rest(output->stream, &log->text);
	if (log->text.len)
		write_text(log);
}

int log_close(struct launch_log *log, struct outputs *outputs, struct error *err)
{
	/* where nothing came, nothing is held back: an output may not even be complete */
	for (size_t i = 0; log->last && i < outputs->n && log->fd >= 0; i++)
		if (&outputs->one[i] != log->last)
			log_rest(log, &outputs->one[i]);
	if (log->last && log->fd >= 0)
		log_rest(log, log->last);
	buf_release(&log->text);
	if (log->fd >= 0 && close(log->fd) < 0)
		log->failure = errno;
	log->fd = -1;
	if (!log->failure)
		return 0;
	errno = log->failure;
	error_errno(err, "the log is not complete: cannot write %s", log->path);
	return ERR_MACHINE;
}

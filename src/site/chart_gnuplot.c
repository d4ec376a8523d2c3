/*
 * gnuplot over two pipes: scripts go in as fast as it reads them, and a line on stderr says which one is done, so that
 * neither side ever waits for the other. Nothing of the user's settings is read.
 */
#include "site/chart_gnuplot.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

enum { NOT_INSTALLED = 127, STARTS_IN_VAIN = 2 };
#define PATIENCE 20.0 /* seconds for one chart */

struct gnuplot {
	const struct gnuplot_job *job;
	size_t n;
	int (*finished)(void *context, size_t i, const char *svg, const char *problem);
	void *context;
	char *folder;
	struct process process;
	struct buf script; /* what is being written, */
	size_t written; /* and how far */
	size_t fed; /* the job whose script comes next */
	size_t at; /* the job whose "done" is awaited */
	struct buf heard; /* of stderr, since the last "done" */
	int silent; /* it was waited for in vain */
	struct error *err;
};

/* The next job from i that has a script; n if there is none. */
static size_t next_job(const struct gnuplot *gnuplot, size_t i)
{
	while (i < gnuplot->n && !gnuplot->job[i].script)
		i++;
	return i;
}

static int open_gnuplot(struct gnuplot *gnuplot, struct error *err)
{
	static const struct process_limits limits = {.cpu_seconds = 300, .memory_bytes = (size_t)1 << 30};
	const char *path = getenv("PATH");
	char *search = mem_printf("PATH=%s", path ? path : "/usr/bin:/bin"),
	     *home = mem_printf("HOME=%s", gnuplot->folder);
	const char *argv[] = {"env", "-i", search, home, "LC_ALL=C", "gnuplot", "--default-settings", NULL};
	int rc = search && home ? process_open(&gnuplot->process, argv, gnuplot->folder, &limits, err)
				: error_nomem(err);

	if (rc == 0 && (fcntl(gnuplot->process.stdin_fd, F_SETFL, O_NONBLOCK) < 0 ||
			fcntl(gnuplot->process.stderr_fd, F_SETFL, O_NONBLOCK) < 0)) {
		rc = error_errno(err, "cannot talk to gnuplot");
		process_close(&gnuplot->process, 1);
	}
	free(search);
	free(home);
	buf_clear(&gnuplot->heard);
	buf_clear(&gnuplot->script);
	gnuplot->written = 0;
	gnuplot->fed = gnuplot->at;
	gnuplot->silent = 0;
	return rc;
}

/* Put the next script into the buffer. */
static void compose(struct gnuplot *gnuplot)
{
	const struct gnuplot_job *job = &gnuplot->job[gnuplot->fed];

	buf_clear(&gnuplot->script);
	gnuplot->written = 0;
	buf_printf(
		&gnuplot->script,
		"set terminal unknown\nreset session\n"
		"set terminal svg size 400,%.0f dynamic noenhanced font 'sans,12' linewidth 1\nset output 'c%zu.svg'\n",
		job->height, gnuplot->fed);
	buf_puts(&gnuplot->script, job->script);
	buf_printf(&gnuplot->script, "\nunset output\nprint 'done %zu'\n", gnuplot->fed);
	gnuplot->fed = next_job(gnuplot, gnuplot->fed + 1);
}

/* 0 when gnuplot reads no more. */
static int feed(struct gnuplot *gnuplot)
{
	ssize_t done;

	if (gnuplot->written == gnuplot->script.len && gnuplot->fed < gnuplot->n)
		compose(gnuplot);
	done = write(gnuplot->process.stdin_fd, gnuplot->script.text + gnuplot->written,
		     gnuplot->script.len - gnuplot->written);
	if (done > 0)
		gnuplot->written += (size_t)done;
	return done >= 0 || errno == EAGAIN || errno == EINTR;
}

static int has_more(const struct gnuplot *gnuplot)
{
	return gnuplot->written < gnuplot->script.len || gnuplot->fed < gnuplot->n;
}

/* What gnuplot said that is no warning; empty for nothing. */
static const char *complaint(char *text)
{
	char *last = buf_empty;

	for (char *line = text, *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		line += strspn(line, " \t^");
		if (*line && !strcasestr(line, "warning:"))
			last = line;
	}
	return last;
}

/* Give the job that is at its end to the caller: its file, or what gnuplot said against it. */
static int take(struct gnuplot *gnuplot, char *heard)
{
	const char *problem = complaint(heard);
	char name[32], *path = NULL;
	struct error missing = {0};
	struct buf svg = BUF_INIT;
	int rc;

	snprintf(name, sizeof(name), "c%zu.svg", gnuplot->at);
	path = path_join(gnuplot->folder, name);
	if (!path)
		return error_nomem(gnuplot->err);
	rc = file_read(&svg, path, &missing);
	unlink(path);
	free(path);
	if (*problem)
		rc = gnuplot->finished(gnuplot->context, gnuplot->at, NULL, problem);
	else if (rc < 0 || !svg.len)
		rc = gnuplot->finished(gnuplot->context, gnuplot->at, NULL, "gnuplot wrote nothing");
	else
		rc = gnuplot->finished(gnuplot->context, gnuplot->at, svg.text, NULL);
	buf_release(&svg);
	gnuplot->at = next_job(gnuplot, gnuplot->at + 1);
	return rc;
}

/* Read stderr; take what is done. 1: go on, 0: gnuplot has closed it, below 0: an error of the caller. */
static int listen_to(struct gnuplot *gnuplot)
{
	char block[4096], done[32];
	ssize_t got = read(gnuplot->process.stderr_fd, block, sizeof(block));
	int rc = 0;

	if (got < 0)
		return errno == EAGAIN || errno == EINTR;
	if (!got)
		return 0;
	buf_put(&gnuplot->heard, block, (size_t)got);
	rc = buf_check(&gnuplot->heard, gnuplot->err);
	while (rc >= 0 && gnuplot->at < gnuplot->n) {
		struct buf rest = BUF_INIT;
		char *line;

		snprintf(done, sizeof(done), "done %zu\n", gnuplot->at);
		line = strstr(gnuplot->heard.text, done);
		if (!line)
			break;
		buf_puts(&rest, line + strlen(done));
		*line = '\0';
		rc = take(gnuplot, gnuplot->heard.text);
		buf_release(&gnuplot->heard);
		gnuplot->heard = rest;
	}
	return rc < 0 ? rc : 1;
}

/* Until all is done (1), gnuplot is gone or silent for too long (0), or the caller fails (below 0). */
static int converse(struct gnuplot *gnuplot)
{
	double since = clock_seconds();
	size_t at = gnuplot->at;
	int rc = 1, reads = 1;

	while (gnuplot->at < gnuplot->n && rc > 0) {
		struct pollfd fds[2] = {{gnuplot->process.stderr_fd, POLLIN, 0},
					{reads && has_more(gnuplot) ? gnuplot->process.stdin_fd : -1, POLLOUT, 0}};

		if (poll(fds, 2, 1000) < 0 && errno != EINTR)
			return error_errno(gnuplot->err, "cannot wait for gnuplot");
		if (fds[1].revents)
			reads = feed(gnuplot);
		if (fds[0].revents)
			rc = listen_to(gnuplot);
		if (gnuplot->at != at) {
			at = gnuplot->at;
			since = clock_seconds();
		} else if (clock_seconds() - since > PATIENCE) {
			gnuplot->silent = 1;
			rc = 0;
		}
	}
	return rc;
}

/* The job at which gnuplot ended, or every job left, gets the reason. */
static int give_up(struct gnuplot *gnuplot, int exit_code, int all)
{
	char reason[96];
	int rc = 0;

	if (exit_code == NOT_INSTALLED)
		snprintf(reason, sizeof(reason), "gnuplot is not installed");
	else if (gnuplot->silent)
		snprintf(reason, sizeof(reason), "gnuplot gave no sign for %.0f s", PATIENCE);
	else if (exit_code > 128)
		snprintf(reason, sizeof(reason), "gnuplot was ended by signal %d", exit_code - 128);
	else
		snprintf(reason, sizeof(reason), "gnuplot ended early with exit code %d", exit_code);
	do {
		rc = gnuplot->finished(gnuplot->context, gnuplot->at, NULL, reason);
		gnuplot->at = next_job(gnuplot, gnuplot->at + 1);
	} while (rc == 0 && all && gnuplot->at < gnuplot->n);
	return rc;
}

static int run_all(struct gnuplot *gnuplot)
{
	int in_vain = 0, rc = 0;

	while (rc >= 0 && gnuplot->at < gnuplot->n) {
		size_t before = gnuplot->at;
		struct error start = {0};
		int exit_code;

		rc = open_gnuplot(gnuplot, &start);
		if (rc < 0)
			return give_up(gnuplot, NOT_INSTALLED, 1);
		rc = converse(gnuplot);
		exit_code = process_close(&gnuplot->process, rc <= 0);
		if (rc != 0)
			continue;
		in_vain = gnuplot->at == before ? in_vain + 1 : 0;
		rc = give_up(gnuplot, exit_code, exit_code == NOT_INSTALLED || in_vain == STARTS_IN_VAIN);
	}
	return rc < 0 ? rc : 0;
}

int gnuplot_run(const struct gnuplot_job *job, size_t n,
		int (*finished)(void *context, size_t i, const char *svg, const char *problem), void *context,
		struct error *err)
{
	struct gnuplot gnuplot = {.job = job,
				  .n = n,
				  .finished = finished,
				  .context = context,
				  .script = BUF_INIT,
				  .heard = BUF_INIT,
				  .err = err};
	const char *tmp = getenv("TMPDIR");
	void (*old)(int) = signal(SIGPIPE, SIG_IGN);
	int rc = 0;

	gnuplot.at = next_job(&gnuplot, 0);
	if (gnuplot.at == n)
		goto out;
	gnuplot.folder = mem_printf("%s/assay-charts-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!gnuplot.folder) {
		rc = error_nomem(err);
		goto out;
	}
	if (!mkdtemp(gnuplot.folder)) {
		rc = error_set(err, ERR_MACHINE, "cannot make the folder %s: %s", gnuplot.folder, strerror(errno));
		goto out;
	}
	rc = run_all(&gnuplot);
	if (dir_remove(gnuplot.folder, rc < 0 ? NULL : err) < 0 && rc == 0)
		rc = ERR_MACHINE;
out:
	signal(SIGPIPE, old);
	free(gnuplot.folder);
	buf_release(&gnuplot.script);
	buf_release(&gnuplot.heard);
	return rc;
}

/*
 * DVCLive's folder, for commands that log by it: a summary (metrics.json), parameters (params.yaml), and a file of tab-separated
 * values a metric: a head that names the columns, `step` among them, then a line a step.
 */
#include "track/collect_inside.h"

#include "base/file.h"
#include "format/lines.h"
#include "format/number.h"

#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_DEPTH = 16, MOST_LINE = 1 << 16 };

struct plots {
	struct collecting *collecting;
	const struct timespec *since;
	struct oddities odds;
	struct buf name; /* of the folder looked at, with a dot behind it; then of the metric */
	struct buf cut; /* scratch */
};

static int is_new(const struct stat *st, const struct timespec *since)
{
	return st->st_mtim.tv_sec > since->tv_sec ||
	       (st->st_mtim.tv_sec == since->tv_sec && st->st_mtim.tv_nsec >= since->tv_nsec);
}

/* 1 if it is a plain file, written since the run started. */
static int is_new_file(int dir, const char *name, const struct timespec *since)
{
	struct stat st;

	return !fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode) && is_new(&st, since);
}

struct columns { /* by number, SIZE_MAX where there is none */
	size_t step, time, value;
};

/* The column `number` of a line; 0 if it has fewer. */
static int column(const char **out, size_t *len, const struct lines *lines, size_t number)
{
	const char *at = lines->text, *end = lines->text + lines->len;

	for (size_t i = 0; at <= end; i++) {
		const char *tab = memchr(at, '\t', (size_t)(end - at));

		*out = at;
		*len = (size_t)((tab ? tab : end) - at);
		if (i == number)
			return 1;
		if (!tab)
			break;
		at = tab + 1;
	}
	return 0;
}

static void read_head(struct columns *out, const struct lines *lines)
{
	const char *text;
	size_t len;

	*out = (struct columns){SIZE_MAX, SIZE_MAX, SIZE_MAX};
	for (size_t i = 0; column(&text, &len, lines, i); i++) {
		if (len == 4 && !memcmp(text, "step", 4))
			out->step = i;
		else if (len == 9 && !memcmp(text, "timestamp", 9))
			out->time = i;
		else
			out->value = i;
	}
}

static int number_in(double *out, const struct lines *lines, size_t number)
{
	const char *text;
	size_t len;

	if (number == SIZE_MAX || !column(&text, &len, lines, number))
		return 0;
	if (number_parse(out, text, len) != NUMBER_NONE)
		return 1;
	if (len == 3 && !strncasecmp(text, "nan", 3))
		*out = NAN;
	else if (len == 3 && !strncasecmp(text, "inf", 3))
		*out = INFINITY;
	else if (len == 4 && !strncasecmp(text, "-inf", 4))
		*out = -INFINITY;
	else
		return 0;
	return 1;
}

static int take_steps(struct plots *plots, size_t metric, struct lines *lines, struct error *err)
{
	struct columns columns = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
	int rc;

	while ((rc = lines_next(lines, err)) == 1) {
		double step = (double)lines->number - 2, time = NAN, value;

		if (lines->number == 1) {
			read_head(&columns, lines);
			continue;
		}
		if (lines_is_blank(lines))
			continue;
		if (lines->too_long || !number_in(&value, lines, columns.value)) {
			odd(&plots->odds, ODD_VALUE, lines->number, plots->cut.text, plots->cut.len);
			continue;
		}
		if (!number_in(&step, lines, columns.step) || !isfinite(step))
			step = (double)lines->number - 2;
		if (!number_in(&time, lines, columns.time) || !isfinite(time))
			time = NAN;
		rc = series_add(plots->collecting->series, metric, step, time, value, err);
		if (rc < 0)
			return rc;
	}
	return rc;
}

/* One metric; its name is plots->name. */
static int take_plot(struct plots *plots, int dir, const char *file, struct error *err)
{
	struct collecting there = *plots->collecting;
	struct error reason = {0};
	unsigned long long bytes;
	struct lines lines;
	size_t metric;
	int fd, rc;

	rc = collect_name(&plots->cut, plots->name.text, plots->name.len, &plots->odds, 0, err);
	if (rc == 1)
		rc = series_metric(&metric, plots->collecting->series, plots->cut.text, plots->cut.len, err);
	else
		return rc;
	if (!rc && metric == SIZE_MAX)
		odd(&plots->odds, ODD_MANY, 0, plots->cut.text, plots->cut.len);
	if (rc || metric == SIZE_MAX)
		return rc;
	there.dir = dir;
	rc = collect_open(&fd, &bytes, &there, file, err);
	if (rc < 1)
		return rc;
	lines_init(&lines, fd, file, MOST_LINE, bytes);
	rc = take_steps(plots, metric, &lines, &reason);
	if (rc < 0)
		rc = collect_unread(&plots->collecting->out->notes, &reason, err);
	lines_release(&lines);
	close(fd);
	return rc;
}

static int walk(struct plots *plots, int fd, size_t depth, struct error *err);

static int walk_name(struct plots *plots, int dir, const char *file, size_t depth, struct error *err)
{
	size_t len = plots->name.len, file_len = strlen(file);
	int rc = 0, fd;

	buf_puts(&plots->name, file);
	rc = buf_check(&plots->name, err);
	if (!rc && is_new_file(dir, file, plots->since) && file_len > 4 && !strcmp(file + file_len - 4, ".tsv")) {
		plots->name.len -= 4;
		plots->name.text[plots->name.len] = '\0';
		rc = take_plot(plots, dir, file, err);
	} else if (!rc && depth < MOST_DEPTH) {
		fd = openat(dir, file, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		buf_putc(&plots->name, '.');
		rc = fd < 0 ? 0 : walk(plots, fd, depth + 1, err);
	}
	plots->name.len = len;
	return rc;
}

/* Takes the descriptor. */
static int walk(struct plots *plots, int fd, size_t depth, struct error *err)
{
	int dir = fcntl(fd, F_DUPFD_CLOEXEC, 0), more = 0, rc;
	struct names names = {0};

	rc = collect_list(&names, &more, fd, err);
	for (size_t i = 0; i < names.n && !rc && dir >= 0; i++)
		rc = walk_name(plots, dir, names.name[i], depth, err);
	names_free(&names);
	if (dir >= 0)
		close(dir);
	return rc;
}

static int read_plots(struct collecting *collecting, const struct timespec *since, struct error *err)
{
	struct plots plots = {.collecting = collecting,
			      .since = since,
			      .odds = {.file = "dvclive"},
			      .name = BUF_INIT,
			      .cut = BUF_INIT};
	int fd = openat(collecting->dir, "plots/metrics", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC), rc = 0;

	if (fd >= 0)
		rc = walk(&plots, fd, 0, err);
	if (!rc)
		rc = odd_notes(&collecting->out->notes, &plots.odds, err);
	buf_release(&plots.name);
	buf_release(&plots.cut);
	return rc;
}

int collect_dvclive(struct collected *out, const char *folder, const struct timespec *since, const json_t *given,
		    const char *history, struct error *err)
{
	struct collecting collecting = {.out = out, .dir = -1, .elsewhere = 1};
	int rc = 0;

	if (json_object_size(out->reported) || json_object_size(out->series))
		return 0;
	collecting.dir = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (collecting.dir < 0)
		return 0;
	/* the summary comes with every step: an old one is another run's, as all else there */
	if (!is_new_file(collecting.dir, "metrics.json", since))
		goto out;
	collecting.series = series_new();
	if (!collecting.series) {
		rc = error_nomem(err);
		goto out;
	}
	rc = read_plots(&collecting, since, err);
	if (!rc && is_new_file(collecting.dir, "params.yaml", since))
		rc = collect_document(&collecting, "params.yaml", given, err);
	if (!rc)
		rc = collect_metrics(&collecting, history, err);
	json_object_del(out->reported, "step"); /* the summary has it among the metrics */
	if (!rc)
		rc = collect_note(&out->notes, err, "metrics were read from what DVCLive wrote into %s/",
				  path_base(folder));
out:
	series_free(collecting.series);
	close(collecting.dir);
	return rc;
}

/*
 * simulate FILE CHECKPOINT [PERCENT [TEXT]]: run every cell (with TEXT: those whose scope or null holds it), with that
 * part of its trials, and write FILE in the form of src/site/page/rates.def. Each finished cell goes to CHECKPOINT at
 * once, where the next start finds it, unless this program is newer than it.
 */
#include "simulate/cell.h"

#include "base/buf.h"
#include "base/file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* RATE("model", "winner", "two labels of one model", 1000, 40, 1, : what a line starts with; then family and counts. */
static void put_key(struct buf *out, const struct cell *cell, const char *claim)
{
	buf_printf(out, "RATE(\"%s\", \"%s\", \"%s\", %zu, %zu, %zu, ", cell->scope, claim, cell->null, cell->rows,
		   cell->rarer, cell->units);
}

static void put_outcome(struct buf *out, const struct cell *cell, const struct outcome *outcome)
{
	for (int claim = 0; claim < CLAIMS; claim++)
		for (size_t f = 0; f < FAMILIES; f++) {
			size_t trials = 0;

			for (size_t m = 0; m < RATE_METRICS; m++)
				trials += outcome->trials[claim][f][m];
			if (trials == 0)
				continue;
			put_key(out, cell, cell->unclaimed ? "unclaimed" : claim_name[claim]);
			buf_printf(out, "%zu", family_size[f]);
			for (size_t m = 0; m < RATE_METRICS; m++)
				buf_printf(out, ", %zu, %zu", outcome->hits[claim][f][m], outcome->trials[claim][f][m]);
			buf_puts(out, ")\n");
		}
}

/* The lines of this cell in the text of a checkpoint; 0: none. */
static int put_known(struct buf *out, const struct cell *cell, const char *known)
{
	size_t before = out->len;

	for (int claim = 0; claim <= CLAIMS; claim++) {
		struct buf key = BUF_INIT;
		const char *at = known;

		put_key(&key, cell, claim < CLAIMS ? claim_name[claim] : "unclaimed");
		while (key.text && (at = strstr(at, key.text)) != NULL) {
			size_t len = strcspn(at, "\n") + 1;

			buf_put(out, at, len);
			at += len;
		}
		buf_release(&key);
	}
	return out->len > before;
}

static int append(const char *path, const struct buf *text, struct error *err)
{
	FILE *file = fopen(path, "a");
	int bad = !file || fwrite(text->text, 1, text->len, file) != text->len;

	if (file && fclose(file) != 0)
		bad = 1;
	return bad ? error_errno(err, "%s", path) : 0;
}

/* What earlier starts of this very program have measured. */
static int read_known(struct buf *known, const char *path, struct error *err)
{
	struct stat program, file;

	if (stat(path, &file) < 0)
		return 0;
	if (stat("/proc/self/exe", &program) == 0 && program.st_mtime > file.st_mtime) {
		if (remove(path) < 0)
			return error_errno(err, "%s", path);
		return 0;
	}
	return file_read(known, path, err);
}

static double cpu_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static int run_cell(struct buf *lines, const struct cell *cell, double percent, const char *checkpoint,
		    struct error *err)
{
	struct outcome outcome = {0};
	struct buf own = BUF_INIT;
	double start = cpu_seconds();
	int rc;

	rc = cell->run(&outcome, cell, (size_t)ceil((double)cell->trials * percent / 100), err);
	if (rc < 0)
		goto out;
	put_outcome(&own, cell, &outcome);
	rc = buf_check(&own, err);
	if (rc == 0)
		rc = append(checkpoint, &own, err);
	buf_put(lines, own.text, own.len);
	fprintf(stderr, "%s, %s, %zu rows, %zu, %zu: %.1f s\n", cell->scope, cell->null, cell->rows, cell->rarer,
		cell->units, cpu_seconds() - start);
out:
	buf_release(&own);
	return rc;
}

int main(int argc, char **argv)
{
	struct buf lines = BUF_INIT, known = BUF_INIT;
	struct error err = {0};
	double percent = 100;
	int rc;

	if (argc > 3)
		percent = strtod(argv[3], NULL);
	if (argc < 3 || argc > 5 || !(percent > 0)) {
		fprintf(stderr, "usage: simulate FILE CHECKPOINT [PERCENT [TEXT]]\n");
		return 2;
	}
	buf_puts(&lines, "/* Written by `make simulate` (tests/simulate/README.md): hits and trials in the order of "
			 "RATE_METRIC_NAMES. */\n");
	rc = read_known(&known, argv[2], &err);
	for (const struct cell *cell = cells; rc == 0 && cell->scope; cell++) {
		if (argc == 5 && !strstr(cell->scope, argv[4]) && !strstr(cell->null, argv[4]))
			continue;
		if (!known.text || !put_known(&lines, cell, known.text))
			rc = run_cell(&lines, cell, percent, argv[2], &err);
	}
	if (rc == 0)
		rc = buf_check(&lines, &err);
	if (rc == 0)
		rc = file_write(argv[1], lines.text, lines.len, &err);
	if (rc < 0)
		fprintf(stderr, "simulate: %s\n", err.text);
	buf_release(&lines);
	buf_release(&known);
	return rc < 0 ? 3 : 0;
}

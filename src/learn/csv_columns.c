/*
 * The first piece of the text is read to see which columns are text; then threads take the pieces, each with lanes and
 * dictionaries of its own, while one of them starts with the sha256 of the bytes. A column that shows only later that it
 * is text is read once more by itself. Which thread had which piece leaves no trace: levels are sorted at the end.
 */
#include "learn/csv_columns.h"
#include "base/mem.h"
#include "base/workers.h"
#include "format/number.h"
#include "learn/csv_levels.h"

#include <math.h>
#include <sys/mman.h>

#define SMALL_TEXT ((size_t)1 << 18) /* less than this is not worth a thread */
#define HUGE_PAGE ((size_t)1 << 21)

struct reading {
	struct table *table;
	const struct csv_source *source;
	size_t threads;
	struct csv_cells *cells; /* [threads] */
	size_t *reader; /* [chunks] the thread that read a chunk last */
	struct csv_problem *problem; /* [chunks] */
	struct error *err;
};

/* 64 bytes more than a multiple of 128, so that the columns of one row do not fall on one set of the cache. */
static size_t column_bytes(size_t rows)
{
	return (rows * sizeof(double) + 127) / 128 * 128 + 64;
}

static int make_cells(struct table *table, struct error *err)
{
	size_t bytes = column_bytes(table->rows), all = bytes * table->columns;
	uintptr_t start, end;

	table->cells = mem_aligned(table->columns, bytes);
	if (!table->cells)
		return error_nomem(err);
	start = ((uintptr_t)table->cells + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	end = ((uintptr_t)table->cells + all) & ~(HUGE_PAGE - 1);
	if (end > start) /* only advice: a refusal is no failure */
		(void)madvise((void *)start, end - start, MADV_HUGEPAGE);
	return 0;
}

static int is_among(const char *const *words, const char *name)
{
	for (; words && *words; words++)
		if (!strcmp(*words, name))
			return 1;
	return 0;
}

int csv_asked_as_text(const struct table_options *options, const char *name)
{
	return is_among(options->text, name);
}

int csv_is_wanted(const struct table_options *options, const char *name)
{
	return !options->only || is_among(options->only, name);
}

static enum csv_lane_kind first_kind(const struct reading *reading, size_t c)
{
	const struct table_options *options = reading->source->options;
	const char *name = reading->table->column[c].name;

	if (!reading->table->cells || !csv_is_wanted(options, name))
		return LANE_SKIP;
	return csv_asked_as_text(options, name) ? LANE_TEXT : LANE_NUMBER;
}

static int make_lanes(struct reading *reading)
{
	struct table *table = reading->table;
	size_t bytes = column_bytes(table->rows);

	for (size_t t = 0; t < reading->threads; t++) {
		struct csv_cells *cells = &reading->cells[t];

		*cells = (struct csv_cells){
			.columns = table->columns,
			.separator = table->separator,
			.missing = reading->source->options->missing,
			.scratch = BUF_INIT,
		};
		cells->lane = mem_zeroed(table->columns, sizeof(*cells->lane));
		if (!cells->lane)
			return error_nomem(reading->err);
		for (size_t c = 0; c < table->columns; c++) {
			struct csv_lane *lane = &cells->lane[c];

			lane->kind = first_kind(reading, c);
			lane->number = table->cells ? (double *)(void *)((char *)table->cells + c * bytes) : NULL;
			lane->code = (int32_t *)(void *)lane->number;
		}
	}
	return 0;
}

static int reading_init(struct reading *reading)
{
	size_t chunks = reading->source->index->chunks,
	       threads = workers_count(reading->source->options->threads, chunks + 1);

	reading->threads = reading->source->bytes < SMALL_TEXT ? 1 : threads;
	reading->cells = mem_zeroed(reading->threads, sizeof(*reading->cells));
	reading->reader = mem_zeroed(chunks, sizeof(*reading->reader));
	reading->problem = mem_zeroed(chunks, sizeof(*reading->problem));
	if (!reading->cells || !reading->reader || !reading->problem)
		return error_nomem(reading->err);
	return make_lanes(reading);
}

static void reading_release(struct reading *reading)
{
	for (size_t t = 0; reading->cells && t < reading->threads; t++) {
		struct csv_cells *cells = &reading->cells[t];

		for (size_t c = 0; cells->lane && c < cells->columns; c++)
			dictionary_release(&cells->lane[c].dictionary);
		free(cells->lane);
		if (cells->lane)
			buf_release(&cells->scratch);
	}
	free(reading->cells);
	free(reading->reader);
	free(reading->problem);
}

/* Which columns are text as far as the first piece goes; what else it found is forgotten. */
static void look_at_first_piece(struct reading *reading)
{
	struct csv_lane *seen = reading->cells[0].lane;
	struct csv_problem forgotten = {0};

	csv_cells_read(&reading->cells[0], reading->source->index->chunk, &forgotten);
	for (size_t c = 0; c < reading->table->columns; c++) {
		enum csv_lane_kind kind = seen[c].is_text ? LANE_TEXT : seen[c].kind;

		seen[c].missing = seen[c].overflow = 0;
		seen[c].is_text = 0;
		for (size_t t = 0; t < reading->threads; t++)
			reading->cells[t].lane[c].kind = kind;
	}
}

/* What all pieces are read by; piece 0 hashes the bytes where that is asked for. */
struct pass {
	struct reading *reading;
	int with_hash;
	int rc; /* of the hash */
};

static void read_piece(void *context, size_t piece, size_t worker)
{
	struct pass *pass = context;
	struct reading *reading = pass->reading;
	const struct csv_text *text = reading->source->text;
	size_t chunk = piece - (size_t)pass->with_hash;

	if (pass->with_hash && piece == 0) {
		pass->rc = sha256(reading->table->sha256, text->start, text->bytes, reading->err);
		return;
	}
	reading->reader[chunk] = worker;
	csv_cells_read(&reading->cells[worker], &reading->source->index->chunk[chunk], &reading->problem[chunk]);
}

/* Read all pieces; the first pass also hashes the bytes, which takes a thread as long as many pieces. */
static int read_all(struct reading *reading, int with_hash)
{
	struct pass pass = {.reading = reading, .with_hash = with_hash};
	size_t chunks = reading->source->index->chunks;
	int rc;

	workers_run(reading->threads, chunks + (size_t)with_hash, read_piece, &pass);
	rc = pass.rc;
	for (size_t i = 0; i < chunks && !rc; i++)
		if (reading->problem[i].kind == CSV_NOMEM)
			rc = error_nomem(reading->err);
	return rc;
}

/* The first problem of all pieces, with the wrong records of the others counted. */
static void first_problem(struct reading *reading, struct csv_problem *out)
{
	*out = (struct csv_problem){0};
	for (size_t i = 0; i < reading->source->index->chunks; i++) {
		const struct csv_problem *problem = &reading->problem[i];

		if (out->kind == CSV_FINE)
			*out = *problem;
		else
			out->more += problem->more + (problem->kind == CSV_FIELDS);
		if (problem->kind == CSV_QUOTE && !out->at)
			out->at = reading->source->index->chunk[i].start;
	}
}

/* Codes of the threads' dictionaries become levels; -1, and what has no level, is missing. */
static void renumber(const struct reading *reading, struct column *column, int32_t *const *final)
{
	const struct csv_chunk *chunk = reading->source->index->chunk;

	for (size_t i = 0; i < reading->source->index->chunks; i++) {
		const int32_t *level = final[reading->reader[i]];

		for (size_t row = chunk[i].row; row < chunk[i + 1].row; row++) {
			int32_t code = column->code[row];

			column->code[row] = code < 0 ? -1 : level[code];
			column->missing += column->code[row] < 0;
		}
	}
}

/* For each thread, -1 for each code of its dictionary of column c: no level yet. The caller's to free_final(). */
static int32_t **make_final(const struct reading *reading, size_t c)
{
	int32_t **final = mem_zeroed(reading->threads, sizeof(*final));

	for (size_t t = 0; final && t < reading->threads; t++) {
		size_t codes = reading->cells[t].lane[c].dictionary.n;

		final[t] = mem_array(codes, sizeof(**final));
		for (size_t i = 0; final[t] && i < codes; i++)
			final[t][i] = -1;
	}
	return final;
}

static void free_final(const struct reading *reading, int32_t **final)
{
	for (size_t t = 0; final && t < reading->threads; t++)
		free(final[t]);
	free(final);
}

static int finish_text(struct reading *reading, size_t c)
{
	struct column *column = &reading->table->column[c];
	const struct dictionary **dictionary = mem_array(reading->threads, sizeof(*dictionary));
	int32_t **final = make_final(reading, c);
	int failed = !dictionary || !final;

	for (size_t t = 0; t < reading->threads && !failed; t++) {
		dictionary[t] = &reading->cells[t].lane[c].dictionary;
		failed = !final[t];
	}
	column->kind = COLUMN_CATEGORY;
	column->code = reading->cells[0].lane[c].code;
	if (!failed)
		failed = csv_levels_make(column, dictionary, reading->threads, reading->source->options->missing,
					 final);
	if (!failed)
		renumber(reading, column, final);
	for (size_t t = 0; t < reading->threads; t++)
		dictionary_release(&reading->cells[t].lane[c].dictionary);
	free_final(reading, final);
	free(dictionary);
	return failed ? error_nomem(reading->err) : 0;
}

static void finish_number(struct reading *reading, size_t c, const char **overflow, size_t *overflows)
{
	struct column *column = &reading->table->column[c];

	column->kind = COLUMN_NUMBER;
	column->number = reading->cells[0].lane[c].number;
	for (size_t t = 0; t < reading->threads; t++) {
		const struct csv_lane *lane = &reading->cells[t].lane[c];

		column->missing += lane->missing;
		*overflows += lane->overflow;
		if (lane->overflow && (!overflow[c] || lane->first_overflow < overflow[c]))
			overflow[c] = lane->first_overflow;
	}
}

/* A missing word that is a number, as -999, means its value. */
static void apply_missing_numbers(struct table *table, const char *const *words)
{
	double value;

	for (; words && *words; words++) {
		if (number_parse(&value, *words, strlen(*words)) != NUMBER_OK)
			continue;
		for (size_t c = 0; c < table->columns; c++) {
			struct column *column = &table->column[c];

			for (size_t row = 0; column->number && row < table->rows; row++) {
				if (column->number[row] != value)
					continue;
				column->number[row] = NAN;
				column->missing++;
			}
		}
	}
}

/* Text columns are finished, number columns left alone, those that only now are text are set up to be read again. */
static int finish_texts(struct reading *reading, int *again)
{
	int rc = 0;

	*again = 0;
	for (size_t c = 0; c < reading->table->columns && !rc; c++) {
		int is_text = 0;

		if (reading->cells[0].lane[c].kind == LANE_TEXT)
			rc = finish_text(reading, c);
		for (size_t t = 0; t < reading->threads; t++)
			is_text |= reading->cells[t].lane[c].is_text;
		*again |= is_text;
		for (size_t t = 0; t < reading->threads; t++) {
			reading->cells[t].lane[c].kind = is_text ? LANE_TEXT : LANE_SKIP;
			reading->cells[t].lane[c].is_text = 0;
		}
	}
	return rc;
}

int csv_columns_read(struct table *table, const struct csv_source *source, const char **overflow, size_t *overflows,
		     struct csv_problem *problem, struct error *err)
{
	struct reading reading = {.table = table, .source = source, .err = err};
	int again = 0, rc = 0;

	table->rows = source->index->chunk[source->index->chunks].row;
	*overflows = 0;
	/* A cell takes a byte at least. With fewer some record is too short: look for it, and do not reserve the cells. */
	if (table->rows <= (source->bytes + 1) / table->columns)
		rc = make_cells(table, err);
	if (!rc)
		rc = reading_init(&reading);
	if (rc < 0)
		goto out;
	look_at_first_piece(&reading);
	rc = read_all(&reading, 1);
	first_problem(&reading, problem);
	if (rc < 0 || problem->kind != CSV_FINE)
		goto out;
	rc = finish_texts(&reading, &again);
	if (!rc && again)
		rc = read_all(&reading, 0);
	if (!rc && again)
		rc = finish_texts(&reading, &again);
	for (size_t c = 0; c < table->columns && !rc; c++)
		if (!table->column[c].code && csv_is_wanted(source->options, table->column[c].name))
			finish_number(&reading, c, overflow, overflows);
	if (!rc)
		apply_missing_numbers(table, source->options->missing);
out:
	reading_release(&reading);
	return rc;
}

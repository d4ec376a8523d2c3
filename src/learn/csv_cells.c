#include "learn/csv_cells.h"
#include "learn/csv_number.h"

#include <assert.h>
#include <math.h>

const char *const csv_number_missing[] = {"NA", "NaN", "nan", "null", "None", "?", NULL};

/* A field as it stands in the text. */
struct field {
	const char *text;
	size_t len;
	int quoted;
	int doubled; /* has doubled quotes */
};

static int is_word(const char *text, size_t len, const char *const *words)
{
	for (; words && *words; words++)
		if (!strncmp(*words, text, len) && !(*words)[len])
			return 1;
	return 0;
}

int csv_is_missing(const char *text, size_t len, const char *const *words)
{
	while (len && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return !len || is_word(text, len, words);
}

/* A field of a number lane that the short way did not read. */
static void number_cell(struct csv_cells *cells, struct csv_lane *lane, size_t row, const char *text, size_t len)
{
	double value = NAN;

	switch (len ? number_parse(&value, text, len) : NUMBER_NONE) {
	case NUMBER_OK:
		break;
	case NUMBER_OVERFLOW:
		value = NAN;
		lane->missing++;
		if (!lane->overflow++)
			lane->first_overflow = text;
		break;
	case NUMBER_NONE:
		if (csv_is_missing(text, len, csv_number_missing) || csv_is_missing(text, len, cells->missing)) {
			lane->missing++;
			break;
		}
		lane->is_text = 1;
		lane->kind = LANE_SKIP;
		return;
	}
	lane->number[row] = value;
}

/* Undo the doubled quotes of a field in cells->scratch. 0 without memory. */
static int undouble(struct csv_cells *cells, struct field *field)
{
	struct buf *scratch = &cells->scratch;

	buf_clear(scratch);
	if (buf_reserve(scratch, field->len + DICTIONARY_SLACK) < 0)
		return 0;
	for (size_t i = 0; i < field->len; i++) {
		buf_putc(scratch, field->text[i]);
		i += field->text[i] == '"';
	}
	field->text = scratch->text;
	field->len = scratch->len;
	return 1;
}

static int32_t text_code(struct csv_lane *lane, const struct field *field, struct csv_problem *problem)
{
	int32_t code;

	if (!field->len)
		return -1;
	code = dictionary_code(&lane->dictionary, field->text, field->len, !field->doubled);
	if (code < 0)
		problem->kind = CSV_NOMEM;
	return code;
}

/*
 * The field between quotes that starts at `at`, in a record that ends before `end`. The delimiter behind it, or NULL if
 * there is something else.
 */
static const char *quoted_field(struct field *field, const char *at, const char *end, char separator,
				struct csv_problem *problem)
{
	*field = (struct field){.text = ++at, .quoted = 1};
	while ((at = memchr(at, '"', (size_t)(end - at))) && at[1] == '"') {
		field->doubled = 1;
		at += 2;
	}
	assert(at); /* csv_index has seen that every quote is closed */
	field->len = (size_t)(at++ - field->text);
	if (*at == '\r' && at[1] == '\n')
		at++;
	if (*at == '\n' || *at == separator)
		return at;
	if (problem->kind == CSV_FINE)
		*problem = (struct csv_problem){.kind = CSV_QUOTE};
	return NULL;
}

/* A record of `fields` fields is not what the header has. */
static void note_wrong_record(struct csv_problem *problem, const char *record, size_t fields)
{
	if (problem->kind == CSV_FINE)
		*problem = (struct csv_problem){.kind = CSV_FIELDS, .at = record, .fields = fields};
	else
		problem->more++;
}

#define ALWAYS_INLINE inline __attribute__((always_inline))

typedef uint64_t delimiters_function(const char *at, char separator);
typedef int number_function(double *out, const char *text, size_t len);

static ALWAYS_INLINE void put_cell(struct csv_cells *cells, struct csv_lane *lane, size_t row, struct field *field,
				   struct csv_problem *problem, number_function *simple_number)
{
	if (field->doubled && !undouble(cells, field)) {
		problem->kind = CSV_NOMEM;
		return;
	}
	if (lane->kind == LANE_NUMBER) {
		if (!field->len || field->doubled || !simple_number(&lane->number[row], field->text, field->len))
			number_cell(cells, lane, row, field->text, field->len);
	} else if (lane->kind == LANE_TEXT) {
		lane->code[row] = text_code(lane, field, problem);
	}
}

/* Walk a piece; the two functions are given by the callers below, so that each has a loop of its own. */
static ALWAYS_INLINE void walk_piece(struct csv_cells *cells, const struct csv_chunk *chunk,
				     struct csv_problem *problem, delimiters_function *delimiters,
				     number_function *simple_number)
{
	const char *at = chunk->start, *end = chunk[1].start, *record = at, *block = at, *stop;
	const char separator = cells->separator;
	const size_t columns = cells->columns;
	uint64_t mask = delimiters(block, separator); /* those of the block that are not passed yet */
	size_t row = chunk->row, column = 0;

	for (; at < end; at = stop + 1) {
		struct field field = {.text = at};

		if (*at == '"') {
			stop = quoted_field(&field, at, end, separator, problem);
			if (!stop)
				return;
			if (stop - block >= 64) {
				block += (stop - block) / 64 * 64;
				mask = delimiters(block, separator);
			}
			mask &= ~(uint64_t)1 << (stop - block);
		} else {
			while (!mask) {
				block += 64;
				mask = delimiters(block, separator);
			}
			stop = block + __builtin_ctzll(mask);
			mask &= mask - 1;
			field.len = (size_t)(stop - at);
		}
		if (*stop != '\n') {
			if (column < columns)
				put_cell(cells, &cells->lane[column], row, &field, problem, simple_number);
			column++;
			continue;
		}
		if (!field.quoted && field.len && stop[-1] == '\r')
			field.len--;
		if (column || field.len || field.quoted) { /* else a blank line */
			if (column < columns)
				put_cell(cells, &cells->lane[column], row, &field, problem, simple_number);
			if (column + 1 != columns)
				note_wrong_record(problem, record, column + 1);
			row++;
		}
		column = 0;
		record = stop + 1;
	}
}

static void read_plain(struct csv_cells *cells, const struct csv_chunk *chunk, struct csv_problem *problem)
{
	walk_piece(cells, chunk, problem, delimiters_plain, simple_number_plain);
}

#ifdef CSV_AVX2
AVX2 static void read_avx2(struct csv_cells *cells, const struct csv_chunk *chunk, struct csv_problem *problem)
{
	walk_piece(cells, chunk, problem, delimiters_avx2, simple_number_avx2);
}
#endif

void csv_cells_read(struct csv_cells *cells, const struct csv_chunk *chunk, struct csv_problem *problem)
{
#ifdef CSV_AVX2
	if (__builtin_cpu_supports("avx2")) {
		read_avx2(cells, chunk, problem);
		return;
	}
#endif
	read_plain(cells, chunk, problem);
}

#include "format/csv.h"
#include "base/mem.h"

#define SNIFF_BYTES (1 << 16)
#define SNIFF_RECORDS 50

static const char separators[] = ",;\t|";
#define SEPARATORS (sizeof(separators) - 1)

struct sniffed {
	size_t header; /* separators in the first record */
	size_t equal; /* records with as many */
};

/* Count the separators of one record outside of quotes; *at moves behind it. 0 for a blank line. */
static int sniff_record(size_t count[SEPARATORS], const char **at, const char *end)
{
	int inside = 0, filled = 0;

	memset(count, 0, SEPARATORS * sizeof(*count));
	while (*at < end) {
		char c = *(*at)++;
		const char *found;

		if (c == '"')
			inside = !inside;
		if (inside)
			continue;
		if (c == '\n')
			return filled;
		filled |= c != '\r';
		found = c ? strchr(separators, c) : NULL;
		if (found)
			count[found - separators]++;
	}
	return filled;
}

char csv_sniff(const char *text, size_t len)
{
	const char *at = text, *end = text + (len < SNIFF_BYTES ? len : SNIFF_BYTES);
	struct sniffed sniffed[SEPARATORS] = {0};
	size_t count[SEPARATORS], records = 0, best = 0;

	while (at < end && records < SNIFF_RECORDS) {
		if (!sniff_record(count, &at, end))
			continue;
		if (at == end && len > SNIFF_BYTES && records)
			break; /* cut off in the middle */
		for (size_t s = 0; s < SEPARATORS; s++) {
			if (!records)
				sniffed[s].header = count[s];
			sniffed[s].equal += sniffed[s].header && count[s] == sniffed[s].header;
		}
		records++;
	}
	for (size_t s = 1; s < SEPARATORS; s++)
		if (sniffed[s].equal > sniffed[best].equal ||
		    (sniffed[s].equal == sniffed[best].equal && sniffed[s].header > sniffed[best].header))
			best = s;
	return separators[best];
}

void csv_init(struct csv *csv, const char *text, size_t len, const char *name, char separator)
{
	*csv = (struct csv){.name = name, .at = text, .end = text + len, .next_line = 1, .scratch = BUF_INIT};
	if (len >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		csv->at += 3;
	csv->separator = separator ? separator : csv_sniff(csv->at, (size_t)(csv->end - csv->at));
}

void csv_release(struct csv *csv)
{
	if (!csv)
		return;
	free(csv->field);
	buf_release(&csv->scratch);
	*csv = (struct csv){.scratch = BUF_INIT};
}

/* Is `at` where a record ends: at the end of the text, LF, CRLF, or CR and the end? */
static int at_line_end(const struct csv *csv, const char *at)
{
	return at == csv->end || *at == '\n' || (*at == '\r' && (at + 1 == csv->end || at[1] == '\n'));
}

static void pass_line_end(struct csv *csv)
{
	if (csv->at < csv->end && *csv->at == '\r')
		csv->at++;
	if (csv->at < csv->end && *csv->at == '\n')
		csv->at++;
	csv->next_line++;
}

/* A quoted field, from behind its first quote; doubled quotes stay doubled for now. */
static int quoted_field(struct csv *csv, struct csv_field *field, struct error *err)
{
	size_t opened = csv->next_line;

	*field = (struct csv_field){.text = csv->at, .quoted = 1};
	for (;; csv->at++) {
		if (csv->at == csv->end) {
			error_set(err, ERR_INPUT, "a quote is opened and never closed: %s:%zu, column %zu", csv->name,
				  opened, csv->n + 1);
			error_hint(err, "close it, or write a quote inside of a quoted field twice");
			return ERR_INPUT;
		}
		csv->next_line += *csv->at == '\n';
		if (*csv->at != '"')
			continue;
		if (csv->at + 1 == csv->end || csv->at[1] != '"')
			break;
		csv->at++;
	}
	field->len = (size_t)(csv->at++ - field->text);
	if (at_line_end(csv, csv->at) || *csv->at == csv->separator)
		return 0;
	error_set(err, ERR_INPUT, "text after a closing quote: %s:%zu, column %zu", csv->name, csv->next_line,
		  csv->n + 1);
	error_hint(err, "write a quote inside of a quoted field twice");
	return ERR_INPUT;
}

static int next_field(struct csv *csv, struct error *err)
{
	struct csv_field *field;

	if (MEM_GROW(csv->field, csv->n, csv->cap, err) < 0)
		return ERR_NOMEM;
	field = &csv->field[csv->n];
	if (csv->at < csv->end && *csv->at == '"') {
		csv->at++;
		if (quoted_field(csv, field, err) < 0)
			return ERR_INPUT;
	} else {
		*field = (struct csv_field){.text = csv->at};
		while (!at_line_end(csv, csv->at) && *csv->at != csv->separator)
			csv->at++;
		field->len = (size_t)(csv->at - field->text);
	}
	csv->n++;
	return 0;
}

/* Quoted fields in which quotes are doubled are rewritten in scratch, reserved at once so that it does not move. */
static int undouble_quotes(struct csv *csv, struct error *err)
{
	size_t need = 0;

	for (size_t i = 0; i < csv->n; i++)
		if (csv->field[i].quoted && csv->field[i].len && memchr(csv->field[i].text, '"', csv->field[i].len))
			need += csv->field[i].len;
	if (!need)
		return 0;
	buf_clear(&csv->scratch);
	if (buf_reserve(&csv->scratch, need) < 0)
		return error_nomem(err);
	for (size_t i = 0; i < csv->n; i++) {
		struct csv_field *field = &csv->field[i];
		size_t start = csv->scratch.len;

		if (!field->quoted || !field->len || !memchr(field->text, '"', field->len))
			continue;
		for (size_t j = 0; j < field->len; j++) {
			buf_putc(&csv->scratch, field->text[j]);
			j += field->text[j] == '"';
		}
		field->text = csv->scratch.text + start;
		field->len = csv->scratch.len - start;
	}
	return 0;
}

int csv_next(struct csv *csv, struct error *err)
{
	csv->n = 0;
	while (csv->at < csv->end && at_line_end(csv, csv->at))
		pass_line_end(csv);
	if (csv->at == csv->end)
		return 0;
	csv->line = csv->next_line;
	for (;;) {
		int rc = next_field(csv, err);

		if (rc < 0)
			return rc;
		if (at_line_end(csv, csv->at))
			break;
		csv->at++; /* the separator */
	}
	pass_line_end(csv);
	return undouble_quotes(csv, err) < 0 ? ERR_NOMEM : 1;
}

/* Chosen runs as a Markdown table: see results.h. */
#include "command/results.h"
#include "command/figure.h"

#include "format/json.h"
#include "judge/words.h"

#include <ctype.h>

enum { MOST_FACTORS = 3 }; /* named in the cell of what changed */

static void put_code(struct buf *out, const char *text)
{
	buf_markdown_code(out, text, strlen(text));
}

/* A name in a reference stands bare as in --where, or in double quotes; one that cannot stand in a link at all has none. */
static int may_be_linked(const char *name)
{
	for (; *name; name++)
		if (*name == '<' || *name == '>' || *name == '"' || *name == '\\' || *name == '|' ||
		    iscntrl((unsigned char)*name))
			return 0;
	return 1;
}

static int is_plain(const char *name)
{
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && *name != '_' && *name != '-')
			return 0;
	return 1;
}

/* "](run:3f2a91bc07#measured.f1)" with `tail` behind the name. */
static void put_target(struct buf *out, const struct run *run, const char *map, const char *name, const char *tail)
{
	int plain = is_plain(name);

	buf_printf(out, "](%srun:%s#%s.%s%s%s%s%s)", plain ? "" : "<", id_handle(run_id(run)), map, plain ? "" : "\"",
		   name, plain ? "" : "\"", tail, plain ? "" : ">");
}

/* The value of a metric as a reference, with its interval; what the command said of itself is marked. "-" for none. */
static void put_metric(struct buf *out, const struct run *run, const char *metric)
{
	int linked = may_be_linked(metric);
	const char *map = json_object_get(run_field(run, "measured"), metric) ? "measured" : "reported";
	const json_t *interval = json_object_get(run_field(run, "intervals"), metric);
	double value;

	if (!json_number(&value, json_object_get(run_field(run, map), metric))) {
		buf_puts(out, "-");
		return;
	}
	if (linked)
		buf_putc(out, '[');
	figure_score(out, metric, value, 0);
	if (linked)
		put_target(out, run, map, metric, "");
	if (interval && (map[0] == 'm' || !json_object_get(run_field(run, "measured"), metric))) {
		buf_putc(out, ' ');
		buf_puts(out, "\\");
		figure_interval(out, metric, interval);
	}
	if (map[0] == 'r')
		buf_puts(out, " reported");
}

/* "[+0.034](run:...#comparison.f1.difference) this model is better; training noise unknown" */
static void put_difference(struct buf *out, const struct results *results, const struct run *run, const char *metric)
{
	struct judge_today today;
	const char *scope = json_string_value(json_object_get(run_comparison(run, "baseline"), "scope")), *words;

	if (!judge_today(&today, run, metric, judge_points_of(results->families, run))) {
		buf_puts(out, "not compared");
		return;
	}
	if (may_be_linked(metric))
		buf_putc(out, '[');
	figure_difference(out, metric, today.difference);
	if (may_be_linked(metric))
		put_target(out, run, "comparison", metric, ".difference");
	words = judge_words(scope ? scope : "model", today.verdict);
	if (words)
		buf_printf(out, " %s", words);
}

static void put_value(struct buf *out, const json_t *value)
{
	struct buf text = BUF_INIT;

	if (json_is_string(value))
		buf_puts(&text, json_string_value(value));
	else if (value)
		json_write(&text, value);
	while (text.len && text.text[text.len - 1] == '\n')
		text.text[--text.len] = '\0';
	put_code(out, value ? text.text : "-");
	buf_release(&text);
}

/* What the run changed against the nearest earlier one: "`lr` `0.1` to `0.2` (isolated)". */
static void put_changes(struct buf *out, const struct run *run)
{
	const json_t *factors = run_field(run, "changes.factors"), *factor;
	const char *verdict = run_text(run, "changes.verdict");
	size_t i, n = json_array_size(factors);

	if (!*verdict || !strcmp(verdict, "first")) {
		buf_puts(out, *verdict ? "first of its kind" : "-");
		return;
	}
	json_array_foreach(factors, i, factor)
	{
		const char *kind = json_string_value(json_object_get(factor, "factor"));
		const char *name = json_string_value(json_object_get(factor, "name"));

		if (i == MOST_FACTORS)
			break;
		buf_puts(out, i ? ", " : "");
		put_code(out, name ? name : kind ? kind : "?");
		if (kind && (!strcmp(kind, "params") || !strcmp(kind, "seed"))) {
			buf_putc(out, ' ');
			put_value(out, json_object_get(factor, "from"));
			buf_puts(out, " to ");
			put_value(out, json_object_get(factor, "to"));
		}
	}
	if (n > MOST_FACTORS)
		buf_printf(out, " and %zu more", n - MOST_FACTORS);
	buf_printf(out, n ? " (%s)" : "%s", !strcmp(verdict, "none") ? "nothing" : verdict);
}

static void put_criteria(struct buf *out, const struct run *run)
{
	size_t met, of;

	judge_criteria_count(&met, &of, run);
	if (of)
		buf_printf(out, "%zu of %zu met", met, of);
	else
		buf_puts(out, "-");
}

static int some_have(const struct results *results, const char *metric)
{
	double value;

	for (size_t i = 0; i < results->n; i++)
		if (run_metric(&value, &results->run[i]->run, metric))
			return 1;
	return 0;
}

static void put_row(struct buf *out, const struct results *results, const struct run *run)
{
	int is_base = results->base && run == &results->base->run;

	buf_puts(out, "| ");
	put_code(out, run_name(run));
	buf_puts(out, is_base ? " (baseline)" : "");
	for (size_t i = 0; i < results->metrics; i++)
		if (some_have(results, results->metric[i].name)) {
			buf_puts(out, " | ");
			put_metric(out, run, results->metric[i].name);
		}
	buf_puts(out, " | ");
	if (is_base)
		buf_puts(out, "-");
	else
		put_difference(out, results, run, results->metric[0].name);
	buf_puts(out, " | ");
	put_criteria(out, run);
	buf_puts(out, " | ");
	put_changes(out, run);
	buf_puts(out, " |\n");
}

static void put_heads(struct buf *out, const struct results *results)
{
	struct buf rule = BUF_INIT;

	buf_puts(out, "| run");
	buf_puts(&rule, "| ---");
	for (size_t i = 0; i < results->metrics; i++)
		if (some_have(results, results->metric[i].name)) {
			buf_puts(out, " | ");
			put_code(out, results->metric[i].name);
			buf_puts(&rule, " | ---");
		}
	buf_puts(out, " | ");
	put_code(out, results->metric[0].name);
	buf_puts(out, " against ");
	if (results->base)
		put_code(out, run_name(&results->base->run));
	else
		buf_puts(out, "the baseline");
	buf_printf(out, " | criteria | changed |\n%s | --- | --- | --- |\n", rule.text);
	buf_release(&rule);
}

/* "- `20261124-...` `name`: code `8a1b2c3`, seed 7, 282 test rows" */
static void put_source(struct buf *out, const struct run *run)
{
	const char *snapshot = run_text(run, "code.snapshot"), *commit = run_text(run, "code.commit");
	double value;

	buf_puts(out, "- ");
	put_code(out, run_id(run));
	buf_putc(out, ' ');
	put_code(out, run_name(run));
	if (*commit || *snapshot) {
		char text[16];

		snprintf(text, sizeof(text), "%.7s", *snapshot ? snapshot : commit);
		buf_puts(out, *snapshot ? ": changed files kept as " : ": code ");
		put_code(out, text);
	}
	if (run_number(&value, run, "seed"))
		buf_printf(out, ", seed %.0f", value);
	if (json_array_size(run_field(run, "children")))
		buf_printf(out, ", mean of %zu runs", json_array_size(run_field(run, "children")));
	if (run_number(&value, run, "evaluation.rows"))
		buf_printf(out, ", %.0f test rows", value);
	buf_putc(out, '\n');
}

int results_write(struct buf *out, const struct results *results, struct error *err)
{
	buf_puts(out, RESULTS_MARK ", which writes it anew each time. Figures are references to the records. -->\n\n");
	put_heads(out, results);
	for (size_t i = 0; i < results->n; i++)
		put_row(out, results, &results->run[i]->run);
	if (results->base)
		put_row(out, results, &results->base->run);
	buf_putc(out, '\n');
	for (size_t i = 0; i < results->n; i++)
		put_source(out, &results->run[i]->run);
	if (results->base)
		put_source(out, &results->base->run);
	return buf_check(out, err);
}

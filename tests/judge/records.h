/* Runs, experiments and predictions in memory for the tests of judge/. */
#ifndef ASSAY_TESTS_JUDGE_RECORDS_H
#define ASSAY_TESTS_JUDGE_RECORDS_H

#include "check.h"

#include "base/mem.h"
#include "base/random.h"
#include "format/json.h"
#include "judge/judge.h"

/* Today's word on a metric, NULL if there is none. */
static inline const char *word_today(const struct run *run, const char *metric, size_t points)
{
	struct judge_today today;

	return judge_today(&today, run, metric, points) ? today.verdict : NULL;
}

/* The n-th run: id by its number, then what `more` says (members of the object, with single quotes for double ones). */
static inline void add_run(struct runs *runs, const char *name, const char *kind, const char *more)
{
	struct error err = {0};
	struct seen_run *seen;
	char *text;

	runs->item = mem_resize(runs->item, runs->n + 1, sizeof(*runs->item));
	assert_non_null(runs->item);
	seen = &runs->item[runs->n];
	*seen = (struct seen_run){0};
	text = mem_printf(
		"{'schema': 1, 'id': '20261124-1030%02zu-00000000%02zx', 'experiment': 'churn', 'name': '%s', "
		"'kind': '%s', 'status': 'finished'%s%s}",
		runs->n, runs->n, name, kind, *more ? ", " : "", more);
	assert_non_null(text);
	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	check_ok(run_parse(&seen->run, text, strlen(text), "record", &err), err);
	free(text);
	runs->n++;
}

static inline void release_runs(struct runs *runs)
{
	for (size_t i = 0; i < runs->n; i++)
		run_release(&runs->item[i].run);
	free(runs->item);
	*runs = (struct runs){0};
}

#define ID_0 "20261124-103000-0000000000"
#define ID_1 "20261124-103001-0000000001"

/* A comparison of role baseline with `against`, of which `metrics` is the map. */
#define COMPARED(against, metrics)                                                 \
	"'comparison': [{'against': '" against                                     \
	"', 'role': 'baseline', 'scope': 'model', 'rows': 1000, 'of_rows': 1000, " \
	"'fixed': 40, 'broken': 12, 'same_ranking': false, 'metrics': {" metrics "}}]"

/* One metric of it, declared, in a family of 2: difference, corrected interval, se and p as given. */
#define ENTRY(name, difference, low, high, se, p, verdict)                                                         \
	"'" name "': {'difference': " difference ", 'interval': [" low ", " high "], 'corrected': [" low ", " high \
	"], 'se': " se ", 'p': " p ", 'test': 't', 'family': 2, 'declared': true, 'verdict': '" verdict "'}"

static const struct declared_metric f1_declared[] = {{(char *)(intptr_t) "f1", 0, 1}};

#endif

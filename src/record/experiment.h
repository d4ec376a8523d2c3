/* experiments/NAME.md: the question, what is expected, the criteria, and prose. */
#ifndef ASSAY_RECORD_EXPERIMENT_H
#define ASSAY_RECORD_EXPERIMENT_H

#include "record/project.h"

enum criterion_kind {
	CRITERION_LIMIT, /* value op limit */
	CRITERION_BEATS, /* the corrected interval of the difference to `against` lies above by (good direction) */
	CRITERION_NO_WORSE, /* not worse at margin */
	CRITERION_BROKEN, /* share of rows right before and wrong now: value op limit */
};

struct criterion {
	char *metric;
	enum criterion_kind kind;
	char op[3]; /* LIMIT, BROKEN: ">=", "<=", ">", "<", "=" */
	double value; /* the limit, `by`, or the margin */
	char *rule; /* as the record says it: ">= 0.85", "beats baseline by 0.01" */
	size_t line;
	int constraint; /* from constraints: */
	int reported; /* LIMIT with source: reported: what the command says of itself is what counts */
};

struct expectation {
	char *metric;
	char *what; /* "better", "worse", "equivalent", or ">= +0.02" */
	int bounded; /* 1: op and value hold a bound on the difference */
	char op[3];
	double value;
};

struct margin {
	char *metric;
	double value;
	char *why; /* why it does not count; NULL: it does. Not read from the file: judge/plan_order.h finds it out */
};

struct experiment {
	char *name;
	char *path; /* relative to the root: "experiments/NAME.md"; NULL: there is no file */
	char *title, *question; /* title: front matter, else the first heading, else the name; question may be NULL */
	struct declared_metric *metric; /* NULL: the project's */
	size_t metrics;
	struct criterion *criterion; /* success criteria first, then constraints */
	size_t criteria;
	struct expectation *expects;
	size_t n_expects;
	struct margin *margin;
	size_t margins;
	char *candidate, *baseline; /* NULL: not given */
	size_t baseline_line; /* of the file */
	struct names features, drop;
	char *status; /* "open", "closed", "abandoned" */
	struct names sentences; /* constraints given as text */
	char *body; /* Markdown without front matter */
	char *text; /* the whole file as it is; NULL without a file */
	size_t text_len;
	char blob[OID_HEX]; /* of the file's bytes; "" without a file */
};

/*
 * Which experiment is meant: `asked` (-e), else the project's, else the only file in experiments/, else "default". The name
 * is the caller's to free(). ERR_INPUT for a bad name.
 */
MUST_CHECK int experiment_resolve(char **name, const struct project *project, const char *asked, struct error *err);

/*
 * Read experiments/NAME.md; without a file an experiment with the name alone. ERR_INPUT with file:line for unknown keys (the
 * nearest named), a bare number for a metric without a known direction (says how to write it), bad rules.
 */
MUST_CHECK int experiment_load(struct experiment **out, const struct project *project, const char *name,
			       struct error *err);
/* The same from bytes. */
MUST_CHECK int experiment_parse(struct experiment **out, const struct project *project, const char *name,
				const char *path, const char *text, size_t len, struct error *err);
void experiment_free(struct experiment *experiment);

/* Names of all experiments that have a file, sorted. */
MUST_CHECK int experiment_list(struct names *out, const struct project *project, struct error *err);

/* The declared metrics of an experiment: its own, else the project's, else f1. */
const struct declared_metric *experiment_metrics(size_t *n, const struct experiment *experiment,
						 const struct project *project);

#endif

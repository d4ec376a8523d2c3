/* A comparison as a record holds it, read back. Private to judge/. */
#ifndef ASSAY_JUDGE_ENTRY_H
#define ASSAY_JUDGE_ENTRY_H

#include "record/run.h"

struct entry { /* of one metric */
	double difference, se, p;
	double df; /* of t; HUGE_VAL: normal law */
	double se_rows, df_rows; /* of what was repeated: what only more rows make smaller; else se and df */
	double low, high; /* at the family's level of that day */
	double margin; /* NaN: none counted */
	size_t family, members; /* comparisons of that day; metrics of this record in the same family */
	size_t rarer; /* rows of the rarer class; 0: not recorded */
	double resolution; /* the least level at which p decides: draws cannot tell below it; 0: p always does */
#define ENTRY_RESOLUTION_STEPS 10 /* that many steps of the draws' p */
	int declared, lower_is_better;
	const char *verdict; /* borrowed */
};

/* 1 if the comparison has the metric with all that is needed, else 0. */
int entry_read(struct entry *out, const json_t *comparison, const char *metric);

/*
 * The two-sided interval at 1 - alpha from difference, standard error and degrees of freedom alone: what can be
 * computed from a record at a level that was not the one of its day. Of a recipe as stats/repeated.h has it: rows and
 * seeds each by their own t.
 */
void entry_interval(double *low, double *high, const struct entry *entry, double alpha);

/* The word at a family of this size: the recorded one at the recorded size, else from rows, difference, se and p. */
const char *entry_verdict(const struct entry *entry, size_t family);

#endif

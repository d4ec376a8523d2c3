/* The values by which the commands of two runs may differ: parameters, the seed, paths of data. Private to judge/. */
#ifndef ASSAY_JUDGE_COMMAND_VALUES_H
#define ASSAY_JUDGE_COMMAND_VALUES_H

#include "judge/command_words.h"
#include "record/run.h"

/* Names in either of two maps (NULL: none), sorted: an object, the caller's; NULL without memory. */
json_t *names_in_either(const json_t *a, const json_t *b) MUST_CHECK;

/* The parameters that differ: {NAME: [from, to]}, names sorted, null where a run has none. *out is the caller's. */
MUST_CHECK int params_differing(json_t **out, const struct run *from, const struct run *to, struct error *err);

/* The sides of such a pair; NULL where there is none. */
const json_t *pair_from(const json_t *pair);
const json_t *pair_to(const json_t *pair);

/*
 * Those parameters, and named "seed" the seeds, "" the paths of data files that one run alone
 * has. Released by command_values_release(), also after an error.
 */
MUST_CHECK int command_values_of(struct command_values *out, const struct run *from, const struct run *to,
				 const json_t *params, struct error *err);

#endif

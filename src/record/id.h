/*
 * record: the run, the experiment, the project: structs and files. Knows base/, format/, stats/, store/.
 *
 * This file: ids, handles, names and the folder of a run.
 */
#ifndef ASSAY_RECORD_ID_H
#define ASSAY_RECORD_ID_H

#include "base/error.h"

#include <time.h>

#define RUN_ID 27 /* "20261124-103015-3f2a91bc07" and a NUL */
#define RUN_HANDLE 11 /* "3f2a91bc07" and a NUL */

/*
 * A new id: UTC second and a handle of 40 bits: 20 of the part of the second that has passed, 20 random ones, so that a list by
 * id is one by start, whoever made them. after: an id or NULL; where it is of the same second, the new one sorts behind it.
 */
MUST_CHECK int id_new(char id[RUN_ID], time_t when, const char *after, struct error *err);

int id_valid(const char *id); /* 1 if it has the form of an id */
const char *id_handle(const char *id); /* points into id */

/* "runs/EXPERIMENT/2026-11/24/3f/ID"; the caller's to free(); NULL without memory. */
char *id_folder(const char *experiment, const char *id) MUST_CHECK;

/* [a-z0-9][a-z0-9._-]{0,63}, not ending in .results: experiments. ERR_INPUT with the rule and a suggestion. */
MUST_CHECK int experiment_name_check(const char *name, struct error *err);
int experiment_name_valid(const char *name);

/*
 * A run's name as people give it: 1 to 100 bytes of UTF-8 without control characters and '/', not best, latest or baseline, not
 * an id, and not 4 to 10 hex digits alone, which name a handle. ERR_INPUT with what is wrong and a name that would do.
 */
MUST_CHECK int run_name_check(const char *name, struct error *err);

#endif

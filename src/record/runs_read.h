/*
 * Records as they lie in git, read many at a time: what all runs, the catalog and checks of the branch have in common.
 */
#ifndef ASSAY_RECORD_RUNS_READ_H
#define ASSAY_RECORD_RUNS_READ_H

#include "record/runs.h"

enum place { PLACE_RECORD, PLACE_ARTIFACT, PLACE_FOREIGN };

/* runs/EXPERIMENT/YYYY-MM/DD/HH/ID/run.json is a record; a file of that name below such an ID is something a run brought. */
enum place record_place(const char *path);
/* The id that a record's path has, "" where it has none. */
void record_id_of(char id[RUN_ID], const char *path);
#define RECORD_FOREIGN "not where a run's record can be"

/* "WHERE: WHAT", or WHAT where it begins with that. */
MUST_CHECK int record_problem(struct names *problems, const char *where, const char *what, struct error *err);

struct found { /* a run.json of the branch */
	char *path; /* owned */
	char blob[OID_HEX];
};
struct found_list {
	struct found *item;
	size_t n, cap;
};
MUST_CHECK int found_add(struct found_list *list, const char *path, const char *blob, struct error *err);
void found_release(struct found_list *list);

/*
 * Read and check each, in order; take() gets the record, which it may move out of *run, or run NULL and what is wrong with it.
 * What take() returns, if not 0, ends it.
 */
struct record_reader {
	int (*take)(void *context, const char *path, struct run *run, const char *wrong, struct error *err);
	void *context;
};
MUST_CHECK int records_read(struct store *store, const struct found_list *list, const struct record_reader *reader,
			    struct error *err);

/* Append what is in flight; problems too. */
MUST_CHECK int runs_add_in_flight(struct runs *runs, struct store *store, const char *root, struct error *err);

/* Sort by id, each run once: what has landed may still lie in flight for a moment. */
void runs_settle(struct runs *runs);

void seen_release(struct seen_run *seen);

#endif

/* What the parts of a verification share. Private to track/verify*.c. */
#ifndef ASSAY_TRACK_VERIFY_WORK_H
#define ASSAY_TRACK_VERIFY_WORK_H

#include "record/run.h"
#include "track/verify.h"

struct verify_file { /* on the branch */
	char *path;
	char blob[OID_HEX];
	int named; /* a record says that it is there */
};

struct verify_run { /* on the branch, readable */
	char id[RUN_ID];
	char commit[OID_HEX]; /* that brought it; "" not told by any message */
	char code[OID_HEX]; /* snapshot, else commit; "" none */
};

struct verify {
	struct store *store;
	struct progress *progress;
	struct verify_report *report;
	char tip[OID_HEX];
	struct verify_file *file; /* sorted by path */
	size_t files, files_cap;
	struct verify_run *run; /* sorted by id */
	size_t runs, runs_cap;
	struct names removed; /* ids of what `assay rm` removed, sorted */
	double done, total; /* progress */
	struct error *err;
};

/* Append a problem; run, commit, author: "" or NULL where there is none. */
MUST_CHECK int verify_problem(struct verify *verify, const char *run, const char *commit, const char *author,
			      const char *format, ...) PRINTF_LIKE(5, 6);
MUST_CHECK int verify_note(struct verify *verify, const char *format, ...) PRINTF_LIKE(2, 3);
void verify_step(struct verify *verify, const char *what);

struct verify_file *verify_find(const struct verify *verify, const char *path);
int verify_is_removed(const struct verify *verify, const char *id);

/* The id in "runs/EXPERIMENT/MONTH/DAY/HH/ID/FILE", and FILE; 0 if the path is no such. */
int verify_split_path(char id[RUN_ID], const char **file, const char *path);

/* verify_files.c: every record and every file that it names. */
MUST_CHECK int verify_files(struct verify *verify);
/* verify_history.c: what was done to runs after they were committed. */
MUST_CHECK int verify_history(struct verify *verify);
/* verify_code.c: what they were made from; signatures. */
MUST_CHECK int verify_code(struct verify *verify);
MUST_CHECK int verify_signatures(struct verify *verify);

#endif

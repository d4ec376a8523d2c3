/* The files of code that differ between runs, without those that no program reads. Private to judge/. */
#ifndef ASSAY_JUDGE_CODE_READER_H
#define ASSAY_JUDGE_CODE_READER_H

#include "judge/factors.h"

struct code_change {
	char *path; /* below the work tree */
	char from[OID_HEX], to[OID_HEX]; /* blobs; "" where it is not there */
	int values_read;
	json_t *values; /* of a YAML or JSON file: {NAME: [from, to]}, null where absent, of the keys that differ; NULL: not one */
};
struct code_difference {
	struct code_change *item;
	size_t n, cap;
	int unknown; /* the trees cannot be compared here */
	size_t unnamed; /* files beyond those that are named */
};

/*
 * The commit whose tree ran, as far as a record says: its snapshot, else its commit; "" without one. *kept 0: it had changes
 * that were not kept.
 */
const char *code_of(const struct run *run, int *kept);

/* The differences of two commits, as code_of() gives them; read once, lent by the reader. */
MUST_CHECK int code_difference(struct code_difference **out, struct code_reader *reader, const char *from,
			       const char *to, struct error *err);

/* 1 if these parameters ({NAME: [from, to]}) say all that the change of a YAML or JSON file does, 0 if not. */
MUST_CHECK int code_change_explained(struct code_reader *reader, struct code_change *change, const json_t *params,
				     struct error *err);

/* The name, among such parameters, of the one that a key of a file stands for: the same, or the key's last parts. NULL: none. */
const char *code_param_of_key(const json_t *params, const char *key);

/* 1 if the path is that of a data file which one of the runs records. */
int code_is_data(const struct code_reader *reader, const char *path, const struct run *from, const struct run *to);

#endif

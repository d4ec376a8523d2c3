/* assay.yaml, and where the project is. */
#ifndef ASSAY_RECORD_PROJECT_H
#define ASSAY_RECORD_PROJECT_H

#include "base/file.h"
#include "store/store.h"

struct declared_metric {
	char *name;
	int lower; /* lower is better */
	int known; /* it is in the table of metrics */
};

struct project {
	char *root; /* absolute: the folder with assay.yaml, else the work tree's top */
	char *below; /* root relative to the work tree; "" at its top */
	int has_file; /* assay.yaml is there */
	char *name; /* project:, else the folder's name */
	char *task; /* NULL: from the target */
	char *experiment; /* experiment:, or NULL */
	struct {
		char *file, *target, *positive, *id; /* NULL: not given */
		struct names groups, features, drop, missing;
	} data;
	struct {
		double test, valid; /* 0.2, 0 */
		unsigned long long seed; /* 0 */
	} split;
	struct declared_metric *metric; /* as listed; f1 alone if none is */
	size_t metrics;
	struct {
		char *labels, *id,
			*target; /* labels NULL: none are pinned; then id and target are there, else data's */
	} evaluation;
	struct {
		unsigned long rows; /* 20000 */
		char *ids; /* "number", "hash" or "keep" */
	} predictions;
	struct {
		char *branch; /* "assay/runs" */
		unsigned long long artifact_limit; /* bytes */
		enum store_snapshot snapshot;
		int lfs; /* large artifacts go to Git LFS whatever HEAD's .gitattributes says */
	} git;
	struct {
		char *output, *theme, *url, *repository; /* output "site", theme "default"; others NULL */
		int rows;
	} site;
};

/*
 * Find the root upward from `dir` (not above the work tree) and read assay.yaml if there. An unknown key or a value of the
 * wrong type is ERR_INPUT with assay.yaml:line and the nearest key. Keys of FORMATS that a later version uses (split.group,
 * ...) are accepted and kept out of the struct. *out is the caller's to project_free().
 */
MUST_CHECK int project_load(struct project **out, const char *dir, const char *worktree, struct error *err);
void project_free(struct project *project);

/* A path as the record has it: relative to the root; its base name with *outside = 1 if it is not below it. The caller's. */
char *project_path(int *outside, const struct project *project, const char *path) MUST_CHECK;

#endif

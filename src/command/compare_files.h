/* `assay compare a.csv b.csv`: files of predictions judged where there is no repository. */
#ifndef ASSAY_COMMAND_COMPARE_FILES_H
#define ASSAY_COMMAND_COMPARE_FILES_H

#include "base/file.h"

struct compare_files {
	const char *labels, *id, *target, *positive; /* NULL: not given */
	struct names metrics; /* none: all that are defined */
	struct names margins; /* "f1=0.01" */
	int json, markdown;
};

/* 1 if the arguments of `compare` are files: labels are given, or the first is called so. */
int compare_files_meant(const struct compare_files *options, char *const *argument);

/* Read, judge each file against the first, print. 0; 1: something is shown to be worse; or a negative error code. */
MUST_CHECK int compare_files(const struct compare_files *options, char *const *argument, struct error *err);

#endif

/* Which rows a judged run looked at, as one word: what counts looks at the same rows. */
#ifndef ASSAY_RECORD_LOOK_H
#define ASSAY_RECORD_LOOK_H

#include "record/run.h"

#define LOOK_ROWS 132

/*
 * Rows are the same where the labels' sha256 is, else the split's and the data file's: an id is often the record's number, which
 * says something beside its file alone. Judged runs are finished ones of kind run that were compared or held against criteria,
 * no reproductions. "" and 0 for any other run, or one without such hashes; else 1.
 */
int look_rows(char out[LOOK_ROWS], const struct run *run);

#endif

/* Names of classes as files of labels and predictions write them. Private to track/. */
#ifndef ASSAY_TRACK_CLASSES_H
#define ASSAY_TRACK_CLASSES_H

#include "base/file.h"

#define CLASSES_MOST 1000
#define REGRESSION_ABOVE 20 /* distinct numbers, as for a target */

/* The code of a class: by its text, else as a number of the same value (1.0 is 1); -1: there is none. */
int classes_find(const struct names *classes, const char *text, size_t len);

int classes_are_numbers(const struct names *classes); /* 1 also where there are none */

/* Numbers by value, else by bytes. */
void classes_sort(struct names *classes);

/*
 * Which of two is the positive one: `named` if it is one of them (NULL: none is named), else yes, true or 1, else the rarer by
 * rows of class 0 and 1; then *rarer is 1.
 */
int classes_positive(int *rarer, const struct names *classes, const char *named, const size_t rows[2]);

int classes_text(const char *text, size_t len); /* 1 for UTF-8 without NUL: what a record can hold */

#endif

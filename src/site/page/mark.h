/*
 * Marks: the small pictures in a cell: an interval on a shared axis, a bar with its threshold, the glyph of a verdict. They
 * are views with positions in per cent ("50.5%"), so that they stretch with the cell; templates/part/ draws them.
 */
#ifndef ASSAY_SITE_PAGE_MARK_H
#define ASSAY_SITE_PAGE_MARK_H

#include "site/page/view.h"

struct axis { /* start from AXIS_EMPTY and stretch it over what it has to show */
	double low, high;
	int used;
};
#define AXIS_EMPTY      \
	{               \
		0, 0, 0 \
	}

void axis_stretch(struct axis *axis, double value); /* NaN is passed over */
void axis_finish(struct axis *axis); /* some room at both ends */

struct axis_line { /* a line through all rows, and its name above the axis */
	double value; /* NaN: none */
	const char *label; /* untrusted */
};

/* ticks, base, crit, zero (flags and positions), left_label, right_label for part/axis and part/rules. */
void axis_view(struct view *out, const struct axis *axis, const struct axis_line *base,
	       const struct axis_line *criterion, int signed_ticks);
/* Words at the two ends ("worse", "better"); NULL: none. */
void axis_ends(struct view *axis_view, const char *left, const char *right);

/* An interval: class, at, low, high, or off to one side. NaN low: no interval; NaN value: the mark is false. */
void mark_interval(struct view *out, const char *key, const struct axis *axis, double value, double low, double high,
		   const char *class);
/* The same with its own lines of baseline and criterion (NaN: none), for the facts. */
void mark_alone(struct view *out, const char *key, double value, double low, double high, double base, double criterion,
		const char *class);
/* A bar with its threshold at two thirds; false where threshold is not above 0. */
void mark_bullet(struct view *out, const char *key, double value, double low, double high, double threshold, int met);

enum verdict {
	VERDICT_NONE,
	VERDICT_BETTER,
	VERDICT_WORSE,
	VERDICT_EQUIVALENT,
	VERDICT_NOT_WORSE,
	VERDICT_UNDECIDED,
	VERDICT_TOO_FEW,
	VERDICT_SAME,
	VERDICT_MET,
	VERDICT_UNMET,
	VERDICT_QUIET_UNMET,
	VERDICT_NOT_MEASURED,
	VERDICT_CONFIRMED,
	VERDICT_REFUTED,
	VERDICT_OPEN,
	VERDICT_WARN,
	VERDICT_FAILED,
	VERDICT_BASELINE,
};

enum verdict verdict_of(const char *word); /* "better", "too_few", "met", "confirmed", ...; else NONE */
const char *verdict_word(enum verdict verdict); /* "no difference shown" */
const char *verdict_class(enum verdict verdict); /* the class of an interval: better, worse, same, isbase */

/* {class, glyph flags, text}; text NULL: the verdict's word. */
void verdict_view(struct view *out, const char *key, enum verdict verdict, const char *text);

#endif

/* What one trial judges, every metric in both sizes of family, and the words that come out of it. */
#ifndef ASSAY_TESTS_SIMULATE_PANEL_H
#define ASSAY_TESTS_SIMULATE_PANEL_H

#include "simulate/cell.h"

#define PANEL_MOST (FAMILIES * RATE_METRICS)

struct panel {
	const struct metric *metric[PANEL_MOST];
	size_t families[PANEL_MOST]; /* as struct paired_options wants them */
	size_t of[PANEL_MOST], in[PANEL_MOST]; /* which of judged, which of family_size */
	size_t n;
	struct paired got[PANEL_MOST]; /* filled by whoever compares */
};

/* One metric in one family. */
void panel_add(struct panel *panel, size_t metric, size_t family);

/* All metrics; those that are resampled row by row, at a thousand times the price of the others, if `ranking`. */
void panel_all(struct panel *panel, int ranking);

/* judge_verdict() for entry i. margin: NaN for none. */
const char *panel_word(const struct panel *panel, size_t i, double margin);

/* Nothing was compared: no word. */
void panel_undefined(struct panel *panel);

/* Count what is wrong where nothing differs: better or worse. */
void panel_count_winners(struct outcome *out, const struct panel *panel);

/* Count what is wrong where a is worse than b by margin [RATE_METRICS]: equivalent; not worse, equivalent or better. */
void panel_count_margin(struct outcome *out, const struct panel *panel, const double *margin);

/* Count what is right where a is better by the detectable difference; claim: one of the two of power. */
void panel_count_power(struct outcome *out, const struct panel *panel, enum claim claim);

#endif

/* The list of worlds that are simulated. */
#include "simulate/cell.h"

const char *const claim_name[CLAIMS] = {"winner", "equivalent", "not_worse", "power"};
const size_t family_size[FAMILIES] = {1, 10};

const struct metric *const judged[RATE_METRICS] = {
	&metric_accuracy,          &metric_recall,           &metric_precision, &metric_f1, &metric_roc_auc,
	&metric_average_precision, &metric_brier_score_loss, &metric_log_loss,
};

#define LABELS(ROWS, RARER, ALIKE, TRIALS, QUICK)                                                                     \
	{                                                                                                             \
		.scope = "model",                                                                                     \
		.null = (ALIKE) > 0.9 ? "two labels of one model, nearly alike" : "two labels of one model",          \
		.rows = (ROWS), .rarer = (RARER), .units = 1, .trials = (TRIALS), .quick = (QUICK), .alike = (ALIKE), \
		.run = run_labels                                                                                     \
	}
#define MARGIN(ROWS, RARER, ALIKE, TRIALS, QUICK)                                                                     \
	{                                                                                                             \
		.scope = "model",                                                                                     \
		.null = (ALIKE) > 0.9 ? "worse by the margin, nearly alike" : "worse by exactly the margin",          \
		.rows = (ROWS), .rarer = (RARER), .units = 1, .trials = (TRIALS), .quick = (QUICK), .alike = (ALIKE), \
		.run = run_margin                                                                                     \
	}
#define POWER(ROWS, RARER, ALIKE, TRIALS)                                                                          \
	{                                                                                                          \
		.scope = "model", .null = "better by the detectable difference", .rows = (ROWS), .rarer = (RARER), \
		.units = 1, .trials = (TRIALS), .alike = (ALIKE), .run = run_power                                 \
	}

const struct cell cells[] = {
	LABELS(1000, 20, 0.7, 400, 50),    LABELS(1000, 40, 0.7, 4000, 300),  LABELS(1000, 100, 0.7, 4000, 0),
	LABELS(1000, 400, 0.7, 4000, 0),   LABELS(1000, 40, 0.97, 4000, 300), LABELS(1000, 400, 0.97, 4000, 0),
	LABELS(10000, 20, 0.7, 100, 0),    LABELS(10000, 40, 0.7, 3000, 0),   LABELS(10000, 100, 0.7, 3000, 0),
	LABELS(10000, 400, 0.7, 3000, 0),  LABELS(100000, 20, 0.7, 20, 0),    LABELS(100000, 40, 0.7, 1000, 0),
	LABELS(100000, 100, 0.7, 1000, 0), LABELS(100000, 400, 0.7, 1000, 0), MARGIN(1000, 20, 0.7, 400, 0),
	MARGIN(1000, 40, 0.7, 4000, 300),  MARGIN(1000, 100, 0.7, 4000, 0),   MARGIN(1000, 400, 0.7, 4000, 0),
	MARGIN(1000, 40, 0.97, 4000, 300), MARGIN(10000, 40, 0.7, 3000, 0),   MARGIN(10000, 100, 0.7, 3000, 0),
	MARGIN(10000, 400, 0.7, 3000, 0),  MARGIN(100000, 40, 0.7, 1000, 0),  MARGIN(100000, 400, 0.7, 1000, 0),
	POWER(1000, 100, 0.7, 2000),       POWER(1000, 400, 0.7, 2000),       {.scope = NULL},
};

void cell_random(struct random *random, const struct cell *cell)
{
	uint64_t stream = 0xcbf29ce484222325U; /* FNV-1a of the words, then the numbers */

	for (const char *c = cell->scope; *c; c++)
		stream = (stream ^ (unsigned char)*c) * 0x100000001b3U;
	for (const char *c = cell->null; *c; c++)
		stream = (stream ^ (unsigned char)*c) * 0x100000001b3U;
	stream = (stream ^ cell->rows) * 0x100000001b3U;
	stream = (stream ^ cell->rarer) * 0x100000001b3U;
	stream = (stream ^ cell->units) * 0x100000001b3U;
	random_init(random, 2026, stream);
}

/* The list of worlds that are simulated. */
#include "simulate/cell.h"

const char *const claim_name[CLAIMS] = {"winner", "equivalent", "not_worse", "power", "power_estimated"};
const size_t family_size[FAMILIES] = {1, 10};

const struct metric *const judged[RATE_METRICS] = {
	&metric_accuracy,          &metric_recall,           &metric_precision, &metric_f1, &metric_roc_auc,
	&metric_average_precision, &metric_brier_score_loss, &metric_log_loss,
};

#define CELL(SCOPE, NULL_WORDS, ROWS, RARER, UNITS, ALIKE, TRIALS, QUICK, ...)                              \
	{                                                                                                   \
		.scope = (SCOPE), .null = (NULL_WORDS), .rows = (ROWS), .rarer = (RARER), .units = (UNITS), \
		.alike = (ALIKE), .trials = (TRIALS), .quick = (QUICK), __VA_ARGS__                         \
	}

#define LABELS(ROWS, RARER, TRIALS, QUICK) \
	CELL("model", "two labels of one model", ROWS, RARER, 1, 0.7, TRIALS, QUICK, .run = run_labels)
#define ALIKE(ROWS, RARER, TRIALS, QUICK) \
	CELL("model", "two labels of one model, nearly alike", ROWS, RARER, 1, 0.97, TRIALS, QUICK, .run = run_labels)
#define CLUSTERS(ROWS, RARER, TRIALS, QUICK)                                                             \
	CELL("model", "two labels of one model, ten rows a cluster", ROWS, RARER, 1, 0.7, TRIALS, QUICK, \
	     .run = run_clusters)
#define MARGIN(ROWS, RARER, TRIALS, QUICK) \
	CELL("model", "worse by exactly the margin", ROWS, RARER, 1, 0.7, TRIALS, QUICK, .run = run_margin)
#define MARGIN_ALIKE(ROWS, RARER, TRIALS, QUICK)                                                        \
	CELL("model", "worse by exactly the margin, nearly alike", ROWS, RARER, 1, 0.97, TRIALS, QUICK, \
	     .run = run_margin)
#define POWER(ROWS, RARER, TRIALS) \
	CELL("model", "better by the detectable difference", ROWS, RARER, 1, 0.7, TRIALS, 0, .run = run_power)
#define SEEDS(ROWS, RARER, UNITS, TRIALS, QUICK) \
	CELL("recipe", "two groups of seeds of one recipe", ROWS, RARER, UNITS, 0.7, TRIALS, QUICK, .run = run_seeds)
#define SEEDS_MARGIN(ROWS, RARER, UNITS, TRIALS, QUICK) \
	CELL("recipe", "worse by exactly the margin", ROWS, RARER, UNITS, 0.7, TRIALS, QUICK, .run = run_seeds_margin)
#define SEEDS_POWER(ROWS, RARER, UNITS, TRIALS)                                                   \
	CELL("recipe", "better by the detectable difference", ROWS, RARER, UNITS, 0.7, TRIALS, 0, \
	     .run = run_seeds_power)
#define NO_SEEDS(ROWS, RARER, UNITS, TRIALS, QUICK)                                                  \
	CELL("recipe", "seeds against a recipe without any", ROWS, RARER, UNITS, 0.7, TRIALS, QUICK, \
	     .run = run_deterministic)
#define SGD(ROWS, RARER, UNITS, TRIALS, QUICK) \
	CELL("recipe", "two groups of seeds of SGD", ROWS, RARER, UNITS, 0, TRIALS, QUICK, .run = run_sgd)
#define FOREST(ROWS, RARER, UNITS, TRIALS, QUICK) \
	CELL("recipe", "two groups of seeds of a forest", ROWS, RARER, UNITS, 0, TRIALS, QUICK, .run = run_forest)
#define ONE_SEED(ROWS, RARER, TRIALS)                                                                   \
	CELL("model", "one seed of SGD a side, as if it were the recipe", ROWS, RARER, 1, 0, TRIALS, 0, \
	     .run = run_sgd, .unclaimed = 1)

#define HALVES(ROWS, RARER, TRIALS, QUICK)                                                              \
	CELL("change", "two recipes that are equal by construction", ROWS, RARER, 10, 0, TRIALS, QUICK, \
	     .run = run_halves)
#define HALVES_MOVED(ROWS, RARER, TRIALS, QUICK)                                                                   \
	CELL("change", "two equal recipes whose cut follows the training rows", ROWS, RARER, 10, 0, TRIALS, QUICK, \
	     .run = run_halves_moved)
#define HALVES_MARGIN(ROWS, RARER, TRIALS, QUICK) \
	CELL("change", "worse by exactly the margin", ROWS, RARER, 10, 0, TRIALS, QUICK, .run = run_halves_margin)

const struct cell cells[] = {
	LABELS(1000, 20, 400, 50),
	LABELS(1000, 40, 4000, 300),
	LABELS(1000, 100, 4000, 0),
	LABELS(1000, 400, 4000, 0),
	LABELS(10000, 20, 100, 0),
	LABELS(10000, 40, 3000, 0),
	LABELS(10000, 100, 3000, 0),
	LABELS(10000, 400, 3000, 0),
	LABELS(100000, 20, 20, 0),
	LABELS(100000, 40, 1000, 0),
	LABELS(100000, 100, 1000, 0),
	LABELS(100000, 400, 1000, 0),
	ALIKE(1000, 40, 4000, 300),
	ALIKE(1000, 400, 4000, 0),
	CLUSTERS(2000, 400, 2000, 100),
	CLUSTERS(10000, 400, 600, 0),
	CLUSTERS(10000, 1000, 600, 0),
	MARGIN(1000, 20, 400, 0),
	MARGIN(1000, 40, 4000, 300),
	MARGIN(1000, 100, 4000, 0),
	MARGIN(1000, 400, 4000, 0),
	MARGIN(10000, 40, 3000, 0),
	MARGIN(10000, 100, 3000, 0),
	MARGIN(10000, 400, 3000, 0),
	MARGIN(100000, 40, 1000, 0),
	MARGIN(100000, 100, 1000, 0),
	MARGIN(100000, 400, 1000, 0),
	MARGIN_ALIKE(1000, 40, 4000, 300),
	MARGIN_ALIKE(1000, 400, 4000, 0),
	POWER(1000, 100, 1000),
	POWER(1000, 400, 1000),
	ONE_SEED(1000, 400, 1000),
	ONE_SEED(10000, 400, 1000),
	SEEDS(1000, 20, 3, 100, 0),
	SEEDS(1000, 40, 2, 100, 20),
	SEEDS(1000, 40, 3, 2000, 200),
	SEEDS(1000, 40, 5, 2000, 0),
	SEEDS(1000, 40, 10, 2000, 0),
	SEEDS(1000, 400, 3, 2000, 0),
	SEEDS(1000, 400, 5, 2000, 200),
	SEEDS(1000, 400, 10, 2000, 0),
	SEEDS(10000, 100, 3, 1000, 0),
	SEEDS(10000, 100, 10, 500, 0),
	SEEDS(100000, 100, 3, 200, 0),
	NO_SEEDS(1000, 100, 3, 2000, 0),
	NO_SEEDS(1000, 400, 10, 1000, 0),
	SGD(1000, 40, 3, 2000, 0),
	SGD(1000, 400, 3, 2000, 200),
	SGD(1000, 400, 5, 2000, 0),
	SGD(1000, 400, 10, 2000, 0),
	SGD(10000, 400, 3, 1000, 0),
	FOREST(1000, 40, 3, 1000, 0),
	FOREST(1000, 400, 3, 1000, 0),
	FOREST(1000, 400, 5, 1000, 0),
	FOREST(1000, 400, 10, 1000, 0),
	FOREST(10000, 400, 3, 500, 0),
	SEEDS_MARGIN(1000, 40, 3, 2000, 200),
	SEEDS_MARGIN(1000, 400, 3, 2000, 0),
	SEEDS_MARGIN(1000, 400, 10, 1000, 0),
	SEEDS_MARGIN(10000, 40, 3, 500, 0),
	SEEDS_POWER(1000, 400, 5, 500),
	SEEDS_POWER(1000, 400, 10, 500),
	HALVES(1000, 20, 100, 10),
	HALVES(1000, 40, 2000, 60),
	HALVES(1000, 100, 2000, 0),
	HALVES(1000, 400, 2000, 100),
	HALVES(10000, 40, 400, 0),
	HALVES(10000, 400, 400, 0),
	HALVES(100000, 400, 40, 0),
	HALVES_MOVED(1000, 40, 2000, 60),
	HALVES_MOVED(10000, 40, 200, 0),
	HALVES_MARGIN(1000, 40, 2000, 60),
	HALVES_MARGIN(1000, 400, 2000, 0),
	{.scope = NULL},
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

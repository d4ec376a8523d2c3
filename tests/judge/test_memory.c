/* Measuring, comparing and judging under failing allocations. */
#include "failing_malloc.h"

#include "records.h"
#include "stats/curve.h"
#include "stats/interval.h"

#define ROWS 60
/* Two, made before anything fails: libgomp ends the program when it cannot make a team of threads. */
#define THREADS 2

static int y[ROWS], predicted[2][ROWS];
static double score[2][2 * ROWS];

static size_t cluster[ROWS];
static char column[] = "exact", *columns[] = {column};

static void fill(struct predictions *p, int side)
{
	for (int i = 0; i < ROWS; i++) {
		y[i] = i % 3 == 0;
		score[side][2 * i + 1] = (0.3 * y[i] + (i * (7 + side)) % 11) / 12;
		score[side][2 * i] = 1 - score[side][2 * i + 1];
		predicted[side][i] = score[side][2 * i + 1] >= 0.5;
	}
	*p = (struct predictions){ROWS, 2, 1, y, predicted[side], score[side], NULL, NULL, 0};
}

static int measure_all(struct error *err)
{
	struct measured measured[32];
	struct predictions p;

	fill(&p, 0);
	return measure(measured, metrics, metric_count(), &p, 0.95, THREADS, err);
}

static int draw_curves(struct error *err)
{
	struct predictions p;
	struct curve curve;
	int rc;

	fill(&p, 0);
	rc = curve_roc(&curve, &p, 1, err);
	return rc ? rc : curve_precision_recall(&curve, &p, 1, err);
}

#define RUN(id, kind, more)                                                                                        \
	"{\"schema\": 1, \"id\": \"20261124-1030" id "-00000000" id "\", \"experiment\": \"e\", \"name\": \"n\", " \
	"\"kind\": \"" kind                                                                                        \
	"\", \"status\": \"finished\", \"measured\": {\"exact\": 1, \"f1\": 0.5, \"roc_auc\": 0.5}" more "}"

static int compare_and_judge(struct error *err)
{
	static const char texts[2][512] = {RUN("00", "baseline", ""), RUN("01", "run", "")};
	struct criterion criterion = {
		.metric = (char *)(intptr_t) "f1", .kind = CRITERION_BEATS, .rule = (char *)(intptr_t) "r"};
	struct experiment experiment = {.criterion = &criterion, .criteria = 1};
	char *names[] = {(char *)(intptr_t) "no", (char *)(intptr_t) "yes"}, ids[ROWS][12], *id[ROWS];
	struct stored_predictions stored[2];
	struct judge_side side[2];
	struct run run[2] = {{0}};
	struct predictions p;
	json_t *entry = NULL;
	int rc = 0;

	for (int i = 0; i < ROWS; i++) {
		snprintf(ids[i], sizeof(ids[i]), "%d", i);
		id[i] = ids[i];
		cluster[i] = (size_t)i;
	}
	for (int s = 0; s < 2 && !rc; s++) {
		fill(&p, s);
		stored[s] = (struct stored_predictions){.n = ROWS,
							.classes = 2,
							.positive = 1,
							.class_name = names,
							.id = id,
							.y_true = y,
							.y_pred = predicted[s],
							.score = score[s],
							.cluster = cluster,
							.clusters = ROWS,
							.further = {.name = columns, .n = 1},
							.further_value = &score[s][ROWS]};
		side[s] = (struct judge_side){&run[s], &stored[s]};
		rc = run_parse(&run[s], texts[s], strlen(texts[s]), "record", err);
	}
	if (!rc)
		rc = judge_compare(&entry, &side[1], &side[0], "baseline", f1_declared, 1, &experiment, 2, THREADS,
				   err);
	if (!rc)
		rc = run_set(&run[1], "comparison", json_pack("[o]", entry), err);
	entry = NULL;
	if (!rc)
		rc = judge_criteria(&entry, &run[1], &experiment, err);
	json_decref(entry);
	run_release(&run[0]);
	run_release(&run[1]);
	return rc;
}

static void measuring_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(measure_all);
}

static void curves_survive_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(draw_curves);
}

static void comparing_and_judging_survive_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(compare_and_judge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measuring_survives_any_failed_allocation),
		cmocka_unit_test(curves_survive_any_failed_allocation),
		cmocka_unit_test(comparing_and_judging_survive_any_failed_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

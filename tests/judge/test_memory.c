/* Measuring, comparing and judging under failing allocations. */
#include "failing_malloc.h"

#include "records.h"
#include "judge/noise.h"
#include "judge/repeated.h"
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

enum { REPEATS = 10 };

/* Side by side: seeds on the same rows, or splits that share some. */
static int repeat_and_judge(int splits, struct error *err)
{
	static const char *const text[] = {RUN("00", "run", ", \"children\": []"),
					   RUN("01", "run",
					       ", \"children\": [], \"data\": {\"split\": {\"count\": 10, "
					       "\"test_rows\": 60, \"train_rows\": 240}}")};
	static const struct experiment none = {0};
	char *names[] = {(char *)(intptr_t) "no", (char *)(intptr_t) "yes"}, ids[ROWS][12], *id[ROWS];
	struct stored_predictions stored[2];
	struct run parent = {0}, child[REPEATS] = {{0}};
	const struct run *children[REPEATS];
	const struct stored_predictions *sets[2][REPEATS];
	struct judge_repeated side[2];
	struct noise noise = {0};
	struct predictions p;
	const char *note;
	json_t *entry = NULL;
	int rc = run_parse(&parent, text[splits], strlen(text[splits]), "record", err);

	for (int i = 0; i < ROWS; i++) {
		snprintf(ids[i], sizeof(ids[i]), "%d", i);
		id[i] = ids[i];
	}
	for (int s = 0; s < 2; s++) {
		fill(&p, s);
		stored[s] = (struct stored_predictions){.n = ROWS,
							.classes = 2,
							.positive = 1,
							.class_name = names,
							.id = id,
							.y_true = y,
							.y_pred = predicted[s],
							.score = score[s]};
	}
	for (int i = 0; i < REPEATS && !rc; i++) {
		char sha[65];

		rc = run_parse(&child[i], text[0], strlen(text[0]), "record", err);
		snprintf(sha, sizeof(sha), "%064x", (unsigned)i);
		if (!rc)
			rc = run_set_text(&child[i], "data.split.sha256", sha, err);
		if (!rc)
			rc = run_set_number(&child[i], "measured.f1", 0.5 + 0.01 * i, err);
		children[i] = &child[i];
		sets[0][i] = &stored[i % 2];
		sets[1][i] = &stored[i % 3 == 0];
	}
	for (int s = 0; s < 2; s++)
		side[s] = (struct judge_repeated){&parent, children, sets[s], REPEATS, 20};
	if (!rc)
		rc = judge_compare_repeated(&entry, &note, &side[0], &side[1], "baseline", f1_declared, 1, &none, 1,
					    THREADS, err);
	if (!rc)
		rc = judge_noise(&noise, &parent, children, REPEATS, err);
	noise_release(&noise);
	json_decref(entry);
	for (int i = 0; i < REPEATS; i++)
		run_release(&child[i]);
	run_release(&parent);
	return rc;
}

static int judge_seeds(struct error *err)
{
	return repeat_and_judge(0, err);
}

static int judge_splits(struct error *err)
{
	return repeat_and_judge(1, err);
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

static void judging_repeated_runs_survives_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(judge_seeds);
	fail_in_turn(judge_splits);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measuring_survives_any_failed_allocation),
		cmocka_unit_test(curves_survive_any_failed_allocation),
		cmocka_unit_test(comparing_and_judging_survive_any_failed_allocation),
		cmocka_unit_test(judging_repeated_runs_survives_any_failed_allocation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A command's predictions.csv, scored: figures, joins, and everything that a file can have wrong. */
#include "store/fixture.h"

#include "base/buf.h"
#include "stats/interval.h"
#include "track/score.h"

#include <math.h>
#include <unistd.h>

#define ROWS 200

struct world {
	struct fixture fixture;
	struct store *store;
	struct project *project;
	struct experiment *experiment;
	struct split_file split;
	struct run run;
	struct scored scored;
};

/* Row i of the table: its label. */
static const char *label_of(int i)
{
	return i * 37 % 101 + i % 7 > 55 ? "yes" : "no";
}

static void world_make(struct world *world, const char *yaml)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	*world = (struct world){0};
	fixture_make(&world->fixture, "repo");
	buf_puts(&text, "key,a,t\n");
	for (int i = 0; i < ROWS; i++)
		buf_printf(&text, "r%03d,%d,%s\n", i, i * 37 % 101, label_of(i));
	write_text(world->fixture.repo, "table.csv", text.text);
	write_text(world->fixture.repo, "assay.yaml", yaml);
	buf_release(&text);
	world->store = open_store(world->fixture.repo);
	check_ok(project_load(&world->project, world->fixture.repo, store_worktree(world->store), &err), err);
	check_ok(experiment_load(&world->experiment, world->project, "default", &err), err);
	check_ok(split_file_make(&world->split, world->store, world->project, world->experiment, NULL, NULL, &err),
		 err);
	check_ok(run_new(&world->run, &err), err);
}

#define WITH_DATA "data: {file: table.csv, target: t, id: key}\nsplit: {test: 0.25, valid: 0.2}\n"

static void world_remove(struct world *world)
{
	scored_release(&world->scored);
	run_release(&world->run);
	split_file_release(&world->split);
	experiment_free(world->experiment);
	project_free(world->project);
	store_free(world->store);
	fixture_remove(&world->fixture);
}

/* Score this text in place of what was scored before. */
static void score_text(struct world *world, const char *text)
{
	char *path = path_join(world->fixture.dir, "predictions.csv");
	struct error err = {0};

	write_text(world->fixture.dir, "predictions.csv", text);
	scored_release(&world->scored);
	run_release(&world->run);
	check_ok(run_new(&world->run, &err), err);
	check_ok(score(&world->scored, &world->run, path, &world->split, NULL, world->project, 2, &err), err);
	free(path);
}

/* A note that holds these words is in the record. */
static void check_note(const struct world *world, const char *words)
{
	const json_t *notes = run_field(&world->run, "notes");

	for (size_t i = 0; i < json_array_size(notes); i++)
		if (strstr(json_string_value(json_array_get(notes, i)), words))
			return;
	for (size_t i = 0; i < json_array_size(notes); i++)
		print_error("note: %s\n", json_string_value(json_array_get(notes, i)));
	print_error("no note says: %s\n", words);
	fail();
}

static void check_refused(struct world *world, const char *text, const char *why)
{
	score_text(world, text);
	check_note(world, why);
	check_note(world, "predictions.csv is not scored");
	assert_null(world->scored.stored);
	assert_null(run_field(&world->run, "measured"));
	assert_null(run_field(&world->run, "evaluation"));
}

static double measured(const struct world *world, const char *name)
{
	double value = NAN;

	run_metric(&value, &world->run, name);
	return value;
}

struct rows {
	int n;
	char id[ROWS][8];
	int yes[ROWS];
};

/* The rows of one part in the order of the split. */
static void part_rows(struct rows *rows, const struct world *world, const char *part)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	rows->n = 0;
	check_ok(file_read(&text, world->split.labels, &err), err);
	for (char *at = strchr(text.text, '\n'); at && at[1]; at = strchr(at + 1, '\n')) {
		char which[8], label[8];

		assert_int_equal(sscanf(at + 1, "%7[^,],%7[a-z],%7[a-z]", rows->id[rows->n], which, label), 3);
		rows->yes[rows->n] = !strcmp(label, "yes");
		rows->n += !strcmp(which, part);
	}
	buf_release(&text);
	assert_true(rows->n > 10);
}

/* The predicted label and score of row i: wrong now and then. */
static int said(const struct rows *rows, int i)
{
	return i % 6 ? rows->yes[i] : !rows->yes[i];
}

static double scored(const struct rows *rows, int i)
{
	return (said(rows, i) ? 0.55 : 0.05) + i % 5 * 0.09;
}

static void put_labels(struct buf *out, const struct rows *rows, int from, int to)
{
	buf_puts(out, "id,y_pred,score\n");
	for (int i = from; i < to; i++)
		buf_printf(out, "%s,%s,%.3f\n", rows->id[i], said(rows, i) ? "yes" : "no", scored(rows, i));
}

static void figures_are_those_of_the_statistics_room_in_any_order(void **state)
{
	struct buf text = BUF_INIT;
	struct measured want[16];
	int y_true[ROWS], y_pred[ROWS];
	double score_of[2 * ROWS];
	struct predictions p = {.classes = 2, .positive = 1, .y_true = y_true, .y_pred = y_pred, .score = score_of};
	struct error err = {0};
	struct world world;
	struct rows rows;

	(void)state;
	world_make(&world, WITH_DATA);
	part_rows(&rows, &world, "test");
	assert_int_equal(rows.n, 50);
	buf_puts(&text, "\xef\xbb\xbfscore,\"id\",y_pred\r\n");
	for (int i = rows.n; i-- > 0;)
		buf_printf(&text, "%.3f,\"%s\",%s\r\n", scored(&rows, i), rows.id[i], said(&rows, i) ? "yes" : "no");
	score_text(&world, text.text);
	p.n = (size_t)rows.n;
	for (int i = 0; i < rows.n; i++) {
		char digits[16];

		y_true[i] = rows.yes[i];
		y_pred[i] = said(&rows, i);
		snprintf(digits, sizeof(digits), "%.3f", scored(&rows, i));
		score_of[2 * i + 1] = strtod(digits, NULL);
		score_of[2 * i] = 1 - score_of[2 * i + 1];
	}
	assert_true(metric_count() <= 16);
	check_ok(measure(want, metrics, metric_count(), &p, 0.95, 1, &err), err);
	for (size_t i = 0; i < metric_count(); i++) {
		if (!want[i].defined)
			continue;
		check_close(measured(&world, want[i].metric->name), want[i].value, 0);
		check_close(json_number_value(json_array_get(
				    json_object_get(run_field(&world.run, "intervals"), want[i].metric->name), 0)),
			    want[i].low, 0);
	}
	assert_string_equal(run_text(&world.run, "evaluation.source"), "split");
	assert_string_equal(run_text(&world.run, "evaluation.part"), "test");
	check_close(json_number_value(run_field(&world.run, "evaluation.rows")), 50, 0);
	assert_string_equal(run_text(&world.run, "threshold.chosen"), "unknown");
	assert_non_null(world.scored.stored);
	assert_int_equal(world.scored.stored->n, 50);
	assert_string_equal(world.scored.stored->id[0], rows.id[0]);
	assert_true(world.scored.evaluation.len > 100);
	buf_release(&text);
	world_remove(&world);
}

static void a_file_of_validation_rows_alone_is_scored_on_them(void **state)
{
	struct buf text = BUF_INIT;
	struct world world;
	struct rows valid, test;

	(void)state;
	world_make(&world, WITH_DATA);
	part_rows(&valid, &world, "valid");
	part_rows(&test, &world, "test");
	put_labels(&text, &valid, 0, valid.n);
	score_text(&world, text.text);
	assert_string_equal(run_text(&world.run, "evaluation.part"), "valid");
	assert_int_equal(world.scored.stored->n, valid.n);
	for (int i = 0; i < test.n; i++)
		buf_printf(&text, "%s,%s,0.5\n", test.id[i], test.yes[i] ? "yes" : "no");
	score_text(&world, text.text);
	assert_string_equal(run_text(&world.run, "evaluation.part"), "test");
	check_close(measured(&world, "accuracy"), 1, 0);
	check_note(&world, "40 rows of the valid part");
	buf_release(&text);
	world_remove(&world);
}

static void rows_that_are_not_those_of_the_split_are_refused_with_their_number(void **state)
{
	struct buf text = BUF_INIT;
	struct world world;
	struct rows rows;

	(void)state;
	world_make(&world, WITH_DATA);
	part_rows(&rows, &world, "test");
	put_labels(&text, &rows, 0, rows.n - 3);
	check_refused(&world, text.text, "3 rows without a prediction");
	buf_clear(&text);
	put_labels(&text, &rows, 0, rows.n);
	buf_printf(&text, "%s,yes,0.3\n%s,yes,0.3\n", rows.id[0], rows.id[0]);
	check_refused(&world, text.text, "2 rows with an id that was there before");
	buf_clear(&text);
	put_labels(&text, &rows, 0, rows.n);
	buf_puts(&text, "nobody,yes,0.3\n");
	check_refused(&world, text.text, "1 row with an id that is no row of the test part (the first id: 'nobody')");
	buf_clear(&text);
	put_labels(&text, &rows, 0, rows.n - 2);
	buf_printf(&text, "%s,maybe,0.3\n%s,yes,nan\n", rows.id[rows.n - 2], rows.id[rows.n - 1]);
	check_refused(&world, text.text, "1 row with a y_pred that is no class");
	check_note(&world, "1 row with a score that is no finite number");
	check_note(&world, "'maybe'");
	buf_release(&text);
	world_remove(&world);
}

static void a_file_of_another_form_is_refused_and_says_why(void **state)
{
	struct world world;

	(void)state;
	world_make(&world, WITH_DATA);
	check_refused(&world, "", "the file is empty");
	check_refused(&world, "id,y_pred\n", "50 rows without a prediction");
	check_refused(&world, "name,y_pred\nr001,yes\n", "no column 'id'");
	check_refused(&world, "id\nr001\n", "neither 'y_pred' nor 'score'");
	check_refused(&world, "id,y_pred\nr001\n", "line 2 has 1 fields, the header 2");
	check_refused(&world, "id,y_pred,y_pred\nr001,yes,no\n", "have the same name");
	check_refused(&world, "id,score_perhaps\nr001,0.4\n", "'score_perhaps' names no class");
	check_refused(&world, "id,y_pred\n\"r001,yes\n", "quote");
	world_remove(&world);
}

static void scores_alone_are_cut_at_a_half(void **state)
{
	struct buf text = BUF_INIT;
	struct world world;
	struct rows rows;
	double accuracy;

	(void)state;
	world_make(&world, WITH_DATA);
	part_rows(&rows, &world, "test");
	put_labels(&text, &rows, 0, rows.n);
	score_text(&world, text.text);
	accuracy = measured(&world, "accuracy");
	buf_clear(&text);
	buf_puts(&text, "id,score\n");
	for (int i = 0; i < rows.n; i++)
		buf_printf(&text, "%s,%.3f\n", rows.id[i], scored(&rows, i));
	score_text(&world, text.text);
	check_close(measured(&world, "accuracy"), accuracy, 0);
	assert_string_equal(run_text(&world.run, "threshold.chosen"), "half");
	check_close(json_number_value(run_field(&world.run, "threshold.value")), 0.5, 0);
	buf_release(&text);
	world_remove(&world);
}

static void scores_that_are_no_probabilities_keep_their_rankings_only(void **state)
{
	struct buf text = BUF_INIT;
	struct world world;
	struct rows rows;
	double area;

	(void)state;
	world_make(&world, WITH_DATA);
	part_rows(&rows, &world, "test");
	put_labels(&text, &rows, 0, rows.n);
	score_text(&world, text.text);
	area = measured(&world, "roc_auc");
	buf_clear(&text);
	buf_puts(&text, "id,y_pred,score\n");
	for (int i = 0; i < rows.n; i++)
		buf_printf(&text, "%s,%s,%.3f\n", rows.id[i], said(&rows, i) ? "yes" : "no", 8 * scored(&rows, i) - 3);
	score_text(&world, text.text);
	check_close(measured(&world, "roc_auc"), area, 0);
	assert_false(isnan(measured(&world, "f1")));
	assert_true(isnan(measured(&world, "log_loss")));
	assert_true(isnan(measured(&world, "brier_score_loss")));
	check_note(&world, "The scores are no probabilities: log_loss and brier_score_loss are not measured");
	assert_non_null(world.scored.stored);
	buf_release(&text);
	world_remove(&world);
}

static void zeros_and_ones_are_the_two_classes_and_constant_labels_are_measured(void **state)
{
	struct buf text = BUF_INIT;
	struct world world;
	struct rows rows;

	(void)state;
	world_make(&world, WITH_DATA);
	part_rows(&rows, &world, "test");
	buf_puts(&text, "id,y_pred,y_true\n");
	for (int i = 0; i < rows.n; i++)
		buf_printf(&text, "%s,%s,%d\n", rows.id[i], rows.yes[i] ? "1.0" : "0", i ? rows.yes[i] : !rows.yes[i]);
	score_text(&world, text.text);
	check_close(measured(&world, "f1"), 1, 0);
	check_note(&world, "y_true of 1 rows of predictions.csv is not what the data say");
	assert_null(json_object_get(run_field(&world.run, "measured"), "roc_auc"));
	buf_clear(&text);
	buf_puts(&text, "id,y_pred\n");
	for (int i = 0; i < rows.n; i++)
		buf_printf(&text, "%s,no\n", rows.id[i]);
	score_text(&world, text.text);
	check_close(measured(&world, "precision"), 0, 0);
	check_note(&world, "nothing was predicted positive");
	buf_release(&text);
	world_remove(&world);
}

static void own_labels_are_scored_without_a_split(void **state)
{
	struct world world;

	(void)state;
	world_make(&world, "data: {positive: bad}\n");
	assert_null(world.split.parts);
	score_text(&world, "id,y_true,y_pred,weight\na,bad,bad,2\nb,good,bad,1\nc,good,good,1\nd,bad,good,2\n");
	assert_string_equal(run_text(&world.run, "evaluation.source"), "run");
	assert_string_equal(run_text(&world.run, "evaluation.part"), "");
	check_close(measured(&world, "accuracy"), 0.5, 1e-15);
	check_close(measured(&world, "precision"), 2. / 3, 1e-15);
	score_text(&world, "id,y_true,score_10,score_9,score_2\na,10,0.8,0.1,0.1\nb,9,0.2,0.7,0.1\nc,2,0.5,0.1,0.4\n");
	check_close(measured(&world, "accuracy"), 2. / 3, 1e-15);
	assert_null(run_field(&world.run, "threshold"));
	assert_string_equal(world.scored.stored->class_name[0], "10");
	check_refused(&world, "id,y_true,y_pred\na,bad,bad\na,good,bad\n", "1 row with an id that was there before");
	check_refused(&world, "id,y_true,y_pred\na,bad,bad\nb,bad,bad\n", "all rows have one class");
	check_refused(&world, "id,y_pred\na,bad\n", "there are no labels");
	check_refused(&world, "id,y_true,y_pred,weight\na,bad,bad,1\nb,good,bad,-1\n",
		      "1 row with a weight that is not above 0");
	world_remove(&world);
}

static void a_regression_is_not_scored_by_this_version(void **state)
{
	struct buf text = BUF_INIT;
	struct world world;

	(void)state;
	world_make(&world, "");
	buf_puts(&text, "id,y_true,y_pred\n");
	for (int i = 0; i < 40; i++)
		buf_printf(&text, "%d,%d.5,%d.25\n", i, i, i);
	check_refused(&world, text.text, "a regression");
	buf_release(&text);
	world_remove(&world);
}

static void further_columns_have_a_mean_or_are_kept_as_groups(void **state)
{
	struct world world;
	const json_t *interval;

	(void)state;
	world_make(&world, "data: {groups: [age]}\n");
	score_text(&world, "id,exact_match,judge,age,group_1,answer\n"
			   "a,1,0.5,30,1,long\nb,0,,31,2,short\nc,1,1.5,30,1,long\nd,1,1,31,2,\"a, b\"\n");
	check_close(measured(&world, "exact_match"), 0.75, 1e-15);
	check_close(measured(&world, "judge"), 1, 1e-15);
	check_note(&world, "judge: 1 rows without a value are left out");
	interval = json_object_get(run_field(&world.run, "intervals"), "exact_match");
	check_close(json_number_value(json_array_get(interval, 0)), 0.75 - 3.182446305284263 * 0.25, 1e-12);
	assert_true(isnan(measured(&world, "age")));
	assert_true(isnan(measured(&world, "group_1")));
	assert_int_equal(world.scored.stored->classes, 0); /* there is something to compare, but no label */
	check_close(stored_further(world.scored.stored, "judge")[3], 1, 0);
	assert_string_equal(world.scored.predictions.text,
			    "id,exact_match,judge,age,group_1,answer\na,1,0.5,30,1,long\nb,0,,31,2,short\n"
			    "c,1,1.5,30,1,long\nd,1,1,31,2,\"a, b\"\n");
	score_text(&world, "id,y_true,y_pred,cluster,toxicity,f1\na,0,0,k,0.25,1\nb,1,1,k,0.75,1\n");
	check_close(measured(&world, "toxicity"), 0.5, 1e-15);
	check_note(&world, "The column 'f1' has the name of a metric that was measured");
	assert_string_equal(world.scored.predictions.text,
			    "id,y_true,y_pred,cluster,toxicity,f1\na,0,0,k,0.25,1\nb,1,1,k,0.75,1\n");
	assert_int_equal(world.scored.stored->n, 2);
	world_remove(&world);
}

static double width(const struct world *world, const char *name)
{
	const json_t *interval = json_object_get(run_field(&world->run, "intervals"), name);

	assert_non_null(interval);
	return json_number_value(json_array_get(interval, 1)) - json_number_value(json_array_get(interval, 0));
}

/* Each row nine times: by rows all is three times as certain, by clusters as certain as before. */
static void rows_of_one_cluster_are_not_counted_as_independent(void **state)
{
	static const char *const names[] = {"accuracy", "f1", "roc_auc", "average_precision", "log_loss", "judge"};
	struct buf once = BUF_INIT, nine = BUF_INIT, clustered = BUF_INIT;
	double width_of[3][6];
	struct world world;

	(void)state;
	world_make(&world, "");
	buf_puts(&once, "id,y_true,score,judge\n");
	buf_puts(&nine, "id,y_true,score,judge\n");
	buf_puts(&clustered, "id,y_true,score,judge,cluster\n");
	for (int i = 0; i < 1080; i++) {
		int k = i % 120, y = k * 37 % 101 > 60;
		double score = (0.3 * y + k * 53 % 97 / 97.0) / 1.3;

		if (i < 120)
			buf_printf(&once, "%d,%d,%.4f,%d\n", i, y, score, k % 7);
		buf_printf(&nine, "%d,%d,%.4f,%d\n", i, y, score, k % 7);
		buf_printf(&clustered, "%d,%d,%.4f,%d,c%d\n", i, y, score, k % 7, k);
	}
	score_text(&world, once.text);
	for (int m = 0; m < 6; m++)
		width_of[0][m] = width(&world, names[m]);
	score_text(&world, nine.text);
	for (int m = 0; m < 6; m++)
		width_of[1][m] = width(&world, names[m]);
	score_text(&world, clustered.text);
	for (int m = 0; m < 6; m++)
		width_of[2][m] = width(&world, names[m]);
	for (int m = 0; m < 6; m++) {
		check_close(width_of[1][m] / width_of[0][m], 1.0 / 3, 0.04);
		check_close(width_of[2][m] / width_of[0][m], 1, 0.06);
	}
	assert_int_equal(world.scored.stored->clusters, 120);
	assert_null(run_field(&world.run, "notes"));
	buf_release(&once);
	buf_release(&nine);
	buf_release(&clustered);
	world_remove(&world);
}

static void scores_that_nobody_cut_have_no_matrix_and_no_threshold(void **state)
{
	struct world world;

	(void)state;
	world_make(&world, "");
	score_text(&world, "id,y_true,score\na,0,-3\nb,1,2\nc,0,0.5\nd,1,0.25\n");
	check_close(measured(&world, "roc_auc"), 0.75, 1e-15);
	assert_true(isnan(measured(&world, "accuracy")));
	assert_null(run_field(&world.run, "threshold"));
	assert_null(strstr(world.scored.evaluation.text, "confusion_matrix"));
	assert_null(strstr(world.scored.evaluation.text, "report"));
	assert_non_null(strstr(world.scored.evaluation.text, "\"roc\""));
	assert_string_equal(world.scored.predictions.text, "id,y_true,score\na,0,-3\nb,1,2\nc,0,0.5\nd,1,0.25\n");
	assert_null(world.scored.stored->y_pred);
	world_remove(&world);
}

static void clusters_stay_whole_where_not_all_rows_may_stay(void **state)
{
	struct buf text = BUF_INIT;
	struct world world;
	int rows_of[1000] = {0}, kept = 0;

	(void)state;
	world_make(&world, "predictions: {rows: 300}\n");
	buf_puts(&text, "id,y_true,y_pred,cluster\n");
	for (int i = 0; i < 3000; i++)
		buf_printf(&text, "%d,%d,%d,%d\n", i, i & 1, i % 3 & 1, i / 3);
	score_text(&world, text.text);
	assert_int_equal(world.scored.stored->n, 300);
	for (char *at = strchr(world.scored.predictions.text, '\n'); at && at[1]; at = strchr(at + 1, '\n'), kept++)
		rows_of[strtol(strchr(strchr(strchr(at + 1, ',') + 1, ',') + 1, ',') + 1, NULL, 10)]++;
	assert_int_equal(kept, 300);
	for (int i = 0; i < 1000; i++)
		assert_true(rows_of[i] == 0 || rows_of[i] == 3);
	check_note(&world, "predictions.csv holds 300 of 3000 rows");
	buf_release(&text);
	world_remove(&world);
}

static void odd_bytes_cost_their_column_or_the_scores_alone(void **state)
{
	struct world world;

	(void)state;
	world_make(&world, "");
	score_text(&world, "id,y_true,y_pred,bad\x01name\na,0,0,1\nb,1,1,2\n");
	check_note(&world, "Column 4 of predictions.csv has no usable name");
	check_close(measured(&world, "accuracy"), 1, 0);
	check_refused(&world, "id,y_true,y_pred\na,\xff\xfe,\xff\xfe\nb,1,1\n", "is not UTF-8 text");
	score_text(&world, "id,__proto__,../../x\na,1,2\nb,3,4\n");
	check_close(measured(&world, "__proto__"), 2, 1e-15);
	check_close(measured(&world, "../../x"), 3, 1e-15);
	world_remove(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_those_of_the_statistics_room_in_any_order),
		cmocka_unit_test(a_file_of_validation_rows_alone_is_scored_on_them),
		cmocka_unit_test(rows_that_are_not_those_of_the_split_are_refused_with_their_number),
		cmocka_unit_test(a_file_of_another_form_is_refused_and_says_why),
		cmocka_unit_test(scores_alone_are_cut_at_a_half),
		cmocka_unit_test(scores_that_are_no_probabilities_keep_their_rankings_only),
		cmocka_unit_test(zeros_and_ones_are_the_two_classes_and_constant_labels_are_measured),
		cmocka_unit_test(own_labels_are_scored_without_a_split),
		cmocka_unit_test(a_regression_is_not_scored_by_this_version),
		cmocka_unit_test(further_columns_have_a_mean_or_are_kept_as_groups),
		cmocka_unit_test(rows_of_one_cluster_are_not_counted_as_independent),
		cmocka_unit_test(scores_that_nobody_cut_have_no_matrix_and_no_threshold),
		cmocka_unit_test(clusters_stay_whole_where_not_all_rows_may_stay),
		cmocka_unit_test(odd_bytes_cost_their_column_or_the_scores_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

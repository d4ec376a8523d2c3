/* The noise of a repeated run, from its records. */
#include "records.h"

#include "judge/noise.h"

static int measure(struct noise *out, const struct runs *runs, struct error *err)
{
	const struct run *child[8];

	for (size_t i = 1; i < runs->n; i++)
		child[i - 1] = &runs->item[i].run;
	return judge_noise(out, &runs->item[0].run, child, runs->n - 1, err);
}

static const struct noise_metric *find(const struct noise *noise, const char *name)
{
	for (size_t i = 0; i < noise->n; i++)
		if (!strcmp(noise->metric[i].name, name))
			return &noise->metric[i];
	return NULL;
}

/* 1 4 9 16: sd sqrt(43); chi-square(3) at 0.975 and 0.025: 9.3484036045, 0.2157952826; t(3) at 0.975: 3.1824463053 */
static void spread_interval_and_least_difference_follow_from_the_tables(void **state)
{
	struct error err = {0};
	struct runs runs = {0};
	struct noise noise;

	(void)state;
	add_run(&runs, "a", "run", "'children': []");
	add_run(&runs, "a", "run",
		"'reported': {'loss': 1, 'same': 2}, 'measured': {'f1': 0.5}, 'intervals': {'f1': [0.4, 0.6]}");
	add_run(&runs, "a", "run",
		"'reported': {'loss': 4, 'same': 2}, 'measured': {'f1': 0.7}, 'intervals': {'f1': [0.4, 0.8]}");
	add_run(&runs, "a", "run",
		"'reported': {'loss': 9, 'same': 2}, 'measured': {'f1': 0.6}, 'intervals': {'f1': [0.5, 0.7]}");
	add_run(&runs, "a", "run",
		"'reported': {'loss': 16, 'same': 2}, 'measured': {'f1': 0.6}, 'intervals': {'f1': [0.5, 0.7]}");
	check_ok(measure(&noise, &runs, &err), err);
	assert_int_equal(noise.of, REPETITION_SEEDS);
	assert_int_equal(noise.repetitions, 4);
	assert_int_equal(noise.same, 0);
	assert_int_equal(noise.n, 3);
	assert_string_equal(noise.metric[0].name, "f1"); /* measured first */
	check_close(find(&noise, "loss")->mean, 7.5, 1e-12);
	check_close(find(&noise, "loss")->sd, 6.557438524302, 1e-12);
	check_close(find(&noise, "loss")->sd_low, 3.7147203765, 1e-9);
	check_close(find(&noise, "loss")->sd_high, 24.449719546, 1e-8);
	check_close(find(&noise, "loss")->least, 29.512792918, 1e-8);
	assert_true(isnan(find(&noise, "loss")->rows_half));
	check_close(find(&noise, "f1")->rows_half, 0.125, 1e-12);
	assert_true(find(&noise, "same")->same);
	check_close(find(&noise, "same")->least, 0, 0);
	noise_release(&noise);
	release_runs(&runs);
}

static void timings_are_no_noise_and_what_one_lacks_is_left_out(void **state)
{
	struct error err = {0};
	struct runs runs = {0};
	struct noise noise;

	(void)state;
	add_run(&runs, "a", "run", "'children': [], 'data': {'split': {'count': 2}}");
	add_run(&runs, "a", "run", "'measured': {'f1': 0.5, 'latency_ms': 1, 'accuracy': 0.5}");
	add_run(&runs, "a", "run", "'measured': {'f1': 0.5, 'latency_ms': 2}");
	check_ok(measure(&noise, &runs, &err), err);
	assert_int_equal(noise.of, REPETITION_SPLITS);
	assert_int_equal(noise.n, 1);
	assert_int_equal(noise.same, 1);
	noise_release(&noise);
	release_runs(&runs);
}

static void a_single_run_and_one_that_finished_alone_have_no_noise(void **state)
{
	struct error err = {0};
	struct runs runs = {0};
	struct noise noise;

	(void)state;
	add_run(&runs, "a", "run", "");
	add_run(&runs, "a", "run", "'measured': {'f1': 0.5}");
	assert_int_equal(measure(&noise, &runs, &err), ERR_INPUT);
	release_runs(&runs);
	error_clear(&err);
	add_run(&runs, "a", "run", "'children': []");
	add_run(&runs, "a", "run", "'measured': {'f1': 0.5}");
	add_run(&runs, "a", "run", "'measured': {'f1': 0.6}");
	check_ok(run_set_text(&runs.item[2].run, "status", "failed", &err), err);
	assert_int_equal(measure(&noise, &runs, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "two repetitions"));
	error_clear(&err);
	check_ok(run_set_text(&runs.item[2].run, "status", "finished", &err), err);
	json_object_del(runs.item[2].run.json, "measured");
	assert_int_equal(measure(&noise, &runs, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "no figure in common"));
	release_runs(&runs);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spread_interval_and_least_difference_follow_from_the_tables),
		cmocka_unit_test(timings_are_no_noise_and_what_one_lacks_is_left_out),
		cmocka_unit_test(a_single_run_and_one_that_finished_alone_have_no_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

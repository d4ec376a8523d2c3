/* What a command wrote into its run directory, and what becomes of it. */
#include "run_dir.h"

#include <sys/stat.h>

static double number_at(const json_t *object, const char *name, const char *key)
{
	double value = -1;

	object = json_object_get(object, name);
	assert_true(json_number(&value, key ? json_object_get(object, key) : object));
	return value;
}

static void the_last_value_is_reported_and_the_best_is_by_direction(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "metrics.jsonl",
	    "{\"step\": 1, \"loss\": 0.5, \"val/f1\": 0.2}\n{\"step\": 2, \"loss\": 0.25, \"val/f1\": 0.9}\n"
	    "{\"step\": 3, \"loss\": 0.75, \"val/f1\": 0.8}\n");
	got = collect_it(fixture);
	assert_string_equal(as_text(got->reported), "{   \"loss\": 0.75,   \"val/f1\": 0.8 }");
	check_close(number_at(got->series, "loss", "best"), 0.25, 0);
	check_close(number_at(got->series, "loss", "best_step"), 2, 0);
	check_close(number_at(got->series, "loss", "count"), 3, 0);
	check_close(number_at(got->series, "val/f1", "best"), 0.9, 0);
	check_close(number_at(got->series, "val/f1", "last"), 0.8, 0);
	assert_int_equal(got->notes.n, 0);
	assert_int_equal(got->n_files, 0);
	check_history(fixture, "metric,step,time,value\nloss,1,,0.5\nloss,2,,0.25\nloss,3,,0.75\n"
			       "val/f1,1,,0.2\nval/f1,2,,0.9\nval/f1,3,,0.8\n");
}

static void final_values_come_before_the_last_of_a_series(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "metrics.jsonl", "{\"loss\": 0.5}\n");
	put(fixture, "metrics.json", "{\"loss\": 0.1, \"test\": {\"f1\": 0.8, \"why\": \"x\"}, \"none\": null}");
	got = collect_it(fixture);
	assert_string_equal(as_text(got->reported), "{   \"loss\": 0.1,   \"test.f1\": 0.8 }");
	assert_true(notes_say(got, "metrics.json: test.why is not a number"));
	assert_string_equal(got->file[0].path, "artifacts/metrics.json");
}

static void a_step_is_the_lines_number_and_a_time_is_kept(void **state)
{
	struct run_dir *fixture = *state;

	put(fixture, "metrics.jsonl", "{\"a\": 1}\n\n{\"time\": 1764000000.25, \"a\": 2}\r\n{\"a\": 3, \"step\": 9}");
	collect_it(fixture);
	check_history(fixture, "metric,step,time,value\na,1,,1\na,3,1764000000.25,2\na,9,,3\n");
}

static void nan_and_infinities_are_values(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "metrics.jsonl",
	    "{\"loss\": NaN, \"m\": -Infinity}\n{\"loss\": 2, \"m\": 1e999}\n{\"loss\": NaN}\n");
	got = collect_it(fixture);
	assert_string_equal(as_text(got->reported), "{   \"loss\": \"NaN\",   \"m\": \"Infinity\" }");
	check_close(number_at(got->series, "loss", "best"), 2, 0);
	check_history(fixture, "metric,step,time,value\nloss,1,,NaN\nloss,2,,2\nloss,3,,NaN\nm,1,,-Infinity\n"
			       "m,2,,Infinity\n");
}

static void nested_names_join_with_dots(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "metrics.jsonl", "{\"train\": {\"loss\": 0.5, \"top\": {\"k\": 3}}, \"step\": 4}\n");
	got = collect_it(fixture);
	assert_string_equal(as_text(got->reported), "{   \"train.loss\": 0.5,   \"train.top.k\": 3 }");
	check_close(number_at(got->series, "train.loss", "best_step"), 4, 0);
}

static void strange_names_stay_names(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "metrics.jsonl", "{\"../../x\": 1, \"__proto__\": 2, \"a,\\\"b\": 3, \"\xc3\xa9\": 4}\n");
	got = collect_it(fixture);
	check_close(number_at(got->reported, "../../x", NULL), 1, 0);
	check_close(number_at(got->reported, "__proto__", NULL), 2, 0);
	check_close(number_at(got->reported, "a,\"b", NULL), 3, 0);
	check_close(number_at(got->reported, "\xc3\xa9", NULL), 4, 0);
	assert_int_equal(got->notes.n, 0);
	check_history(fixture,
		      "metric,step,time,value\n../../x,1,,1\n__proto__,1,,2\n\"a,\"\"b\",1,,3\n\xc3\xa9,1,,4\n");
}

static void names_with_control_characters_are_left_out_and_told(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "metrics.jsonl", "{\"ok\": 1}\n{\"a\\u001b[31m\": 1, \"ok\": 2}\n{\"\": 1, \"ok\": 3}\n");
	got = collect_it(fixture);
	assert_string_equal(as_text(got->reported), "{   \"ok\": 3 }");
	assert_true(notes_say(got, "metrics.jsonl: line 2"));
	assert_true(notes_say(got, "(2 times)"));
	assert_string_equal(got->file[0].from, "metrics.jsonl");
}

static void a_long_name_is_cut_and_two_stay_two(void **state)
{
	struct run_dir *fixture = *state;
	struct buf text = BUF_INIT;
	struct collected *got;
	const char *name;

	buf_puts(&text, "{\"");
	for (size_t i = 0; i < 400000; i++)
		buf_puts(&text, "\xc3\xa9");
	buf_puts(&text, "a\": 1}\n{\"");
	for (size_t i = 0; i < 400000; i++)
		buf_puts(&text, "\xc3\xa9");
	buf_puts(&text, "b\": 2}\n");
	put(fixture, "metrics.jsonl", text.text);
	buf_release(&text);
	got = collect_it(fixture);
	assert_int_equal(json_object_size(got->reported), 2);
	name = json_object_iter_key(json_object_iter(got->reported));
	assert_true(strlen(name) <= 200);
	assert_true(notes_say(got, "which was cut (2 times)"));
}

static void bad_lines_cost_nothing_else(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf{\"a\": 1}\n[1, 2]\nnonsense\n{\"a\": 2, \"b\": \"word\", \"c\": true}\n"
		"{\"a\": \"\xff\"}\n{\"a\": 3,}\n{\"a\": 04}\n{\"a\": 5, \"a\": 6}\n{\"a\": 7, \"s";
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "metrics.jsonl", text);
	got = collect_it(fixture);
	assert_string_equal(as_text(got->reported), "{   \"a\": 6 }");
	check_close(number_at(got->series, "a", "count"), 3, 0);
	assert_true(notes_say(got, "metrics.jsonl: line 2 is not a JSON object and was left out (5 times)"));
	assert_true(notes_say(got, "line 4: b is not a number and was left out (2 times)"));
	assert_true(notes_say(got, "line 8: a has a name twice"));
	assert_true(notes_say(got, "line 9 was cut off before its end"));
	assert_int_equal(got->notes.n, 4);
	assert_string_equal(got->file[0].path, "artifacts/metrics.jsonl");
}

static void a_line_of_ten_megabytes_is_passed_over(void **state)
{
	struct run_dir *fixture = *state;
	struct buf text = BUF_INIT;
	struct collected *got;

	buf_puts(&text, "{\"a\": 1}\n{\"b\": \"");
	for (size_t i = 0; i < 1000000; i++)
		buf_puts(&text, "0123456789");
	buf_puts(&text, "\"}\n{\"a\": 3}\n");
	put(fixture, "metrics.jsonl", text.text);
	buf_release(&text);
	got = collect_it(fixture);
	check_history(fixture, "metric,step,time,value\na,1,,1\na,3,,3\n");
	assert_true(notes_say(got, "line 2 is too long"));
}

static void what_is_no_plain_file_is_neither_waited_for_nor_followed(void **state)
{
	static const char *const names[] = {"metrics.jsonl", "params.json", "metrics.json", "tags.jsonl"};
	struct run_dir *fixture = *state;
	struct collected *got;
	char *path;

	put(fixture, "../secret.json", "{\"a\": 1}");
	for (size_t i = 0; i < 4; i++) {
		path = path_join(fixture->dir, names[i]);
		assert_int_equal(i % 2 ? symlink("../secret.json", path) : mkfifo(path, 0600), 0);
		free(path);
	}
	path = path_join(fixture->dir, "predictions.csv");
	assert_int_equal(mkdir(path, 0700), 0);
	free(path);
	got = collect_it(fixture);
	assert_true(notes_say(got, "metrics.jsonl is a named pipe"));
	assert_true(notes_say(got, "params.json is a symbolic link"));
	assert_true(notes_say(got, "predictions.csv is a folder"));
	assert_int_equal(json_object_size(got->params) + json_object_size(got->tags), 0);
	assert_false(got->has_predictions);
	assert_false(got->has_history);
	assert_int_equal(got->n_files, 0);
}

static void a_run_directory_that_is_gone_is_a_note(void **state)
{
	struct run_dir *fixture = *state;
	json_t *given = json_pack("{s:f}", "lr", 0.1);
	struct collected *got;

	assert_int_equal(rmdir(fixture->dir), 0);
	assert_int_equal(symlink("/", fixture->dir), 0);
	got = collect_given(fixture, given);
	assert_true(notes_say(got, "the run directory could not be read"));
	assert_string_equal(as_text(got->params), "{   \"lr\": 0.1 }");
	assert_int_equal(unlink(fixture->dir), 0);
	json_decref(given);
}

static void parameters_come_in_order_and_the_command_wins(void **state)
{
	struct run_dir *fixture = *state;
	json_t *given = json_pack("{s:f, s:i, s:i}", "lr", 0.1, "depth", 6, "same", 2);
	struct collected *got;

	put(fixture, "params.json",
	    "{\"lr\": 0.2, \"opt\": {\"name\": \"adam\", \"betas\": [0.9, 0.999]}, \"same\": 2.0}");
	put(fixture, "params.yaml", "opt:\n  name: sgd\nlimit: ~\n");
	put(fixture, "params.jsonl", "{\"lr\": 0.3}\n{\"lr\": 0.4, \"on\": true}\n");
	put(fixture, "tags.jsonl", "{\"team\": \"a\"}\n{\"team\": \"b\"}\n");
	got = collect_given(fixture, given);
	json_decref(given);
	given = json_sorted(got->params);
	assert_string_equal(as_text(given), "{   \"depth\": 6,   \"limit\": \"null\",   \"lr\": 0.4,   \"on\": true,   "
					    "\"opt.betas\": [0.9, 0.999],   \"opt.name\": \"sgd\",   \"same\": 2 }");
	json_decref(given);
	assert_string_equal(as_text(got->tags), "{   \"team\": \"b\" }");
	assert_int_equal(got->notes.n, 1);
	assert_true(notes_say(got, "params.json: lr is not what --param said"));
}

static void secrets_among_parameters_stay_home(void **state)
{
	struct run_dir *fixture = *state;
	json_t *given = json_pack("{s:s}", "db_password", "hunter2");
	struct collected *got;

	put(fixture, "params.json", "{\"api_key\": \"abc\", \"max_tokens\": 5, \"x\": {\"token\": \"t\"}}");
	put(fixture, "tags.jsonl", "{\"note\": \"ghp_0123456789abcdefghijklmnopqrstuvwxyz\"}\n");
	got = collect_given(fixture, given);
	json_decref(given);
	given = json_sorted(got->params);
	assert_string_equal(as_text(given),
			    "{   \"api_key\": \"***\",   \"db_password\": \"***\",   \"max_tokens\": 5,   "
			    "\"x.token\": \"***\" }");
	json_decref(given);
	assert_string_equal(as_text(got->tags), "{   \"note\": \"***\" }");
	assert_true(notes_say(got, "params.json: api_key looks secret"));
	assert_int_equal(got->n_files, 0);
	put(fixture, "params.json", "{\"api_key\": \"abc\", cut off");
	got = collect_it(fixture);
	assert_true(notes_say(got, "not valid JSON"));
	assert_true(notes_say(got, "params.json looks secret"));
	assert_int_equal(got->n_files, 0);
}

static void odd_parameters_are_told_and_their_file_is_kept(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "params.json", "{\"lr\": 0.1");
	put(fixture, "params.yaml", "a: &x 1\nb: *x\n");
	put(fixture, "params.jsonl", "{\"ok\": 1}\n7\n");
	got = collect_it(fixture);
	assert_string_equal(as_text(got->params), "{   \"ok\": 1 }");
	assert_true(notes_say(got, "not valid JSON"));
	assert_true(notes_say(got, "anchors"));
	assert_true(notes_say(got, "params.jsonl: line 2 is not a JSON object"));
	assert_int_equal(got->n_files, 3);
}

static void artifacts_are_plain_files_in_order(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;
	char *path;

	put(fixture, "artifacts/b/c.txt", "");
	put(fixture, "artifacts/a.txt", "");
	put(fixture, "artifacts/b-1.txt", "");
	put(fixture, "model.bin", "");
	put(fixture, "plots/roc.svg", "");
	put(fixture, ".tmp-half", "");
	path = path_join(fixture->dir, "artifacts/link");
	assert_int_equal(symlink("/etc/passwd", path), 0);
	free(path);
	path = path_join(fixture->dir, "artifacts/up");
	assert_int_equal(symlink("..", path), 0);
	free(path);
	path = path_join(fixture->dir, "artifacts/pipe");
	assert_int_equal(mkfifo(path, 0600), 0);
	free(path);
	got = collect_it(fixture);
	assert_int_equal(got->n_files, 5);
	assert_string_equal(got->file[0].path, "artifacts/a.txt");
	assert_string_equal(got->file[1].path, "artifacts/b-1.txt");
	assert_string_equal(got->file[2].path, "artifacts/b/c.txt");
	assert_string_equal(got->file[3].path, "artifacts/model.bin");
	assert_string_equal(got->file[3].from, "model.bin");
	assert_string_equal(got->file[4].path, "artifacts/plots/roc.svg");
	assert_true(notes_say(got, "artifacts/link is no plain file"));
	assert_int_equal(got->notes.n, 1);
}

static void paths_are_what_git_can_hold_and_each_is_there_once(void **state)
{
	static const char *const want[] = {
		"artifacts/%2EGit/config", "artifacts/%2Egitattributes", "artifacts/%67it~1", "artifacts/a%0Ab",
		"artifacts/a%0Ab~2",       "artifacts/bad%FF",           "artifacts/one/two", "artifacts/one~2",
		"artifacts/x%5Cy",
	};
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "artifacts/.Git/config", "");
	put(fixture, "artifacts/.gitattributes", "");
	put(fixture, "artifacts/git~1", "");
	put(fixture, "artifacts/a\nb", "");
	put(fixture, "artifacts/a%0Ab", "");
	put(fixture, "artifacts/bad\xff", "");
	put(fixture, "artifacts/x\\y", "");
	put(fixture, "artifacts/one", "");
	put(fixture, "one/two", "");
	got = collect_it(fixture);
	assert_int_equal(got->n_files, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < got->n_files; i++)
		assert_string_equal(got->file[i].path, want[i]);
	assert_string_equal(got->file[5].from, "artifacts/bad\xff");
}

static void files_outside_are_listed_by_hash(void **state)
{
	struct run_dir *fixture = *state;
	struct collected *got;

	put(fixture, "artifacts.jsonl",
	    "{\"path\": \"/data/m.bin\", \"sha256\": "
	    "\"0123456789012345678901234567890123456789012345678901234567890123\", \"bytes\": 200000000}\n"
	    "{\"path\": \"../m.bin\", \"sha256\": \"x\"}\n");
	got = collect_it(fixture);
	assert_int_equal(got->n_outside, 1);
	assert_string_equal(got->outside[0].path, "/data/m.bin");
	assert_int_equal(got->outside[0].bytes, 200000000);
	assert_true(notes_say(got, "artifacts.jsonl: line 2"));
}

/* As DVCLive 3 writes it; what is older than the run is another run's. */
static void what_dvclive_wrote_is_read_where_nothing_else_was_logged(void **state)
{
	struct timespec since = {0}, later;
	struct run_dir *fixture = *state;
	char *folder = path_join(fixture->top, "dvclive");
	struct error err = {0};
	struct collected *got;

	assert_int_equal(clock_gettime(CLOCK_REALTIME, &later), 0);
	later.tv_sec += 60;
	put(fixture, "../dvclive/metrics.json", "{\"train\": {\"loss\": 0.25}, \"f1\": 0.8, \"step\": 2}");
	put(fixture, "../dvclive/params.yaml", "lr: 0.1\n");
	put(fixture, "../dvclive/plots/metrics/train/loss.tsv", "step\tloss\n0\t0.5\n1\tnan\n2\t0.25\n");
	put(fixture, "../dvclive/plots/metrics/f1.tsv", "timestamp\tstep\tf1\n1700000000\t2\t0.8\n\nbad\n");
	got = collect_it(fixture);
	check_ok(collect_dvclive(got, folder, &later, NULL, fixture->history, &err), err);
	assert_int_equal(json_object_size(got->reported) + json_object_size(got->params) + got->notes.n, 0);
	check_ok(collect_dvclive(got, folder, &since, NULL, fixture->history, &err), err);
	assert_string_equal(as_text(got->reported), "{   \"train.loss\": 0.25,   \"f1\": 0.8 }");
	assert_string_equal(as_text(got->params), "{   \"lr\": 0.1 }");
	check_close(number_at(got->series, "train.loss", "count"), 3, 0);
	check_close(number_at(got->series, "train.loss", "best_step"), 2, 0);
	assert_true(notes_say(got, "what DVCLive wrote into dvclive/"));
	assert_true(notes_say(got, "line 4: f1 is not a number"));
	check_history(fixture, "metric,step,time,value\nf1,2,1700000000,0.8\ntrain.loss,0,,0.5\ntrain.loss,1,,NaN\n"
			       "train.loss,2,,0.25\n");
	assert_int_equal(got->n_files, 0);

	put(fixture, "metrics.json", "{\"f1\": 0.5}");
	got = collect_it(fixture);
	check_ok(collect_dvclive(got, folder, &since, NULL, fixture->history, &err), err);
	assert_string_equal(as_text(got->reported), "{   \"f1\": 0.5 }");
	free(folder);
}

#define unit(f) cmocka_unit_test_setup_teardown(f, run_dir_setup, run_dir_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		unit(the_last_value_is_reported_and_the_best_is_by_direction),
		unit(final_values_come_before_the_last_of_a_series),
		unit(a_step_is_the_lines_number_and_a_time_is_kept),
		unit(nan_and_infinities_are_values),
		unit(nested_names_join_with_dots),
		unit(strange_names_stay_names),
		unit(names_with_control_characters_are_left_out_and_told),
		unit(a_long_name_is_cut_and_two_stay_two),
		unit(bad_lines_cost_nothing_else),
		unit(a_line_of_ten_megabytes_is_passed_over),
		unit(what_is_no_plain_file_is_neither_waited_for_nor_followed),
		unit(a_run_directory_that_is_gone_is_a_note),
		unit(parameters_come_in_order_and_the_command_wins),
		unit(secrets_among_parameters_stay_home),
		unit(odd_parameters_are_told_and_their_file_is_kept),
		unit(artifacts_are_plain_files_in_order),
		unit(paths_are_what_git_can_hold_and_each_is_there_once),
		unit(files_outside_are_listed_by_hash),
		unit(what_dvclive_wrote_is_read_where_nothing_else_was_logged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

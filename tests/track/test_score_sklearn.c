/* A command's predictions.csv gets scikit-learn's figures: what record_score.py has recorded, to 1e-12. */
#include "store/fixture.h"

#include "track/score.h"
#include "track/score_sklearn.h"

#include <math.h>

static void score_text(struct run *run, struct scored *scored, const char *dir, const char *text)
{
	char *path = path_join(dir, "predictions.csv");
	struct error err = {0};

	assert_non_null(path);
	write_text(dir, "predictions.csv", text);
	check_ok(run_new(run, &err), err);
	check_ok(score(scored, run, path, NULL, NULL, NULL, 1, &err), err);
	free(path);
}

static void figures_are_those_of_scikit_learn(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	for (size_t i = 0; i < sizeof(sklearn_scores) / sizeof(*sklearn_scores); i++) {
		const struct sklearn_score *of = &sklearn_scores[i];
		struct scored scored = {0};
		struct run run = {0};
		size_t n = 0;

		score_text(&run, &scored, fixture.dir, of->text);
		for (const struct sklearn_figure *want = of->figure; want->name; want++, n++) {
			double got = NAN;

			run_metric(&got, &run, want->name);
			if (!(fabs(got - want->value) <= 1e-12))
				fail_msg("%s: %s is %.17g, not %.17g", of->what, want->name, got, want->value);
		}
		/* and no other */
		assert_int_equal(json_object_size(run_field(&run, "measured")), n);
		scored_release(&scored);
		run_release(&run);
	}
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(figures_are_those_of_scikit_learn)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* store_commit_runs(): what lands on the branch, seen by git. */
#include "store/fixture.h"

static void first_run_starts_the_branch_with_attributes(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 1);
	check_git(&fixture,
		  ".gitattributes\nruns/e/2026-11/24/01/id-1/artifacts/deep/scores.csv\nruns/e/2026-11/24/01/id-1/"
		  "run.json",
		  "ls-tree", "-r", "--name-only", "assay/runs");
	check_git(&fixture, "{\"id\": 1}", "show", "assay/runs:runs/e/2026-11/24/01/id-1/run.json");
	check_git(&fixture, "assay: run 1", "log", "--format=%s", "assay/runs");
	check_git(&fixture, "", "status", "--porcelain");
	check_git(&fixture, "", "fsck", "--strict", "--no-dangling");
	fixture_remove(&fixture);
}

static void many_runs_are_a_commit_each_in_order(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	commit_runs(fixture.repo, 1, 6);
	commit_runs(fixture.repo, 7, 2);
	check_git(&fixture,
		  "assay: run 1\nassay: run 2\nassay: run 3\nassay: run 4\nassay: run 5\nassay: run 6\nassay: run "
		  "7\nassay: run 8",
		  "log", "--reverse", "--format=%s", "assay/runs");
	check_git(&fixture, "", "fsck", "--strict", "--no-dangling");
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_run_starts_the_branch_with_attributes),
		cmocka_unit_test(many_runs_are_a_commit_each_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

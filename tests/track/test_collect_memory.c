/* Collecting and logging under failing allocations. */
#include "failing_malloc.h"

#include "run_dir.h"
#include "track/inbox.h"

#include <fcntl.h>

static struct run_dir *here;

static int collect_all(struct error *err)
{
	struct collected got;
	int rc = collect(&got, here->dir, NULL, here->history, err);

	collected_release(&got);
	return rc;
}

static void collecting_survives_any_failed_allocation(void **state)
{
	here = *state;
	put(here, "metrics.jsonl", "{\"a\": 1, \"b\": {\"c\": 2}}\n{\"step\": 2, \"a\": 3}\nbad\n");
	put(here, "metrics.json", "{\"f1\": 0.5, \"x\": \"y\"}");
	put(here, "params.yaml", "lr: 0.1\nlist: [1, 2]\n");
	put(here, "params.jsonl", "{\"lr\": 0.2, \"opt\": \"adam\"}\n");
	put(here, "tags.jsonl", "{\"team\": \"a\"}\n");
	put(here, "artifacts/a/b.txt", "x");
	put(here, "a", "x");
	put(here, "artifacts.jsonl",
	    "{\"path\": \"/m\", \"sha256\": "
	    "\"0123456789012345678901234567890123456789012345678901234567890123\", \"bytes\": 2}\n");
	fail_in_turn(collect_all);
}

static int collect_dvclive_too(struct error *err)
{
	const struct timespec since = {0};
	struct collected got;
	int rc = collect(&got, here->dir, NULL, here->history, err);

	if (!rc)
		rc = collect_dvclive(&got, here->top, &since, NULL, here->history, err);
	collected_release(&got);
	return rc;
}

static void reading_dvclive_survives_any_failed_allocation(void **state)
{
	here = *state;
	put(here, "../metrics.json", "{\"train\": {\"loss\": 0.25}}");
	put(here, "../params.yaml", "lr: 0.1\n");
	put(here, "../plots/metrics/train/loss.tsv", "step\tloss\n0\t0.5\nbad\n");
	fail_in_turn(collect_dvclive_too);
}

static int log_all(struct error *err)
{
	json_t *object = json_pack("{s:f}", "lr", 0.1);
	struct inbox_lines lines;
	char *path = path_join(here->dir, "lines");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	int rc = object && path ? 0 : error_nomem(err);

	if (!rc)
		rc = inbox_append(here->dir, "params.jsonl", object, err);
	if (!rc)
		rc = inbox_metrics(&lines, here->dir, fd, "lines", err);
	if (!rc)
		rc = inbox_artifact(here->dir, path, "x/y", err);
	if (fd >= 0)
		close(fd);
	free(path);
	json_decref(object);
	return rc;
}

static void logging_survives_any_failed_allocation(void **state)
{
	here = *state;
	put(here, "lines", "{\"a\": 1}\n{\"b\": {\"c\": 2}}\nbad\n");
	fail_in_turn(log_all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(collecting_survives_any_failed_allocation, run_dir_setup,
						run_dir_teardown),
		cmocka_unit_test_setup_teardown(reading_dvclive_survives_any_failed_allocation, run_dir_setup,
						run_dir_teardown),
		cmocka_unit_test_setup_teardown(logging_survives_any_failed_allocation, run_dir_setup,
						run_dir_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

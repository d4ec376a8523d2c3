/* Labels and files of predictions with every allocation failing in turn. */
#include "failing_malloc.h"

#include "track/score_files.h"

#include <unistd.h>

static char folder[] = "/tmp/assay-files-memory-XXXXXX";

static int read_labels(struct error *err)
{
	const struct labels_wanted wanted = {.path = "y.csv", .name = "y.csv", .id = "key"};
	struct labels labels = LABELS_INIT;
	struct buf text = BUF_INIT;
	int changed, rc = labels_read(&labels, &wanted, err);

	if (!rc)
		rc = labels_put_away(&labels, "copies", err);
	if (!rc)
		rc = labels_text(&text, &labels, err);
	if (!rc)
		rc = labels_changed(&changed, &labels, err);
	if (!rc)
		assert_true(!changed && labels.rows == 60 && text.len > 60);
	buf_release(&text);
	labels_release(&labels);
	return rc;
}

static int compare_files(struct error *err)
{
	char a[] = "a.csv", b[] = "b.csv", *const path[] = {a, b, NULL};
	const char *const column[] = {"cost"};
	const struct score_files_wanted wanted = {
		.path = path, .n = 2, .labels = "y.csv", .id = "key", .column = column, .columns = 1};
	struct scored_files files = {0};
	int rc = score_files(&files, &wanted, err);
	double value;

	if (!rc)
		assert_true(files.n == 2 && files.file[1].p.n == 60 &&
			    files.file[1].value[0][59] - files.file[0].value[0][59] == 0 &&
			    run_metric(&value, &files.file[1].run, "roc_auc"));
	scored_files_release(&files);
	return rc;
}

static void labels_are_read_whole_or_not_at_all(void **state)
{
	(void)state;
	fail_in_turn(read_labels);
}

static void files_are_joined_whole_or_not_at_all(void **state)
{
	(void)state;
	fail_in_turn(compare_files);
}

static int write_text(const char *path, const struct buf *text)
{
	struct error err = {0};

	return file_write(path, text->text, text->len, &err);
}

static int enter(void **state)
{
	struct buf y = BUF_INIT, a = BUF_INIT, b = BUF_INIT;
	int failed;

	(void)state;
	buf_puts(&y, "key,y\n");
	buf_puts(&a, "id,y_pred,score,cost\n");
	buf_puts(&b, "key,score,y_true,cost\n"); /* its own labels and scores alone */
	for (int i = 0; i < 60; i++) {
		buf_printf(&y, "r%d,%s\n", i, i % 3 ? "no" : "yes");
		buf_printf(&a, "r%d,%s,0.%d,%d\n", i, i % 4 ? "no" : "yes", i, i);
		buf_printf(&b, "r%d,0.%d,%s,%d\n", 59 - i, i, (59 - i) % 3 ? "no" : "yes", 59 - i);
	}
	failed = !mkdtemp(folder) || chdir(folder) || write_text("y.csv", &y) || write_text("a.csv", &a) ||
		 write_text("b.csv", &b);
	buf_release(&y);
	buf_release(&a);
	buf_release(&b);
	return failed;
}

static int leave(void **state)
{
	(void)state;
	return chdir("/") || dir_remove(folder, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_read_whole_or_not_at_all),
		cmocka_unit_test(files_are_joined_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}

/* A table, a dataset and a split of it, and each refusal on the way, under failing allocations. */
#include "failing_malloc.h"
#include "files.h"

#include "learn/split.h"

static const char *const missing[] = {"unknown", "-1", NULL}, *const text[] = {"id", NULL};

static int read_all(struct error *err)
{
	const struct table_options options = {.missing = missing, .text = text, .threads = 1};
	const struct split_options shares = {.test = 0.3, .valid = 0.2};
	struct table *table = NULL;
	struct dataset *data = NULL;
	struct split *split = NULL;
	int rc;

	rc = table_read(&table, "t.csv", &options, err);
	if (!rc)
		rc = dataset_make(&data, table, &(struct dataset_options){.target = "y", .id = "id"}, err);
	if (!rc)
		rc = split_make(&split, data, &shares, err);
	split_free(split);
	dataset_free(data);
	table_free(table);
	return rc;
}

/* A text that every part of the reader has to do with: a separator to note, doubled quotes, bad bytes, decimal commas. */
static int write_file(void **state)
{
	struct buf csv = BUF_INIT;
	struct error err = {0};

	if (folder_make(state) < 0)
		return -1;
	buf_puts(&csv, "id;y;late;comma;quoted;same\n");
	for (int row = 0; row < 5000; row++)
		buf_printf(&csv, "k%d;%s;%s;%d,5;\"a \"\"%d\"\"\";%s\n", row, row % 3 ? "no" : "yes",
			   row == 4500 ? "x\xff" : "1e999", row % 30, row % 90, "unknown");
	file_with(csv.text, csv.len);
	buf_release(&csv);
	return read_all(&err);
}

static void a_table_a_dataset_and_a_split_survive_any_failed_allocation(void **state)
{
	(void)state;
	fail_in_turn(read_all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_a_dataset_and_a_split_survive_any_failed_allocation),
	};

	return cmocka_run_group_tests(tests, write_file, folder_remove);
}

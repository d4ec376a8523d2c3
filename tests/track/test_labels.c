/* Pinned labels: what is read, what is refused, and that nothing done to the file later changes them. */
#include "check.h"

#include "track/labels.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/assay-labels-XXXXXX";
#define FILE_NAME "labels.csv"

static void write_labels(const char *text)
{
	struct error err = {0};

	check_ok(file_write(FILE_NAME, text, strlen(text), &err), err);
}

static int read_labels(struct labels *out, const char *text, const char *target, const char *positive,
		       struct error *err)
{
	const struct labels_wanted wanted = {
		.path = FILE_NAME, .name = FILE_NAME, .id = "id", .target = target, .positive = positive};

	write_labels(text);
	*err = (struct error){0};
	return labels_read(out, &wanted, err);
}

static void check_refused(const char *text, const char *target, const char *why)
{
	struct labels labels = LABELS_INIT;
	struct error err;

	assert_int_equal(read_labels(&labels, text, target, NULL, &err), ERR_INPUT);
	assert_string_equal(err.text, why);
	assert_null(labels.path);
}

static void labels_are_read_in_the_order_of_the_file_and_classes_in_their_own(void **state)
{
	struct labels labels = LABELS_INIT;
	struct error err;

	(void)state;
	check_ok(read_labels(&labels, "x,y_true,id\n1,10,b\n1,9,\"a,c\"\n2,10,c\n", NULL, NULL, &err), err);
	assert_int_equal(labels.rows, 3);
	assert_string_equal(labels.text.text, "id,part,label\nb,test,10\n\"a,c\",test,9\nc,test,10\n");
	assert_int_equal(labels.class_name.n, 2);
	assert_string_equal(labels.class_name.name[0], "9"); /* numbers by value */
	assert_int_equal(labels.positive, 0); /* the rarer */
	assert_true(labels.rarer);
	assert_null(labels.why);
	labels_release(&labels);
}

static void the_positive_class_is_the_named_one_else_yes_true_or_1(void **state)
{
	struct labels labels = LABELS_INIT;
	struct error err;

	(void)state;
	check_ok(read_labels(&labels, "id,y\na,no\nb,Yes\nc,Yes\n", NULL, NULL, &err), err);
	assert_string_equal(labels.class_name.name[labels.positive], "Yes");
	assert_false(labels.rarer);
	labels_release(&labels);
	check_ok(read_labels(&labels, "id,y\na,no\nb,Yes\nc,Yes\n", NULL, "no", &err), err);
	assert_string_equal(labels.class_name.name[labels.positive], "no");
	labels_release(&labels);
	check_ok(read_labels(&labels, "id,y\na,1\nb,0\nc,2\n", NULL, NULL, &err), err);
	assert_int_equal(labels.positive, -1);
	labels_release(&labels);
}

static void what_is_wrong_is_named_with_its_line_and_number(void **state)
{
	(void)state;
	check_refused("", NULL, "labels.csv: the file is empty");
	check_refused("id,y\n", NULL, "labels.csv: there is a header and no row");
	check_refused("key,y\na,1\n", NULL, "labels.csv:1: there is no column 'id'");
	check_refused("id,y\na,1\n", "z", "labels.csv:1: there is no column 'z'");
	check_refused("id,y,z\na,1,2\n", NULL, "labels.csv:1: which column holds the labels?");
	check_refused("id,y,y\na,1,2\n", "y", "labels.csv:1: two columns are called 'y'");
	check_refused("id,y\na,1\nb,1\n", NULL, "labels.csv: all rows have one class, '1'");
	check_refused("id,y\na,1\nb\n", NULL, "labels.csv:3: 1 fields, the header has 2");
	check_refused("id,y\na,1\nb,0\na,0\n", NULL, "labels.csv:4: an id that was there before: a");
	check_refused("id,y\na,1\nb,0\na,0\nb,0\n", NULL,
		      "labels.csv:4: an id that was there before: a (2 rows, this is the first)");
	check_refused("id,y\na,1\n,0\n", NULL, "labels.csv:3: a row without an id");
	check_refused("id,y\na,1\nb,\n", NULL, "labels.csv:3: a row without a label: b");
	check_refused("id,y\na,1\nb,\xff\n", NULL, "labels.csv:3: a label that is no UTF-8 text");
}

static void numbers_to_be_predicted_are_no_labels_and_no_error(void **state)
{
	struct labels labels = LABELS_INIT;
	struct buf text = BUF_INIT;
	struct error err;

	(void)state;
	for (int rows = 40; rows <= 4000; rows *= 100) { /* few, and more than there may be classes */
		buf_clear(&text);
		buf_puts(&text, "id,y\n");
		for (int i = 0; i < rows; i++)
			buf_printf(&text, "%d,%d.5\n", i, i);
		check_ok(read_labels(&labels, text.text, NULL, NULL, &err), err);
		assert_string_equal(labels.why, "labels.csv has more than 20 different numbers: a regression, which "
						"this version does not score");
		labels_release(&labels);
	}
	buf_release(&text);
}

static void a_file_that_changes_later_changes_nothing_and_is_seen(void **state)
{
	static const char first[] = "id,y\na,no\nb,yes\n";
	struct labels labels = LABELS_INIT;
	struct buf text = BUF_INIT;
	struct error err;
	int changed;

	(void)state;
	check_ok(read_labels(&labels, first, NULL, NULL, &err), err);
	check_ok(labels_put_away(&labels, "made/here", &err), err);
	assert_int_equal(labels.text.len, 0);
	check_ok(labels_changed(&changed, &labels, &err), err);
	assert_false(changed);
	write_labels("id,y\na,yes\nb,yes\n");
	check_ok(labels_changed(&changed, &labels, &err), err);
	assert_true(changed);
	for (int i = 0; i < 2; i++) { /* read as often as there are seeds */
		buf_clear(&text);
		check_ok(labels_text(&text, &labels, &err), err);
		assert_string_equal(text.text, "id,part,label\na,test,no\nb,test,yes\n");
	}
	write_labels(first);
	check_ok(labels_changed(&changed, &labels, &err), err);
	assert_false(changed);
	assert_int_equal(unlink(FILE_NAME), 0);
	check_ok(labels_changed(&changed, &labels, &err), err);
	assert_true(changed);
	buf_release(&text);
	labels_release(&labels);
	assert_int_equal(rmdir("made/here"), 0); /* the copy has no name */
	assert_int_equal(rmdir("made"), 0);
}

static int enter(void **state)
{
	(void)state;
	return !mkdtemp(folder) || chdir(folder);
}

static int leave(void **state)
{
	struct error err = {0};

	(void)state;
	return chdir("/") || dir_remove(folder, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_read_in_the_order_of_the_file_and_classes_in_their_own),
		cmocka_unit_test(the_positive_class_is_the_named_one_else_yes_true_or_1),
		cmocka_unit_test(what_is_wrong_is_named_with_its_line_and_number),
		cmocka_unit_test(numbers_to_be_predicted_are_no_labels_and_no_error),
		cmocka_unit_test(a_file_that_changes_later_changes_nothing_and_is_seen),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}

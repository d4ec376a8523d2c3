#include "files.h"

#include "learn/dataset.h"

/* A table and the dataset made of it. */
struct made {
	struct table *table;
	struct dataset *data;
	struct error err;
	int rc;
};

static struct made make(const char *text, const struct dataset_options *options)
{
	struct made made = {0};

	check_ok(table_read(&made.table, file_with(text, strlen(text)), NULL, &made.err), made.err);
	made.rc = dataset_make(&made.data, made.table, options, &made.err);
	return made;
}

static struct made make_good(const char *text, const struct dataset_options *options)
{
	struct made made = make(text, options);

	check_ok(made.rc, made.err);
	return made;
}

static void release(struct made *made)
{
	dataset_free(made->data);
	table_free(made->table);
}

static void check_refused(const char *text, const struct dataset_options *options, const char *want, const char *hint)
{
	struct made made = make(text, options);

	assert_int_equal(made.rc, ERR_INPUT);
	assert_null(made.data);
	assert_string_equal(made.err.text, want);
	if (hint)
		assert_string_equal(made.err.hint, hint);
	release(&made);
}

static int has_note(const struct made *made, const char *want)
{
	for (size_t i = 0; i < made->data->notes.n; i++)
		if (!strcmp(made->data->notes.name[i], want))
			return 1;
	return 0;
}

#define TARGET(name) (&(struct dataset_options){.target = (name)})

static void classes_of_a_text_target_are_sorted_by_bytes(void **state)
{
	struct made made = make_good("x,y\n1,b\n2,a\n3,c\n4,a\n5,b\n6,c\n", TARGET("y"));

	(void)state;
	assert_int_equal(made.data->n, 6);
	assert_int_equal(made.data->classes, 3);
	assert_string_equal(made.data->class_name[0], "a");
	assert_string_equal(made.data->class_name[2], "c");
	assert_int_equal(made.data->y[0], 1);
	assert_int_equal(made.data->y[2], 2);
	assert_int_equal(made.data->positive, -1);
	assert_int_equal(made.data->features, 1);
	assert_int_equal(made.data->feature[0], 0);
	release(&made);
}

static void classes_of_a_numeric_target_are_sorted_by_value(void **state)
{
	struct made made = make_good("x,y\n1,10\n2,9\n3,-1.5\n4,9\n5,10.0\n6,-1.5\n", TARGET("y"));

	(void)state;
	assert_int_equal(made.data->classes, 3);
	assert_string_equal(made.data->class_name[0], "-1.5");
	assert_string_equal(made.data->class_name[1], "9");
	assert_string_equal(made.data->class_name[2], "10");
	assert_int_equal(made.data->y[4], 2);
	assert_true(has_note(&made, "the numbers of 'y' are taken as 3 classes"));
	release(&made);
}

static void rows_without_a_target_are_left_out_with_a_note(void **state)
{
	struct made made = make_good("x,y\n1,1\n2,\n3,0\n4,1\n5,NA\n6,0\n", TARGET("y"));
	char scratch[32];

	(void)state;
	assert_int_equal(made.data->n, 4);
	assert_int_equal(made.data->row[1], 2);
	assert_string_equal(dataset_id(made.data, 1, scratch), "3");
	assert_true(has_note(&made, "2 rows without a value of 'y' left out"));
	release(&made);
}

static void check_positive(const char *text, const char *asked, const char *want, const char *note)
{
	struct made made = make_good(text, &(struct dataset_options){.target = "y", .positive = asked});

	assert_string_equal(made.data->class_name[made.data->positive], want);
	assert_true(has_note(&made, note));
	release(&made);
}

static void the_positive_class_is_as_asked_else_yes_else_the_rarer(void **state)
{
	(void)state;
	check_positive("x,y\n1,no\n2,Yes\n3,Yes\n4,no\n5,Yes\n", NULL, "Yes", "positive class: Yes");
	check_positive("x,y\n1,no\n2,Yes\n3,Yes\n4,no\n5,Yes\n", "no", "no", "positive class: no");
	check_positive("x,y\n1,False\n2,TRUE\n3,TRUE\n4,False\n5,TRUE\n", NULL, "TRUE", "positive class: TRUE");
	check_positive("x,y\n1,0\n2,1\n3,1\n4,0\n5,1\n", NULL, "1", "positive class: 1");
	check_positive("x,y\n1,0\n2,1\n3,1\n4,0\n5,1\n", "0.0", "0", "positive class: 0");
	check_positive("x,y\n1,good\n2,bad\n3,bad\n4,good\n5,bad\n", NULL, "good", "positive class: good (the rarer)");
	check_positive("x,y\n1,a\n2,b\n3,b\n4,a\n", NULL, "b", "positive class: b (both are equally frequent)");
}

static void a_positive_class_that_is_no_class_is_refused(void **state)
{
	(void)state;
	check_refused("x,y\n1,a\n2,b\n3,a\n4,b\n", &(struct dataset_options){.target = "y", .positive = "c"},
		      "the positive class 'c' is no value of 'y': t.csv", "its values are 'a', 'b'");
}

static void a_positive_class_among_three_is_said_not_to_be_used(void **state)
{
	struct made made = make_good("x,y\n1,a\n2,b\n3,a\n4,b\n5,c\n6,c\n",
				     &(struct dataset_options){.target = "y", .positive = "c"});

	(void)state;
	assert_int_equal(made.data->positive, -1);
	assert_true(has_note(&made, "a positive class is for two classes: 'c' is not used"));
	release(&made);
}

static void targets_that_cannot_be_learnt_are_refused(void **state)
{
	(void)state;
	check_refused("x,churn\n1,a\n2,b\n", TARGET("chrun"), "no column 'chrun' for the target: t.csv:1",
		      "did you mean 'churn'?");
	check_refused("x,churn\n1,a\n2,b\n", TARGET("outcome"), "no column 'outcome' for the target: t.csv:1",
		      "the header names 2 columns, from 'x' to 'churn'");
	check_refused("x,y\n1,a\n2,a\n", TARGET("y"), "the target 'y' has one class only, 'a': t.csv", NULL);
	check_refused("x,y\n1,7\n2,7\n", TARGET("y"), "the target 'y' has one class only, '7': t.csv", NULL);
	check_refused("x,y\n1,\n2,NA\n", TARGET("y"), "the target 'y' is missing in every row: t.csv", NULL);
	check_refused("x,y\n1,a\n2,b\n3,a\n", TARGET("y"),
		      "the class 'b' of 'y' has one row only, it cannot be both trained and tested: t.csv:3",
		      "leave that row out, or join the class with another");
}

static void more_than_20_numbers_are_a_regression_unless_asked_otherwise(void **state)
{
	struct buf text = BUF_INIT;
	struct made made;

	(void)state;
	buf_puts(&text, "x,y\n");
	for (int i = 0; i < 42; i++)
		buf_printf(&text, "%d,%d\n", i, i % 21);
	check_refused(text.text, TARGET("y"),
		      "the target 'y' has more than 20 distinct numbers: that is a regression, and this version does "
		      "classification only",
		      "if its values are classes, say: --task classification");
	made = make_good(text.text, &(struct dataset_options){.target = "y", .task = "classification"});
	assert_int_equal(made.data->classes, 21);
	assert_int_equal(made.data->y[41], 20);
	release(&made);
	check_refused("x,y\n1,1\n2,2\n3,1\n4,2\n", &(struct dataset_options){.target = "y", .task = "regression"},
		      "the target 'y' is to be predicted as a number, and this version does classification only", NULL);
	check_refused("x,y\n1,1\n2,2\n", &(struct dataset_options){.target = "y", .task = "ranking"},
		      "no task 'ranking': it is classification or regression", NULL);
	buf_release(&text);
}

static void more_than_1000_classes_are_refused(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	buf_puts(&text, "x,y,z\n");
	for (int i = 0; i < 2002; i++)
		buf_printf(&text, "%d,c%d,%d\n", i, i % 1001, i % 1001);
	check_refused(text.text, TARGET("y"), "the target 'y' has more than 1000 classes: t.csv", NULL);
	check_refused(text.text, &(struct dataset_options){.target = "z", .task = "classification"},
		      "the target 'z' has more than 1000 classes: t.csv", NULL);
	buf_release(&text);
}

static void columns_that_teach_nothing_are_left_out_with_a_note(void **state)
{
	struct made made = make_good(
		"name,x,empty,same,one,half,y\nann,1,,7,k,,a\nbob,2,,7,k,k,b\ncyd,3,,7,k,k,a\ndan,3,,7,k,,b\n",
		TARGET("y"));

	(void)state;
	assert_int_equal(made.data->features, 2);
	assert_int_equal(made.data->feature[0], 1);
	assert_int_equal(made.data->feature[1], 5);
	assert_true(has_note(&made, "left out as an identifier: name"));
	assert_true(has_note(&made, "left out as all missing: empty"));
	assert_true(has_note(&made, "left out as constant: same, one"));
	release(&made);
}

static void what_rows_without_a_target_hold_does_not_count(void **state)
{
	struct made made = make_good("x,c,y\n1,k,a\n2,k,b\n3,other,\n4,k,a\n5,k,b\n", TARGET("y"));

	(void)state;
	assert_int_equal(made.data->features, 1);
	assert_true(has_note(&made, "left out as constant: c"));
	release(&made);
}

static void features_are_those_asked_without_target_id_and_dropped(void **state)
{
	static const char text[] = "id,a,b,c,y\n1,1,5,p,u\n2,2,6,q,v\n3,1,7,p,u\n4,3,9,q,v\n";
	const char *const features[] = {"c", "a", NULL}, *const drop[] = {"a", NULL}, *const wrong[] = {"aa", NULL};
	const char *const target[] = {"y", NULL};
	struct made made = make_good(text, &(struct dataset_options){.target = "y", .id = "id", .drop = drop});

	(void)state;
	assert_int_equal(made.data->features, 2);
	assert_int_equal(made.data->feature[0], 2);
	assert_int_equal(made.data->feature[1], 3);
	release(&made);
	made = make_good(text, &(struct dataset_options){.target = "y", .features = features});
	assert_int_equal(made.data->features, 2);
	assert_int_equal(made.data->feature[0], 1);
	release(&made);
	made = make_good(text, &(struct dataset_options){.target = "y", .features = features, .drop = drop});
	assert_int_equal(made.data->features, 1);
	release(&made);
	check_refused(text, &(struct dataset_options){.target = "y", .features = wrong},
		      "no column 'aa' for the features: t.csv:1", "did you mean 'a'?");
	check_refused(text, &(struct dataset_options){.target = "y", .drop = wrong},
		      "no column 'aa' for the columns to drop: t.csv:1", "did you mean 'a'?");
	check_refused(text, &(struct dataset_options){.target = "y", .features = target},
		      "the target 'y' cannot be a feature", NULL);
	check_refused("x,y\n1,a\n1,b\n1,a\n1,b\n", TARGET("y"), "no feature is left to learn from: t.csv",
		      "left out as constant: x");
}

static void ids_are_the_cells_of_their_column(void **state)
{
	struct made made = make_good("id,x,y\nk7,1,a\nk3,2,b\nk5,1,a\nk1,2,b\n",
				     &(struct dataset_options){.target = "y", .id = "id"});
	char scratch[32];

	(void)state;
	assert_string_equal(dataset_id(made.data, 2, scratch), "k5");
	assert_int_equal(made.data->id_column, 0);
	release(&made);
}

static void ids_must_be_there_and_differ(void **state)
{
	const struct dataset_options options = {.target = "y", .id = "id"};

	(void)state;
	check_refused("id,x,y\nk1,1,a\nk2,2,b\nk1,1,a\nk4,2,b\n", &options,
		      "the id 'k1' is there twice in 'id': t.csv:2 and t.csv:4", NULL);
	check_refused("id,x,y\n1,1,a\n2,2,b\n2,1,a\n4,2,b\n", &options,
		      "the id '2' is there twice in 'id': t.csv:3 and t.csv:4", NULL);
	check_refused("id,x,y\n1,1,a\n,2,b\n3,1,a\n4,2,b\n", &options, "the id 'id' is missing: t.csv:3", NULL);
	check_refused("id,x,y\na,1,a\n,2,b\nb,1,a\nc,2,b\n", &options, "the id 'id' is missing: t.csv:3", NULL);
	check_refused("i,x,y\n1,1,a\n2,2,b\n3,1,a\n4,2,b\n", &options, "no column 'id' for the id: t.csv:1",
		      "did you mean 'i'?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_of_a_text_target_are_sorted_by_bytes),
		cmocka_unit_test(classes_of_a_numeric_target_are_sorted_by_value),
		cmocka_unit_test(rows_without_a_target_are_left_out_with_a_note),
		cmocka_unit_test(the_positive_class_is_as_asked_else_yes_else_the_rarer),
		cmocka_unit_test(a_positive_class_that_is_no_class_is_refused),
		cmocka_unit_test(a_positive_class_among_three_is_said_not_to_be_used),
		cmocka_unit_test(targets_that_cannot_be_learnt_are_refused),
		cmocka_unit_test(more_than_20_numbers_are_a_regression_unless_asked_otherwise),
		cmocka_unit_test(more_than_1000_classes_are_refused),
		cmocka_unit_test(columns_that_teach_nothing_are_left_out_with_a_note),
		cmocka_unit_test(what_rows_without_a_target_hold_does_not_count),
		cmocka_unit_test(features_are_those_asked_without_target_id_and_dropped),
		cmocka_unit_test(ids_are_the_cells_of_their_column),
		cmocka_unit_test(ids_must_be_there_and_differ),
	};

	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}

/* predictions.csv: which rows stay, what is read back, and how two runs are paired. */
#include "check.h"

#include "base/hash.h"
#include "base/mem.h"
#include "record/evaluation.h"

static const struct predictions_options plenty = {.rows = 20000, .bytes = 1 << 20};

static char no[] = "No", yes[] = "Yes";
static char *two[] = {no, yes};

static struct stored_predictions *read_back(const char *text, const char *positive)
{
	struct stored_predictions *p = NULL;
	struct error err = {0};

	check_ok(predictions_read(&p, text, strlen(text), positive, "p.csv", &err), err);
	return p;
}

static void check_refused(const char *text, const char *positive, const char *why)
{
	struct stored_predictions *p = NULL;
	struct error err = {0};

	assert_int_equal(predictions_read(&p, text, strlen(text), positive, "p.csv", &err), ERR_INPUT);
	assert_string_equal(err.text, why);
	assert_null(p);
}

static void two_classes_have_the_score_of_the_positive_one(void **state)
{
	char a[] = "1", b[] = "x,\"y", *id[] = {a, b};
	const int y_true[] = {0, 1}, y_pred[] = {0, 0};
	const double score[] = {0.875, 0.125, 2.0 / 3, 1.0 / 3};
	const struct predictions p = {
		.n = 2, .classes = 2, .positive = 1, .y_true = y_true, .y_pred = y_pred, .score = score};
	struct buf out = BUF_INIT;
	struct error err = {0};
	size_t kept = 0;

	(void)state;
	check_ok(predictions_write(&out, &kept, &p, two, id, &plenty, &err), err);
	assert_int_equal(kept, 2);
	assert_string_equal(out.text, "id,y_true,y_pred,score\n1,No,No,0.125\n\"x,\"\"y\",Yes,No,0.3333333\n");
	buf_release(&out);
}

static void many_classes_have_a_score_each_and_weights_stay(void **state)
{
	char a[] = "1", *id[] = {a}, third[] = "a,b", *three[] = {no, yes, third};
	const int y_true[] = {2}, y_pred[] = {0};
	const double score[] = {0.5, 0.25, 0.25}, weight[] = {2.5};
	const struct predictions p = {.n = 1,
				      .classes = 3,
				      .positive = -1,
				      .y_true = y_true,
				      .y_pred = y_pred,
				      .score = score,
				      .weight = weight};
	struct buf out = BUF_INIT;
	struct error err = {0};
	size_t kept;

	(void)state;
	check_ok(predictions_write(&out, &kept, &p, three, id, &plenty, &err), err);
	assert_string_equal(out.text, "id,y_true,y_pred,score_No,score_Yes,\"score_a,b\",weight\n"
				      "1,\"a,b\",No,0.5,0.25,0.25,2.5\n");
	buf_release(&out);
}

struct many {
	struct predictions p;
	char **id;
	int *y;
	double *score;
};

/* n rows with ids from 1, every `period`-th one of the positive class. */
static struct many make_many(size_t n, size_t period)
{
	struct many m = {.id = mem_array(n, sizeof(char *)),
			 .y = mem_array(n, sizeof(int)),
			 .score = mem_array(n, 2 * sizeof(double))};

	for (size_t i = 0; i < n; i++) {
		m.id[i] = mem_printf("%zu", i + 1);
		m.y[i] = i % period == 0;
		m.score[2 * i + 1] = 1 / (double)(i + 2);
		m.score[2 * i] = 1 - m.score[2 * i + 1];
	}
	m.p = (struct predictions){.n = n, .classes = 2, .positive = 1, .y_true = m.y, .y_pred = m.y, .score = m.score};
	return m;
}

static void free_many(struct many *m)
{
	for (size_t i = 0; i < m->p.n; i++)
		free(m->id[i]);
	free(m->id);
	free(m->y);
	free(m->score);
}

static struct stored_predictions *sampled(size_t *kept, struct buf *out, const struct many *m, size_t rows,
					  size_t bytes)
{
	const struct predictions_options options = {.rows = rows, .bytes = bytes};
	struct error err = {0};

	buf_clear(out);
	check_ok(predictions_write(out, kept, &m->p, two, m->id, &options, &err), err);
	assert_true(out->len <= bytes);
	return read_back(out->text, "Yes");
}

static unsigned long long order(const char *id)
{
	struct hash *hash = hash_new();
	struct error err = {0};
	unsigned long long value = 0;

	check_ok(hash_order(&value, hash, id, strlen(id), &err), err);
	hash_end(hash, NULL);
	return value;
}

static void the_rows_with_the_smallest_hash_stay_in_their_order(void **state)
{
	struct many m = make_many(1000, 3);
	struct buf out = BUF_INIT;
	struct stored_predictions *p;
	unsigned long long largest = 0;
	size_t kept, smaller = 0;

	(void)state;
	p = sampled(&kept, &out, &m, 100, 1 << 20);
	assert_int_equal(kept, 100);
	assert_int_equal(p->n, 100);
	assert_null(p->weight);
	for (size_t i = 0; i < p->n; i++) {
		unsigned long long at = order(p->id[i]);

		largest = at > largest ? at : largest;
		assert_true(!i || strtoul(p->id[i], NULL, 10) > strtoul(p->id[i - 1], NULL, 10));
	}
	for (size_t i = 0; i < m.p.n; i++)
		smaller += order(m.id[i]) <= largest;
	assert_int_equal(smaller, 100);
	stored_predictions_free(p);
	buf_release(&out);
	free_many(&m);
}

static void a_rare_class_keeps_all_its_rows_up_to_half(void **state)
{
	struct many m = make_many(10000, 200); /* 50 rows of 10,000 */
	struct buf out = BUF_INIT;
	struct stored_predictions *p;
	size_t kept, positive = 0;
	double weight = 0, positive_weight = 0;

	(void)state;
	p = sampled(&kept, &out, &m, 1000, 1 << 20);
	assert_int_equal(kept, 1000);
	for (size_t i = 0; i < p->n; i++) {
		positive += p->y_true[i] == p->positive;
		weight += p->weight[i];
		positive_weight += p->y_true[i] == p->positive ? p->weight[i] : 0;
	}
	assert_int_equal(positive, 50);
	check_close(positive_weight, 50, 1e-6);
	check_close(weight, 10000, 1e-6);
	stored_predictions_free(p);

	p = sampled(&kept, &out, &m, 60, 1 << 20);
	positive = 0;
	for (size_t i = 0; i < p->n; i++)
		positive += p->y_true[i] == p->positive;
	assert_int_equal(kept, 60);
	assert_int_equal(positive, 30);
	stored_predictions_free(p);
	buf_release(&out);
	free_many(&m);
}

static void a_rare_class_has_no_weights_where_all_rows_stay(void **state)
{
	struct many m = make_many(1000, 100);
	struct buf out = BUF_INIT;
	struct stored_predictions *p;
	size_t kept;

	(void)state;
	p = sampled(&kept, &out, &m, 1000, 1 << 20);
	assert_int_equal(kept, 1000);
	assert_null(p->weight);
	stored_predictions_free(p);
	buf_release(&out);
	free_many(&m);
}

static void the_file_is_as_full_as_its_limit_allows(void **state)
{
	struct many m = make_many(5000, 3);
	struct buf out = BUF_INIT;
	struct stored_predictions *few, *more;
	size_t few_kept, more_kept, shared = 0;

	(void)state;
	few = sampled(&few_kept, &out, &m, 20000, 30000);
	more = sampled(&more_kept, &out, &m, 20000, 60000);
	assert_true(few_kept > 500 && more_kept > few_kept && out.len > 20000);
	for (size_t i = 0, j = 0; i < few->n; i++) { /* a smaller file is part of a larger one */
		while (j < more->n && strcmp(more->id[j], few->id[i]) != 0)
			j++;
		shared += j < more->n;
	}
	assert_int_equal(shared, few->n);
	stored_predictions_free(few);
	stored_predictions_free(more);
	buf_release(&out);
	free_many(&m);
}

static void a_limit_of_nothing_leaves_the_header(void **state)
{
	struct many m = make_many(1000, 200);
	const struct predictions_options options = {.rows = 20000, .bytes = 10};
	struct error err = {0};
	struct buf out = BUF_INIT;
	size_t kept;

	(void)state;
	check_ok(predictions_write(&out, &kept, &m.p, two, m.id, &options, &err), err);
	assert_int_equal(kept, 0);
	assert_string_equal(out.text, "id,y_true,y_pred,score,weight\n");
	buf_release(&out);
	free_many(&m);
}

static void what_is_written_is_read_back(void **state)
{
	struct many m = make_many(50, 3);
	struct buf out = BUF_INIT;
	struct stored_predictions *p;
	size_t kept;

	(void)state;
	p = sampled(&kept, &out, &m, 1000, 1 << 20);
	assert_int_equal(p->n, 50);
	assert_int_equal(p->classes, 2);
	assert_int_equal(p->positive, 1);
	for (size_t i = 0; i < p->n; i++) {
		assert_string_equal(p->id[i], m.id[i]);
		assert_int_equal(p->y_true[i], m.y[i]);
		check_close(p->score[2 * i + 1], m.score[2 * i + 1], 1e-7);
		check_close(p->score[2 * i] + p->score[2 * i + 1], 1, 1e-15);
	}
	stored_predictions_free(p);
	buf_release(&out);
	free_many(&m);
}

static void classes_are_sorted_whatever_comes_first(void **state)
{
	struct stored_predictions *p = read_back("id,score_c,score_a,y_true,note\n1,0.25,0.5,c,x\n2,0.75,0.25,b,y\n",
						 NULL);

	(void)state;
	assert_int_equal(p->classes, 3);
	assert_int_equal(p->positive, -1);
	assert_string_equal(p->class_name[0], "a");
	assert_string_equal(p->class_name[2], "c");
	assert_int_equal(p->y_true[0], 2);
	assert_int_equal(p->y_true[1], 1);
	check_close(p->score[0], 0.5, 0);
	check_close(p->score[1], 0, 0);
	check_close(p->score[2], 0.25, 0);
	assert_int_equal(p->y_pred[0], 0); /* no y_pred: the class with the highest score */
	assert_int_equal(p->y_pred[1], 2);
	stored_predictions_free(p);
}

static void clusters_are_numbered_as_they_appear_and_rows_without_one_are_their_own(void **state)
{
	const size_t want[] = {0, 1, 0, 2, 1, 3};
	struct stored_predictions *p = read_back("id,cluster,y_true,y_pred\n1,b,0,1\n2,a,1,1\n3,b,0,0\n4,,1,1\n"
						 "5,a,0,1\n6,,0,0\n",
						 NULL);
	const size_t row[] = {4, 1, 3};
	struct predictions_view view = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(p->clusters, 4);
	assert_memory_equal(p->cluster, want, sizeof(want));
	check_ok(predictions_view(&view, p, row, 3, &err), err);
	assert_int_equal(view.p.clusters, 2);
	assert_int_equal(view.p.cluster[0], 0);
	assert_int_equal(view.p.cluster[1], 0);
	assert_int_equal(view.p.cluster[2], 1);
	assert_int_equal(view.p.y_true[2], 1);
	predictions_view_release(&view);
	stored_predictions_free(p);
}

static void columns_of_numbers_are_read_beside_labels(void **state)
{
	struct stored_predictions *p = read_back("id,exact_match,y_true,note,y_pred,cost,half\n1,1,0,x,1,0.5,1\n"
						 "2,NaN,1,2,1,1e3,x\n3,0,0,,0,,2\n",
						 NULL);

	(void)state;
	assert_int_equal(p->further.n, 2);
	assert_string_equal(p->further.name[0], "exact_match");
	assert_string_equal(p->further.name[1], "cost");
	assert_ptr_equal(stored_further(p, "exact_match"), p->further_value);
	check_close(stored_further(p, "exact_match")[0], 1, 0);
	check_close(stored_further(p, "exact_match")[1], NAN, 0);
	check_close(stored_further(p, "cost")[1], 1000, 0);
	check_close(stored_further(p, "cost")[2], NAN, 0);
	assert_null(stored_further(p, "note"));
	assert_null(stored_further(p, "half"));
	stored_predictions_free(p);
}

static void a_file_without_labels_has_its_numbers(void **state)
{
	struct stored_predictions *p = read_back("id,exact_match,judge\nq1,1,0.5\nq2,0,0.25\n", NULL);

	(void)state;
	assert_int_equal(p->n, 2);
	assert_int_equal(p->classes, 0);
	assert_null(p->y_true);
	assert_null(p->y_pred);
	check_close(stored_further(p, "judge")[1], 0.25, 0);
	stored_predictions_free(p);
	check_refused("id,group\n1,a\n", NULL, "p.csv: no column has a number for each row");
}

static void scores_that_nobody_cut_predict_nothing(void **state)
{
	struct stored_predictions *p = read_back("id,y_true,score\n1,0,-3\n2,1,7\n", NULL);

	(void)state;
	assert_null(p->y_pred);
	check_close(p->score[2 * 1 + 1], 7, 0);
	stored_predictions_free(p);
}

static void the_positive_class_is_the_usual_word_where_none_is_named(void **state)
{
	struct stored_predictions *p = read_back("id,y_true,score\n1,Yes,0.5\n2,no,0.25\n", NULL);

	(void)state;
	assert_string_equal(p->class_name[p->positive], "Yes");
	assert_int_equal(p->y_pred[0], p->positive); /* a half is enough */
	assert_int_equal(p->y_pred[1], 1 - p->positive);
	stored_predictions_free(p);
	p = read_back("id,y_true,y_pred\n1,good,bad\n2,bad,bad\n", NULL);
	assert_int_equal(p->positive, -1);
	assert_null(p->score);
	stored_predictions_free(p);
	p = read_back("id,y_true,y_pred\n1,good,good\n", "bad");
	assert_int_equal(p->classes, 2);
	assert_int_equal(p->positive, 0);
	stored_predictions_free(p);
}

static void broken_predictions_are_refused_with_their_line(void **state)
{
	(void)state;
	check_refused("", NULL, "p.csv: the file is empty");
	check_refused("id,y_true,y_pred\n", NULL, "p.csv: there is a header and no row");
	check_refused("y_true,y_pred\na,b\n", NULL, "p.csv:1: there is no column 'id'");
	check_refused("id,y_pred\n1,b\n", NULL, "p.csv:1: there is no column 'y_true'");
	check_refused("id,y_true\n1,b\n", NULL, "p.csv:1: there is neither a column 'y_pred' nor a score");
	check_refused("id,id,y_true\n", NULL, "p.csv:1: a name for the second time in column 2");
	check_refused("id,y_true,score,score_a\n", NULL, "p.csv:1: a second score of a class in column 4");
	check_refused("id,y_true,y_pred\n1,a\n", NULL, "p.csv:2: 2 fields, but the header has 3");
	check_refused("id,y_true,y_pred\n1,a,b\n\n,a,b\n", NULL, "p.csv:4: no id in column 1");
	check_refused("id,y_true,y_pred\n1,,b\n", NULL, "p.csv:2: no class in column 2");
	check_refused("id,y_true,y_pred\n1,a,\xff\n", NULL, "p.csv:2: a class that is not UTF-8 in column 3");
	check_refused("id,y_true,score\n1,a,high\n", NULL, "p.csv:2: no number in column 3");
	check_refused("id,y_true,score\n1,a,1e999\n", NULL, "p.csv:2: no number in column 3");
	check_refused("id,y_true,y_pred,weight\n1,a,b,0\n", NULL, "p.csv:2: a weight that is not positive in column 4");
	check_refused("id,y_true,y_pred\n1,a,a\n", NULL, "p.csv: all rows have one class");
	check_refused("id,y_true,y_pred\n1,a,b\n", "c", "p.csv: no row has the positive class 'c'");
	check_refused("id,y_true,score\n1,a,0.5\n2,b,0.5\n", NULL,
		      "p.csv: which class the column 'score' belongs to is not known");
	check_refused("id,y_true,y_pred\n1,a,\"b\n", NULL, "a quote is opened and never closed: p.csv:2, column 3");
}

static void rows_are_paired_by_id_in_the_order_of_the_first(void **state)
{
	struct stored_predictions *a = read_back("id,y_true,y_pred\nx,No,No\ny,Yes,No\nz,No,Yes\n", "Yes");
	struct stored_predictions *b = read_back("id,y_true,y_pred\nz,No,No\nq,No,No\nx,No,Yes\n", "Yes");
	size_t *left = NULL, *right = NULL, n, unmatched;
	struct predictions_view view;
	struct error err = {0};

	(void)state;
	check_ok(predictions_pair(&left, &right, &n, &unmatched, a, b, &err), err);
	assert_int_equal(n, 2);
	assert_int_equal(unmatched, 2);
	assert_int_equal(left[0], 0);
	assert_int_equal(right[0], 2);
	assert_int_equal(left[1], 2);
	assert_int_equal(right[1], 0);
	check_ok(predictions_view(&view, b, right, n, &err), err);
	assert_int_equal(view.p.n, 2);
	assert_int_equal(view.p.positive, 1);
	assert_int_equal(view.p.y_pred[0], 1);
	assert_int_equal(view.p.y_pred[1], 0);
	assert_null(view.p.score);
	assert_null(view.p.weight);
	predictions_view_release(&view);
	free(left);
	free(right);
	stored_predictions_free(a);
	stored_predictions_free(b);
}

static void a_view_holds_scores_and_weights_of_its_rows(void **state)
{
	struct stored_predictions *p = read_back("id,y_true,score,weight\nx,No,0.25,1\ny,Yes,0.5,2\nz,No,0.75,3\n",
						 "Yes");
	const size_t rows[] = {2, 0};
	struct predictions_view view;
	struct error err = {0};

	(void)state;
	check_ok(predictions_view(&view, p, rows, 2, &err), err);
	check_close(view.p.score[0], 0.25, 0);
	check_close(view.p.score[1], 0.75, 0);
	check_close(view.p.weight[0], 3, 0);
	check_close(view.p.weight[1], 1, 0);
	predictions_view_release(&view);
	check_ok(predictions_view(&view, p, NULL, 0, &err), err);
	assert_int_equal(view.p.n, 3);
	assert_int_equal(view.p.y_pred[2], 1);
	predictions_view_release(&view);
	stored_predictions_free(p);
}

static void clusters_have_to_be_the_same_on_both_sides(void **state)
{
	const char *const other[] = {"id,y_true,y_pred,cluster\n1,0,1,x\n2,1,1,x\n3,0,0,y\n",
				     "id,y_true,y_pred,cluster\n1,0,1,x\n2,1,1,y\n3,0,0,y\n",
				     "id,y_true,y_pred,cluster\n1,0,1,x\n2,1,1,x\n3,0,0,x\n"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct stored_predictions *a = read_back("id,y_true,y_pred,cluster\n3,0,1,\n2,1,1,b\n1,0,0,b\n", NULL);
		struct stored_predictions *b = read_back(other[i], NULL);
		size_t *left = NULL, *right = NULL, n, unmatched;
		struct error err = {0};
		int rc = predictions_pair(&left, &right, &n, &unmatched, a, b, &err);

		if (i == 0)
			check_ok(rc, err);
		else
			assert_string_equal(err.text, "the clusters disagree at id '2'");
		assert_int_equal(rc, i == 0 ? 0 : ERR_INPUT);
		free(left);
		free(right);
		stored_predictions_free(a);
		stored_predictions_free(b);
	}
}

static void pairs_that_cannot_be_are_refused(void **state)
{
	struct stored_predictions *a = read_back("id,y_true,y_pred\nx,No,No\ny,Yes,No\n", "Yes");
	struct stored_predictions *other = read_back("id,y_true,y_pred\nx,Yes,No\n", "Yes");
	struct stored_predictions *twice = read_back("id,y_true,y_pred\nx,No,No\nx,No,Yes\n", "Yes");
	size_t *left, *right, n, unmatched;
	struct error err = {0};

	(void)state;
	assert_int_equal(predictions_pair(&left, &right, &n, &unmatched, a, other, &err), ERR_INPUT);
	assert_string_equal(err.text, "the true labels disagree at id 'x': 'No' and 'Yes'");
	err = (struct error){0};
	assert_int_equal(predictions_pair(&left, &right, &n, &unmatched, a, twice, &err), ERR_INPUT);
	assert_string_equal(err.text, "the predictions have the id 'x' twice");
	stored_predictions_free(a);
	stored_predictions_free(other);
	stored_predictions_free(twice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_classes_have_the_score_of_the_positive_one),
		cmocka_unit_test(many_classes_have_a_score_each_and_weights_stay),
		cmocka_unit_test(the_rows_with_the_smallest_hash_stay_in_their_order),
		cmocka_unit_test(a_rare_class_keeps_all_its_rows_up_to_half),
		cmocka_unit_test(a_rare_class_has_no_weights_where_all_rows_stay),
		cmocka_unit_test(the_file_is_as_full_as_its_limit_allows),
		cmocka_unit_test(a_limit_of_nothing_leaves_the_header),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(classes_are_sorted_whatever_comes_first),
		cmocka_unit_test(the_positive_class_is_the_usual_word_where_none_is_named),
		cmocka_unit_test(broken_predictions_are_refused_with_their_line),
		cmocka_unit_test(rows_are_paired_by_id_in_the_order_of_the_first),
		cmocka_unit_test(a_view_holds_scores_and_weights_of_its_rows),
		cmocka_unit_test(pairs_that_cannot_be_are_refused),
		cmocka_unit_test(clusters_are_numbered_as_they_appear_and_rows_without_one_are_their_own),
		cmocka_unit_test(columns_of_numbers_are_read_beside_labels),
		cmocka_unit_test(a_file_without_labels_has_its_numbers),
		cmocka_unit_test(scores_that_nobody_cut_predict_nothing),
		cmocka_unit_test(clusters_have_to_be_the_same_on_both_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

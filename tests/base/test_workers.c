#include "check.h"

#include "base/workers.h"

#include <stdatomic.h>

#define PIECES 1000
#define WORKERS 7

struct tally {
	atomic_int seen[PIECES];
	atomic_int busy[WORKERS]; /* pieces that a worker has in hand */
	atomic_int wrong;
};

static void count(void *context, size_t piece, size_t worker)
{
	struct tally *tally = context;

	if (worker >= WORKERS || atomic_fetch_add(&tally->busy[worker], 1) != 0) {
		atomic_fetch_add(&tally->wrong, 1);
		return;
	}
	atomic_fetch_add(&tally->seen[piece], 1);
	atomic_fetch_sub(&tally->busy[worker], 1);
}

static void each_piece_is_done_once_and_a_worker_has_one_at_a_time(void **state)
{
	static const size_t workers[] = {1, 2, WORKERS};

	(void)state;
	for (size_t w = 0; w < 3; w++) {
		struct tally tally = {0};

		workers_run(workers[w], PIECES, count, &tally);
		assert_int_equal(tally.wrong, 0);
		for (size_t i = 0; i < PIECES; i++)
			assert_int_equal(tally.seen[i], 1);
	}
}

static void no_pieces_are_no_work(void **state)
{
	struct tally tally = {0};

	(void)state;
	workers_run(3, 0, count, &tally);
	for (size_t i = 0; i < PIECES; i++)
		assert_int_equal(tally.seen[i], 0);
}

static void no_more_workers_than_pieces_are_worth_having(void **state)
{
	(void)state;
	assert_int_equal(workers_count(5, 3), 3);
	assert_int_equal(workers_count(2, 100), 2);
	assert_int_equal(workers_count(4, 0), 1);
	assert_true(workers_count(0, 100000) >= 1);
	assert_true(workers_count(100000, 100000) < 100000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_piece_is_done_once_and_a_worker_has_one_at_a_time),
		cmocka_unit_test(no_pieces_are_no_work),
		cmocka_unit_test(no_more_workers_than_pieces_are_worth_having),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

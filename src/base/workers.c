#include "base/workers.h"

#include "base/banned.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

#define MOST_WORKERS 256

struct shared {
	void (*work)(void *context, size_t piece, size_t worker);
	void *context;
	size_t pieces;
	atomic_size_t next;
};

struct worker {
	struct shared *shared;
	size_t number;
};

size_t workers_count(unsigned threads, size_t pieces)
{
	size_t n = threads;

	if (!n) {
		cpu_set_t set;

		n = sched_getaffinity(0, sizeof(set), &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
	}
	n = n < MOST_WORKERS ? n : MOST_WORKERS;
	n = n < pieces ? n : pieces;
	return n ? n : 1;
}

static void *take_pieces(void *of)
{
	const struct worker *worker = of;
	struct shared *shared = worker->shared;

	for (;;) {
		size_t piece = atomic_fetch_add(&shared->next, 1);

		if (piece >= shared->pieces)
			return NULL;
		shared->work(shared->context, piece, worker->number);
	}
}

void workers_run(size_t workers, size_t pieces, void (*work)(void *context, size_t piece, size_t worker), void *context)
{
	struct shared shared = {.work = work, .context = context, .pieces = pieces};
	struct worker worker[MOST_WORKERS];
	pthread_t thread[MOST_WORKERS];
	size_t made = 1;

	workers = workers < MOST_WORKERS ? workers : MOST_WORKERS;
	for (; made < workers; made++) {
		worker[made] = (struct worker){&shared, made};
		if (pthread_create(&thread[made], NULL, take_pieces, &worker[made]) != 0)
			break;
	}
	worker[0] = (struct worker){&shared, 0};
	take_pieces(&worker[0]);
	for (size_t i = 1; i < made; i++)
		pthread_join(thread[i], NULL);
}

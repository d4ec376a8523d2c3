/*
 * See run_order.h. The runs are dealt out to lanes, each a chain in which one comes after the other: as many as there were
 * clones at work at a time. A clock of a commit says how far it reaches into each lane (vector clocks: Fidge 1988, Mattern
 * 1989), so that one run came before another exactly where the other's clock has it.
 */
#include "judge/run_order.h"

#include "base/mem.h"
#include "store/ancestry.h"

#include <stdint.h>

struct clock { /* of a commit: lanes beyond n are at 0 */
	size_t at, n; /* into run_order.reach */
};

struct commit { /* of the runs' branch, in topological order */
	char hex[OID_HEX];
	struct clock clock;
};

struct place { /* of a run */
	size_t lane, step; /* step: from 1; 0: not known */
	size_t place;
	struct clock clock; /* itself in it */
};

struct removed { /* a run that somebody took away */
	char id[RUN_ID];
	char *experiment; /* owned */
};

struct run_order {
	struct place *run; /* [runs->n] */
	const struct runs *runs;
	uint32_t *reach; /* all clocks */
	size_t reach_n, reach_cap;
	uint32_t *last; /* steps taken in each lane */
	size_t lanes, lanes_cap;
	struct commit *commit;
	size_t commits, commits_cap;
	size_t *by_hex; /* commit index + 1 by hash of the name; 0: free */
	size_t slots; /* a power of 2 */
	size_t placed;
	struct removed *removed;
	size_t removals, removed_cap;
};

static size_t slot_of(const struct run_order *order, const char *hex, size_t len)
{
	size_t hash = 5381; /* over names that are hashes already */

	for (size_t i = 0; i < 16 && i < len; i++)
		hash = hash * 33 + (unsigned char)hex[i];
	hash &= order->slots - 1;
	while (order->by_hex[hash] && (strncmp(order->commit[order->by_hex[hash] - 1].hex, hex, len) != 0))
		hash = (hash + 1) & (order->slots - 1);
	return hash;
}

static int grow_slots(struct run_order *order, struct error *err)
{
	size_t slots = order->slots ? 2 * order->slots : 1024, *old = order->by_hex;

	if (order->commits < order->slots / 2)
		return 0;
	order->by_hex = mem_zeroed(slots, sizeof(*order->by_hex));
	if (!order->by_hex) {
		order->by_hex = old;
		return error_nomem(err);
	}
	free(old);
	order->slots = slots;
	for (size_t i = 0; i < order->commits; i++)
		order->by_hex[slot_of(order, order->commit[i].hex, OID_HEX - 1)] = i + 1;
	return 0;
}

static int new_clock(struct clock *out, struct run_order *order, struct error *err)
{
	*out = (struct clock){.at = order->reach_n, .n = order->lanes};
	for (size_t i = 0; i < order->lanes; i++) {
		if (MEM_GROW(order->reach, order->reach_n, order->reach_cap, err) < 0)
			return ERR_NOMEM;
		order->reach[order->reach_n++] = 0;
	}
	return 0;
}

static uint32_t reach_of(const struct run_order *order, const struct clock *clock, size_t lane)
{
	return lane < clock->n ? order->reach[clock->at + lane] : 0;
}

/* Into a clock what another one reaches. */
static void take_in(struct run_order *order, const struct clock *into, const struct clock *other)
{
	for (size_t i = 0; i < other->n; i++)
		if (order->reach[other->at + i] > order->reach[into->at + i])
			order->reach[into->at + i] = order->reach[other->at + i];
}

/* The clock that a commit has from its parents. A parent beyond a shallow clone's edge says nothing. */
static int clock_of_parents(struct clock *out, struct run_order *order, const char *parents, struct error *err)
{
	const struct clock *one = NULL;
	size_t found = 0;
	int rc = 0;

	*out = (struct clock){0};
	for (const char *at = parents; *at && !rc;) {
		size_t len = strcspn(at, " "), slot = order->slots ? slot_of(order, at, len) : 0;

		if (order->slots && order->by_hex[slot]) {
			const struct clock *clock = &order->commit[order->by_hex[slot] - 1].clock;

			if (++found == 2) { /* a join: a clock of its own */
				rc = new_clock(out, order, err);
				if (!rc)
					take_in(order, out, one);
			}
			if (found == 1)
				one = clock;
			else if (!rc)
				take_in(order, out, clock);
		}
		at += len + (at[len] == ' ');
	}
	if (found == 1)
		*out = *one;
	return rc;
}

/* The lane whose last run this clock reaches, so that the next one in it comes after; else a new one. */
static int lane_for(size_t *out, struct run_order *order, const struct clock *clock, struct error *err)
{
	for (size_t i = 0; i < order->lanes; i++)
		if (reach_of(order, clock, i) == order->last[i]) {
			*out = i;
			return 0;
		}
	if (MEM_GROW(order->last, order->lanes, order->lanes_cap, err) < 0)
		return ERR_NOMEM;
	*out = order->lanes;
	order->last[order->lanes++] = 0;
	return 0;
}

/* Put a run behind all that `clock` reaches, and turn that into the run's own clock. */
static int place_run(struct run_order *order, size_t i, struct clock *clock, struct error *err)
{
	struct place *place = &order->run[i];
	struct clock before = *clock;
	int rc = lane_for(&place->lane, order, clock, err);

	if (!rc)
		rc = new_clock(clock, order, err);
	if (rc < 0)
		return rc;
	take_in(order, clock, &before);
	place->step = ++order->last[place->lane];
	order->reach[clock->at + place->lane] = (uint32_t)place->step;
	place->clock = *clock;
	place->place = order->placed++;
	return 0;
}

static size_t find_run(const struct runs *runs, const char *id)
{
	const struct seen_run *found = runs_with_id(runs, id);

	return found ? (size_t)(found - runs->item) : RUN_ORDER_NONE;
}

/* A removal is on as many lines as it was joined into; one that came back is none. */
static int note_removed(struct run_order *order, const struct store_line *line, struct error *err)
{
	struct removed *removed;

	if (!id_valid(line->removed) || runs_with_id(order->runs, line->removed))
		return 0;
	for (size_t i = 0; i < order->removals; i++)
		if (!strcmp(order->removed[i].id, line->removed))
			return 0;
	if (MEM_GROW(order->removed, order->removals, order->removed_cap, err) < 0)
		return ERR_NOMEM;
	removed = &order->removed[order->removals];
	snprintf(removed->id, sizeof(removed->id), "%s", line->removed);
	removed->experiment = mem_text(line->experiment);
	if (!removed->experiment)
		return error_nomem(err);
	order->removals++;
	return 0;
}

struct lining {
	struct run_order *order;
	struct error *err;
};

static int take_commit(void *context, const struct store_line *line)
{
	struct lining *lining = context;
	struct run_order *order = lining->order;
	size_t run = *line->id ? find_run(order->runs, line->id) : RUN_ORDER_NONE;
	struct clock clock;
	int rc = clock_of_parents(&clock, order, line->parents, lining->err);

	/* the first commit that names a run brought it */
	if (!rc && run != RUN_ORDER_NONE && !order->run[run].step)
		rc = place_run(order, run, &clock, lining->err);
	if (!rc)
		rc = note_removed(order, line, lining->err);
	if (!rc)
		rc = grow_slots(order, lining->err);
	if (!rc)
		rc = MEM_GROW(order->commit, order->commits, order->commits_cap, lining->err);
	if (rc < 0)
		return rc;
	snprintf(order->commit[order->commits].hex, OID_HEX, "%s", line->commit);
	order->commit[order->commits].clock = clock;
	order->commits++;
	order->by_hex[slot_of(order, line->commit, OID_HEX - 1)] = order->commits;
	return 0;
}

/* What is in flight will be committed on top of all there is. */
static int place_in_flight(struct run_order *order, struct error *err)
{
	struct clock clock = {0};
	int rc = 0;

	if (order->commits)
		clock = order->commit[order->commits - 1].clock;
	for (size_t i = 0; i < order->runs->n && !rc; i++)
		if (order->runs->item[i].where != WHERE_GIT && !order->run[i].step)
			rc = place_run(order, i, &clock, err);
	return rc;
}

int run_order_new(struct run_order **out, struct store *store, const struct runs *runs, struct error *err)
{
	struct run_order *order = mem_zeroed(1, sizeof(*order));
	struct lining lining = {order, err};
	int rc = 0;

	if (!order)
		return error_nomem(err);
	order->runs = runs;
	order->run = mem_zeroed(runs->n, sizeof(*order->run));
	if (!order->run)
		rc = error_nomem(err);
	if (!rc && runs->n)
		rc = store_lines(store, take_commit, &lining, err);
	if (!rc)
		rc = place_in_flight(order, err);
	/* who a commit's parents are is not asked any more */
	free(order->commit);
	free(order->by_hex);
	order->commit = NULL;
	order->by_hex = NULL;
	if (rc < 0)
		run_order_free(order);
	else
		*out = order;
	return rc;
}

void run_order_free(struct run_order *order)
{
	if (!order)
		return;
	for (size_t i = 0; i < order->removals; i++)
		free(order->removed[i].experiment);
	free(order->removed);
	free(order->run);
	free(order->reach);
	free(order->last);
	free(order->commit);
	free(order->by_hex);
	free(order);
}

size_t run_order_find(const struct run_order *order, const struct run *run)
{
	return find_run(order->runs, run_id(run));
}

size_t run_order_removed(const struct run_order *order, const char *experiment)
{
	size_t n = 0;

	for (size_t i = 0; i < order->removals; i++)
		n += !strcmp(order->removed[i].experiment, experiment);
	return n;
}

const struct runs *run_order_runs(const struct run_order *order)
{
	return order->runs;
}

enum run_relation run_order_relation(const struct run_order *order, size_t a, size_t b)
{
	const struct place *x, *y;

	if (a == RUN_ORDER_NONE || b == RUN_ORDER_NONE)
		return RUN_UNKNOWN;
	x = &order->run[a];
	y = &order->run[b];
	if (!x->step || !y->step)
		return RUN_UNKNOWN;
	if (reach_of(order, &y->clock, x->lane) >= x->step)
		return RUN_BEFORE;
	return reach_of(order, &x->clock, y->lane) >= y->step ? RUN_AFTER : RUN_PARALLEL;
}

size_t run_order_place(const struct run_order *order, size_t number)
{
	return number != RUN_ORDER_NONE && order->run[number].step ? order->run[number].place : RUN_ORDER_NONE;
}

/*
 * See plan_order.h. The runs of an experiment in the order of their commits; where one started from another text than the one
 * before it, the two texts are compared. Each text is read once.
 */
#include "judge/plan_order.h"

#include "base/mem.h"
#include "judge/plan_diff.h"
#include "judge/plan_first.h"

#include <stdarg.h>

struct text { /* what runs started from */
	const char *blob; /* "" no file; borrowed from a record */
	struct experiment *experiment; /* NULL: no file, or it cannot be read */
	int tried;
};

struct ordering {
	struct plan_order *out;
	struct store *store;
	const struct project *project;
	const struct experiment *now;
	const struct runs *runs;
	const struct run_order *order;
	struct plan_run *list; /* plan_runs() */
	size_t n;
	struct text *text;
	size_t texts, texts_cap;
	size_t changes_cap;
	struct error *err;
	/* of the change that is being looked at */
	size_t after, number;
	const struct seen_run *by;
	int parallel;
};

static const struct seen_run *seen_at(const struct ordering *o, size_t i)
{
	return o->list[i].seen;
}

static const char *blob_at(const struct ordering *o, size_t i)
{
	return run_text(&seen_at(o, i)->run, "plan.blob");
}

/* How the a-th of them stands to the b-th. */
static enum run_relation relation(const struct ordering *o, size_t a, size_t b)
{
	return run_order_relation(o->order, o->list[a].number, o->list[b].number);
}

/* The text of a blob, read at the first time. One that is not here or cannot be read stays NULL. */
static int read_text(const struct experiment **out, struct ordering *o, const char *blob)
{
	struct error why = {0};
	struct text *text = NULL;
	int rc;

	*out = NULL;
	for (size_t i = 0; i < o->texts && !text; i++)
		if (!strcmp(o->text[i].blob, blob))
			text = &o->text[i];
	if (!text) {
		if (MEM_GROW(o->text, o->texts, o->texts_cap, o->err) < 0)
			return ERR_NOMEM;
		text = &o->text[o->texts++];
		*text = (struct text){.blob = blob};
	}
	if (*blob && !text->tried) {
		rc = plan_read(&text->experiment, o->store, o->project, o->now->name, blob, &why);
		if (rc == ERR_NOMEM)
			return error_nomem(o->err);
		text->tried = 1;
	}
	*out = text->experiment;
	return 0;
}

static int add_change(void *context, enum plan_item item, const char *what)
{
	struct ordering *o = context;
	struct plan_order *out = o->out;
	struct plan_change *change;

	if (MEM_GROW(out->change, out->changes, o->changes_cap, o->err) < 0)
		return ERR_NOMEM;
	change = &out->change[out->changes];
	*change = (struct plan_change){.item = item,
				       .what = mem_text(what),
				       .after = seen_at(o, o->after),
				       .number = o->number,
				       .by = o->by,
				       .uncommitted = !o->by && out->uncommitted,
				       .parallel = o->parallel};
	if (!change->what)
		return error_nomem(o->err);
	out->changes++;
	return 0;
}

/* From the text of one run to that of a later one, or to the work tree's. */
static int compare(struct ordering *o, const char *from, const char *to, const struct experiment *now)
{
	const struct experiment *then, *later = now;
	int rc = read_text(&then, o, from);

	if (!rc && !later)
		rc = read_text(&later, o, to);
	if (rc < 0)
		return rc;
	if (!*from || !*to)
		return add_change(o, PLAN_FILE, *to ? "hypothesis and criteria written" : "the file was removed");
	if (!then || !later)
		return add_change(o, PLAN_FILE, "the file changed, and what it was cannot be read in this clone");
	return plan_diff(then, later, add_change, o, o->err);
}

/*
 * The last runs before list[i]: those of which none came before another one of them. Calls with the newest first; *same: 1 if
 * one of them started from `blob`. *last: the newest, SIZE_MAX if there is none. end: runs looked at.
 */
static int look_back(size_t *last, int *same, const struct ordering *o, size_t i, const char *blob)
{
	size_t *found = mem_array(i + 1, sizeof(*found)), n = 0;

	if (!found)
		return error_nomem(o->err);
	*last = (size_t)-1;
	*same = 0;
	for (size_t k = i; k-- > 0;) {
		int older = 0;

		if (i < o->n && relation(o, k, i) != RUN_BEFORE)
			continue;
		for (size_t j = 0; j < n && !older; j++)
			older = relation(o, k, found[j]) == RUN_BEFORE;
		if (older)
			continue;
		if (!n)
			*last = k;
		found[n++] = k;
		*same |= !strcmp(blob_at(o, k), blob);
		if (*same)
			break;
	}
	free(found);
	return 0;
}

static int has_parallel(const struct ordering *o, size_t i)
{
	for (size_t k = 0; k < o->n; k++)
		if (k != i && relation(o, k, i) == RUN_PARALLEL)
			return 1;
	return 0;
}

static int find_changes(struct ordering *o)
{
	int rc = 0, same;
	size_t last;

	for (size_t i = 1; i < o->n && !rc; i++) {
		const char *blob = blob_at(o, i);

		/* the next of its line, and nothing happened */
		if (!strcmp(blob_at(o, i - 1), blob) && relation(o, i - 1, i) == RUN_BEFORE)
			continue;
		rc = look_back(&last, &same, o, i, blob);
		if (rc < 0 || same || last == (size_t)-1)
			continue;
		o->after = last;
		o->number = last + 1;
		o->by = seen_at(o, i);
		o->parallel = has_parallel(o, i);
		rc = compare(o, blob_at(o, last), blob, NULL);
	}
	return rc;
}

/* Whether HEAD has the work tree's text: into out->uncommitted. */
static int is_committed(struct ordering *o)
{
	char *path, hex[OID_HEX] = "";
	int rc;

	if (!o->now->path)
		return 0;
	path = path_join(o->project->below, o->now->path);
	rc = path ? store_path_commit(hex, o->store, path, o->now->blob, o->err) : error_nomem(o->err);
	free(path);
	o->out->uncommitted = !rc && !hex[0];
	return rc;
}

/* What the work tree has against the last runs. */
static int find_present(struct ordering *o)
{
	const char *blob = o->now->blob;
	int rc, same = 0;
	size_t last;

	rc = look_back(&last, &same, o, o->n, blob);
	if (rc < 0 || same)
		return rc;
	o->after = last;
	o->number = last + 1;
	o->by = NULL;
	o->parallel = has_parallel(o, last);
	rc = is_committed(o);
	return rc ? rc : compare(o, blob_at(o, last), blob, *blob ? o->now : NULL);
}

/* One verdict on all that have none before them. */
static int find_state(struct ordering *o)
{
	struct plan_order *out = o->out;
	const struct experiment *plan = NULL;
	int rc = 0;

	out->state = PLAN_BEFORE;
	out->first = seen_at(o, 0);
	for (size_t i = 0; i < o->n && !rc && out->state != PLAN_NOT_PROVABLE; i++) {
		enum plan_state state = PLAN_BEFORE;
		int parallel = i && plan_is_first(o->order, o->list, o->n, i);

		if (i && !parallel)
			continue;
		if (parallel && strcmp(blob_at(o, i), blob_at(o, 0)) != 0) {
			out->state = PLAN_NOT_PROVABLE;
			out->why = mem_text("runs on parallel lines started from different texts");
			rc = out->why ? 0 : error_nomem(o->err);
			break;
		}
		rc = plan_verify(&state, &out->why, o->store, &seen_at(o, i)->run, o->err);
		if (state > out->state)
			out->state = state;
	}
	if (rc < 0)
		return rc;
	if (out->state == PLAN_BEFORE)
		snprintf(out->commit, sizeof(out->commit), "%s", run_text(&out->first->run, "plan.commit"));
	rc = read_text(&plan, o, blob_at(o, 0));
	if (!rc && plan) { /* it becomes the caller's */
		for (size_t i = 0; i < o->texts; i++)
			if (o->text[i].experiment == plan) {
				out->plan = o->text[i].experiment;
				o->text[i].experiment = NULL;
			}
	}
	return rc;
}

/* A file that was renamed goes on under another name: runs elsewhere that started from the same bytes. */
static void find_elsewhere(struct ordering *o)
{
	const char *first = o->n ? blob_at(o, 0) : "";
	const struct runs *all = run_order_runs(o->order);
	struct plan_order *out = o->out;

	if (!*first && !*o->now->blob)
		return;
	for (size_t i = 0; i < all->n; i++) {
		const struct run *run = &all->item[i].run;
		const char *blob = run_text(run, "plan.blob"), *name = run_experiment(run);

		if (!*blob || (strcmp(blob, first) != 0 && strcmp(blob, o->now->blob) != 0) ||
		    strcmp(run_text(run, "kind"), "run") != 0 || !strcmp(name, o->now->name))
			continue;
		if (!out->elsewhere)
			out->elsewhere = name;
		out->elsewhere_runs += !strcmp(name, out->elsewhere);
	}
}

static int order_runs(struct ordering *o)
{
	int known, rc = plan_runs(&o->list, &o->n, &known, o->runs, o->order, o->now->name, o->err);

	o->out->runs = o->n;
	o->out->removed = run_order_removed(o->order, o->now->name);
	if (rc < 0)
		return rc;
	if (!o->n) {
		o->out->state = o->now->path ? PLAN_NO_RUN : PLAN_NO_FILE;
		return is_committed(o);
	}
	if (!known) {
		o->out->state = PLAN_NOT_PROVABLE;
		o->out->why = mem_text("commits of its runs are not here (a shallow clone?)");
		return o->out->why ? 0 : error_nomem(o->err);
	}
	rc = find_changes(o);
	if (!rc)
		rc = find_present(o);
	if (!rc)
		rc = find_state(o);
	if (!rc && o->out->state == PLAN_AFTER && !o->now->path && !o->out->changes)
		o->out->state = PLAN_NO_FILE;
	return rc;
}

int plan_order_make(struct plan_order *out, struct store *store, const struct project *project,
		    const struct experiment *experiment, const struct runs *runs, const struct run_order *order,
		    struct error *err)
{
	struct plan_order made = {0};
	struct ordering o = {.out = &made,
			     .store = store,
			     .project = project,
			     .now = experiment,
			     .runs = runs,
			     .order = order,
			     .err = err};
	int rc = order_runs(&o);

	if (!rc)
		find_elsewhere(&o);
	for (size_t i = 0; i < o.texts; i++)
		experiment_free(o.text[i].experiment);
	free(o.text);
	free(o.list);
	if (rc < 0)
		plan_order_release(&made);
	else
		*out = made;
	return rc;
}

void plan_order_release(struct plan_order *plan)
{
	if (!plan)
		return;
	for (size_t i = 0; i < plan->changes; i++)
		free(plan->change[i].what);
	free(plan->change);
	free(plan->why);
	experiment_free(plan->plan);
	*plan = (struct plan_order){0};
}

const char *plan_state_word(enum plan_state state)
{
	static const char *const words[] = {
		[PLAN_NO_FILE] = "no file",         [PLAN_NO_RUN] = "no run", [PLAN_BEFORE] = "before",
		[PLAN_WITH] = "with the first run", [PLAN_AFTER] = "after",   [PLAN_NOT_PROVABLE] = "not provable",
	};

	return words[state];
}

static void put_run(struct buf *out, const struct seen_run *seen)
{
	buf_printf(out, "%s, %.7s", run_name(&seen->run), id_handle(run_id(&seen->run)));
}

static int has_criteria(const struct experiment *plan)
{
	return plan && (plan->criteria || plan->n_expects);
}

void plan_order_sentence(struct buf *out, const struct plan_order *plan)
{
	const char *what = has_criteria(plan->plan) ? "criteria" : "hypothesis";

	switch (plan->state) {
	case PLAN_NO_FILE:
		buf_puts(out, "no hypothesis was written down");
		break;
	case PLAN_NO_RUN:
		buf_puts(out, "no run yet");
		break;
	case PLAN_BEFORE:
		buf_printf(out, "%s %s before the first run (", what, has_criteria(plan->plan) ? "fixed" : "written");
		put_run(out, plan->first);
		buf_putc(out, ')');
		break;
	case PLAN_WITH:
		buf_printf(out, "%s written with the first run (", what);
		put_run(out, plan->first);
		buf_puts(out, "), not committed before it");
		break;
	case PLAN_AFTER:
		buf_puts(out, "hypothesis and criteria written after the first run (");
		put_run(out, plan->first);
		buf_putc(out, ')');
		break;
	case PLAN_NOT_PROVABLE:
		buf_printf(out, "order not provable in this clone: %s", plan->why);
		break;
	}
	if (plan->elsewhere)
		buf_printf(out, "; the same text had %zu %s as %s", plan->elsewhere_runs,
			   plan->elsewhere_runs == 1 ? "run" : "runs", plan->elsewhere);
	if (plan->removed)
		buf_printf(out, "; not counting %zu %s that %s removed", plan->removed,
			   plan->removed == 1 ? "run" : "runs", plan->removed == 1 ? "was" : "were");
}

void plan_change_sentence(struct buf *out, const struct plan_change *change)
{
	buf_printf(out, "%s after run %zu (", change->what, change->number);
	put_run(out, change->after);
	buf_putc(out, ')');
	if (!change->by)
		buf_puts(out, change->uncommitted ? ", not committed" : ", no run since");
	if (change->parallel)
		buf_puts(out, "; before or after the runs on parallel lines is not provable");
}

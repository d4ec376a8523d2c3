/* See plan_first.h. */
#include "judge/plan_first.h"

#include "base/mem.h"
#include "store/ancestry.h"

static int counts(const struct runs *runs, const struct run *run, const char *experiment)
{
	const char *parent = run_text(run, "parent");

	return !strcmp(run_experiment(run), experiment) && !strcmp(run_text(run, "kind"), "run") &&
	       !*run_text(run, "tags.reproduces") && !(*parent && runs_with_id(runs, parent));
}

static int by_place(const void *a, const void *b)
{
	const struct plan_run *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return strcmp(run_id(&x->seen->run), run_id(&y->seen->run));
}

int plan_runs(struct plan_run **out, size_t *n, int *known, const struct runs *runs, const struct run_order *order,
	      const char *experiment, struct error *err)
{
	struct plan_run *list = mem_array(runs->n, sizeof(*list));

	*known = 1;
	*n = 0;
	if (!list)
		return error_nomem(err);
	for (size_t i = 0; i < runs->n; i++) {
		const struct seen_run *seen = &runs->item[i];
		size_t number;

		if (!counts(runs, &seen->run, experiment))
			continue;
		number = run_order_find(order, &seen->run);
		list[*n] = (struct plan_run){seen, number, run_order_place(order, number)};
		*known &= list[*n].place != RUN_ORDER_NONE;
		++*n;
	}
	if (*n)
		qsort(list, *n, sizeof(*list), by_place);
	*out = list;
	return 0;
}

int plan_is_first(const struct run_order *order, const struct plan_run *list, size_t n, size_t i)
{
	for (size_t k = 0; k < i && k < n; k++)
		if (run_order_relation(order, list[k].number, list[i].number) == RUN_BEFORE)
			return 0;
	return 1;
}

/* Not provable, with the reason; a lack of memory is none. */
static int not_provable(enum plan_state *out, char **why, const char *text, struct error *err)
{
	*out = PLAN_NOT_PROVABLE;
	*why = mem_text(text);
	return *why ? 0 : error_nomem(err);
}

/* Whether the commit that the record names holds the text that it names. 1 or 0, or as store_blob_at(). */
static int holds(struct store *store, const struct run *run, struct error *err)
{
	char *path = path_join(run_text(run, "root"), run_text(run, "plan.path"));
	char hex[OID_HEX];
	int rc = path ? store_blob_at(hex, store, run_text(run, "plan.commit"), path, err) : error_nomem(err);

	free(path);
	return rc < 0 ? rc : !strcmp(hex, run_text(run, "plan.blob"));
}

int plan_verify(enum plan_state *out, char **why, struct store *store, const struct run *run, struct error *err)
{
	const char *commit = run_text(run, "plan.commit"), *code = run_text(run, "code.commit");
	struct error said = {0};
	char text[256];
	int rc;

	*why = NULL;
	if (!*run_text(run, "plan.blob") || !*commit) {
		*out = *run_text(run, "plan.blob") ? PLAN_WITH : PLAN_AFTER;
		return 0;
	}
	rc = holds(store, run, &said);
	if (rc == 0) {
		snprintf(text, sizeof(text), "commit %.10s does not have the text that run %.7s started from", commit,
			 id_handle(run_id(run)));
		return not_provable(out, why, text, err);
	}
	if (rc == 1)
		rc = store_reaches(store, code, commit, &said);
	if (rc == 0) {
		snprintf(text, sizeof(text), "commit %.10s is no ancestor of the code of run %.7s", commit,
			 id_handle(run_id(run)));
		return not_provable(out, why, text, err);
	}
	*out = PLAN_BEFORE;
	if (rc == ERR_NOT_FOUND)
		return not_provable(out, why, said.text, err);
	return rc < 0 ? error_set(err, rc, "%s", said.text) : 0;
}

int plan_read(struct experiment **out, struct store *store, const struct project *project, const char *name,
	      const char *blob, struct error *err)
{
	struct buf text = BUF_INIT;
	char where[OID_HEX + 16];
	int rc = store_blob(&text, store, blob, err);

	snprintf(where, sizeof(where), "blob %.10s", blob);
	if (!rc)
		rc = experiment_parse(out, project, name, where, text.text, text.len, err);
	buf_release(&text);
	return rc;
}

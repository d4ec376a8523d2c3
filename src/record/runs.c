#include "record/runs_read.h"

#include "base/mem.h"

static int same_root(const struct run *run, const char *root)
{
	return !strcmp(run_text(run, "root"), root ? root : "");
}

/* Take the record over; `folder` too. */
static int add(struct runs *runs, struct run *run, enum run_where where, char *folder, struct error *err)
{
	if (MEM_GROW(runs->item, runs->n, runs->cap, err) < 0)
		return ERR_NOMEM;
	runs->item[runs->n++] = (struct seen_run){.run = *run, .where = where, .folder = folder};
	run->json = NULL;
	return 0;
}

/* What the walk of the branch finds and what is taken of it. */
struct load {
	struct runs *runs;
	const char *root;
	struct found_list found;
	struct error *err;
};

static int note_record(void *context, const char *path, const char *blob_hex)
{
	struct load *load = context;

	switch (record_place(path)) {
	case PLACE_ARTIFACT:
		return 0;
	case PLACE_FOREIGN:
		return record_problem(&load->runs->problems, path, RECORD_FOREIGN, load->err);
	case PLACE_RECORD:
		break;
	}
	return found_add(&load->found, path, blob_hex, load->err);
}

static int take_record(void *context, const char *path, struct run *run, const char *wrong, struct error *err)
{
	struct load *load = context;
	char *folder;
	int rc;

	if (!run)
		return record_problem(&load->runs->problems, path, wrong, err);
	if (!same_root(run, load->root))
		return 0;
	folder = mem_text_n(path, strlen(path) - strlen("/run.json"));
	rc = folder ? add(load->runs, run, WHERE_GIT, folder, err) : error_nomem(err);
	if (rc < 0)
		free(folder);
	return rc;
}

static int load_branch(struct runs *runs, struct store *store, const char *root, struct error *err)
{
	struct load load = {.runs = runs, .root = root, .err = err};
	const struct record_reader reader = {take_record, &load};
	int rc = store_tip(runs->tip, store, err);

	if (rc < 0 || !*runs->tip)
		return rc;
	rc = store_walk(store, runs->tip, "runs", "run.json", note_record, &load, err);
	if (!rc)
		rc = records_read(store, &load.found, &reader, err);
	found_release(&load.found);
	return rc;
}

/* One folder of running/: waiting if final/ is complete. What vanishes meanwhile has landed: the branch is read later. */
static int load_flight(struct runs *runs, const char *running, const char *id, const char *root, struct error *err)
{
	static const char *const places[] = {"final/run.json", "run.json"};
	struct buf text = BUF_INIT;
	struct run run = {0};
	struct error why = {0};
	char *path = NULL;
	int rc = ERR_NOT_FOUND;
	size_t place = 0;

	for (; place < 2 && rc == ERR_NOT_FOUND; place++) {
		error_clear(&why);
		free(path);
		path = mem_printf("%s/%s/%s", running, id, places[place]);
		rc = path ? file_read(&text, path, &why) : error_nomem(&why);
	}
	if (!rc)
		rc = run_parse(&run, text.text, text.len, path, &why);
	if (!rc && strcmp(run_id(&run), id) != 0)
		rc = error_set(&why, ERR_INPUT, "%s: the record in it is that of another run", path);
	if (!rc && same_root(&run, root))
		rc = add(runs, &run, place == 1 ? WHERE_WAITING : WHERE_RUNNING, NULL, err);
	else if (rc == ERR_NOT_FOUND)
		rc = 0;
	else if (rc == ERR_INPUT || rc == ERR_MACHINE)
		rc = record_problem(&runs->problems, path, why.text, err);
	else if (rc < 0)
		error_set(err, rc, "%s", why.text);
	run_release(&run);
	buf_release(&text);
	free(path);
	return rc;
}

static int load_spool(struct runs *runs, const char *spool, const char *root, struct error *err)
{
	char *running = path_join(spool, "running");
	struct names ids = {0};
	struct error why = {0};
	int rc = running ? dir_list(&ids, running, &why) : error_nomem(&why);

	if (rc == ERR_NOT_FOUND)
		rc = 0;
	else if (rc < 0)
		error_set(err, rc, "%s", why.text);
	for (size_t i = 0; i < ids.n && !rc; i++)
		if (id_valid(ids.name[i]))
			rc = load_flight(runs, running, ids.name[i], root, err);
	names_free(&ids);
	free(running);
	return rc;
}

int runs_add_in_flight(struct runs *runs, struct store *store, const char *root, struct error *err)
{
	struct names spools = {0};
	int rc = store_spools(&spools, store, err);

	for (size_t i = 0; i < spools.n && !rc; i++)
		rc = load_spool(runs, spools.name[i], root, err);
	names_free(&spools);
	return rc;
}

/* By id, that is by start; the copy in git before the one in flight. */
static int by_id(const void *a, const void *b)
{
	const struct seen_run *x = a, *y = b;
	int order = strcmp(run_id(&x->run), run_id(&y->run));

	if (!order)
		order = (int)x->where - (int)y->where;
	return order || !x->folder || !y->folder ? order : strcmp(x->folder, y->folder);
}

void seen_release(struct seen_run *seen)
{
	run_release(&seen->run);
	free(seen->folder);
}

void runs_settle(struct runs *runs)
{
	size_t n = 0, sorted = 1;

	while (sorted < runs->n && by_id(&runs->item[sorted - 1], &runs->item[sorted]) < 0)
		sorted++;
	if (sorted < runs->n)
		qsort(runs->item, runs->n, sizeof(*runs->item), by_id);
	for (size_t i = 0; i < runs->n; i++)
		if (n && !strcmp(run_id(&runs->item[n - 1].run), run_id(&runs->item[i].run)))
			seen_release(&runs->item[i]);
		else
			runs->item[n++] = runs->item[i];
	runs->n = n;
}

static int by_id_of(const void *id, const void *seen)
{
	return strcmp(id, run_id(&((const struct seen_run *)seen)->run));
}

/* The walk is newest first: the last word on a run is the commit that brought it. */
static int note_commit(void *context, const char *id, const char *commit)
{
	struct runs *runs = context;
	struct seen_run *seen = bsearch(id, runs->item, runs->n, sizeof(*runs->item), by_id_of);

	if (seen && seen->where == WHERE_GIT)
		snprintf(seen->commit, sizeof(seen->commit), "%s", commit);
	return 0;
}

static int load_commits(struct runs *runs, struct store *store, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < runs->n; i++) /* where no message names a run, the tip at least holds it */
		if (runs->item[i].where == WHERE_GIT)
			memcpy(runs->item[i].commit, runs->tip, sizeof(runs->tip));
	if (*runs->tip && runs->n)
		rc = store_run_commits(store, NULL, note_commit, runs, err);
	return rc;
}

int runs_load(struct runs *out, struct store *store, const char *root, struct error *err)
{
	struct runs runs = {0};
	int rc = runs_add_in_flight(&runs, store, root,
				    err); /* first: what lands meanwhile is then seen on the branch */

	if (!rc)
		rc = load_branch(&runs, store, root, err);
	if (!rc) {
		runs_settle(&runs);
		rc = load_commits(&runs, store, err);
	}
	if (rc < 0)
		runs_free(&runs);
	else
		*out = runs;
	return rc;
}

void runs_free(struct runs *runs)
{
	if (!runs)
		return;
	for (size_t i = 0; i < runs->n; i++)
		seen_release(&runs->item[i]);
	free(runs->item);
	names_free(&runs->problems);
	*runs = (struct runs){0};
}

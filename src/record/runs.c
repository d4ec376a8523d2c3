#include "record/runs.h"
#include "base/mem.h"

/* What a walk of the branch finds: the path and the blob of each run.json. */
struct found {
	char *path;
	char blob[OID_HEX];
};

struct search {
	struct found *item;
	size_t n, cap;
	struct names *problems;
	struct error *err;
};

static void search_release(struct search *search)
{
	for (size_t i = 0; i < search->n; i++)
		free(search->item[i].path);
	free(search->item);
}

static int problem(struct names *problems, const char *where, const char *what, struct error *err)
{
	size_t len = strlen(where);
	char *line = strncmp(what, where, len) != 0 ? mem_printf("%s: %s", where, what) : mem_text(what);
	int rc = line ? names_add(problems, line, err) : error_nomem(err);

	free(line);
	return rc;
}

enum place { PLACE_RECORD, PLACE_ARTIFACT, PLACE_FOREIGN };

/* runs/EXPERIMENT/YYYY-MM/DD/HH/ID/run.json is a record; a file of that name below such an ID is something a run brought. */
static enum place place_of(const char *path)
{
	char id[RUN_ID] = "";
	size_t folders = 0, len;

	for (; path[len = strcspn(path, "/")]; path += len + 1, folders++)
		if (folders == 5 && len == sizeof(id) - 1)
			memcpy(id, path, len);
	if (!id_valid(id))
		return PLACE_FOREIGN;
	return folders == 6 ? PLACE_RECORD : PLACE_ARTIFACT;
}

static int note_record(void *context, const char *path, const char *blob_hex)
{
	struct search *search = context;
	struct found *found;

	switch (place_of(path)) {
	case PLACE_ARTIFACT:
		return 0;
	case PLACE_FOREIGN:
		return problem(search->problems, path, "not where a run's record can be", search->err);
	case PLACE_RECORD:
		break;
	}
	if (MEM_GROW(search->item, search->n, search->cap, search->err) < 0)
		return ERR_NOMEM;
	found = &search->item[search->n];
	found->path = mem_text(path);
	if (!found->path)
		return error_nomem(search->err);
	snprintf(found->blob, sizeof(found->blob), "%s", blob_hex);
	search->n++;
	return 0;
}

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

/* The record says by itself where it belongs: one that lies elsewhere was moved or forged. */
static int in_place(const struct run *run, const char *path)
{
	char *folder = strchr(run_experiment(run), '/') ? NULL : id_folder(run_experiment(run), run_id(run));
	size_t len = folder ? strlen(folder) : 0;
	int fits = folder && !strncmp(path, folder, len) && !strcmp(path + len, "/run.json");

	free(folder);
	return fits;
}

struct parsed {
	struct buf text;
	struct run run;
	struct error err;
	int rc;
};

static void parse(struct parsed *parsed, const char *path)
{
	parsed->rc = run_parse(&parsed->run, parsed->text.text, parsed->text.len, path, &parsed->err);
	if (!parsed->rc && !in_place(&parsed->run, path)) {
		run_release(&parsed->run);
		parsed->rc = error_set(&parsed->err, ERR_INPUT, "%s: the record in it belongs elsewhere", path);
	}
	buf_release(&parsed->text);
}

#define BATCH 256 /* records read by one thread, then parsed by all */

static int take_parsed(struct runs *runs, struct parsed *parsed, const char *path, const char *root, struct error *err)
{
	char *folder;
	int rc;

	if (parsed->rc == ERR_INPUT)
		return problem(&runs->problems, path, parsed->err.text, err);
	if (parsed->rc < 0)
		return error_set(err, parsed->rc, "%s", parsed->err.text);
	if (!same_root(&parsed->run, root))
		return 0;
	folder = mem_text_n(path, strlen(path) - strlen("/run.json"));
	rc = folder ? add(runs, &parsed->run, WHERE_GIT, folder, err) : error_nomem(err);
	if (rc < 0)
		free(folder);
	return rc;
}

/* git's objects are read by one thread; parsing, which is most of the time, by all. The order is the tree's. */
static int load_batch(struct runs *runs, struct store *store, const struct found *found, size_t n, const char *root,
		      struct error *err)
{
	struct parsed *parsed = mem_zeroed(n, sizeof(*parsed));
	int rc = parsed ? 0 : error_nomem(err);

	for (size_t i = 0; parsed && i < n; i++)
		parsed[i].text = (struct buf)BUF_INIT;
	for (size_t i = 0; i < n && !rc; i++)
		rc = store_blob(&parsed[i].text, store, found[i].blob, err);
	if (!rc) {
#pragma omp parallel for schedule(dynamic, 16) if (n > 64)
		for (size_t i = 0; i < n; i++)
			parse(&parsed[i], found[i].path);
	}
	for (size_t i = 0; i < n && !rc; i++)
		rc = take_parsed(runs, &parsed[i], found[i].path, root, err);
	for (size_t i = 0; parsed && i < n; i++) {
		buf_release(&parsed[i].text);
		run_release(&parsed[i].run);
	}
	free(parsed);
	return rc;
}

static int load_branch(struct runs *runs, struct store *store, const char *root, struct error *err)
{
	struct search search = {.problems = &runs->problems, .err = err};
	int rc = store_tip(runs->tip, store, err);

	if (rc < 0 || !*runs->tip)
		return rc;
	rc = store_walk(store, runs->tip, "runs", "run.json", note_record, &search, err);
	if (rc == ERR_NOT_FOUND) { /* a branch without runs */
		error_clear(err);
		rc = 0;
	}
	if (!rc && search.n)
		json_object_seed(0); /* before the threads, as jansson asks */
	for (size_t i = 0; i < search.n && !rc; i += BATCH)
		rc = load_batch(runs, store, search.item + i, search.n - i < BATCH ? search.n - i : BATCH, root, err);
	search_release(&search);
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
		rc = problem(&runs->problems, path, why.text, err);
	else if (rc < 0)
		error_set(err, rc, "%s", why.text);
	run_release(&run);
	buf_release(&text);
	free(path);
	return rc;
}

static int load_in_flight(struct runs *runs, struct store *store, const char *root, struct error *err)
{
	char *running = path_join(store_assay_dir(store), "running");
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

/* By id, that is by start; the copy in git before the one in flight. */
static int by_id(const void *a, const void *b)
{
	const struct seen_run *x = a, *y = b;
	int order = strcmp(run_id(&x->run), run_id(&y->run));

	return order ? order : (int)x->where - (int)y->where;
}

static void seen_release(struct seen_run *seen)
{
	run_release(&seen->run);
	free(seen->folder);
}

/* Sorted, each run once: what has landed may still lie in flight for a moment. */
static void settle(struct runs *runs)
{
	size_t n = 0;

	if (runs->n)
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
	int rc = load_in_flight(&runs, store, root, err); /* first: what lands meanwhile is then seen on the branch */

	if (!rc)
		rc = load_branch(&runs, store, root, err);
	if (!rc) {
		settle(&runs);
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

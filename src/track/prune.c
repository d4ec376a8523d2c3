/* Objects kept on this machine alone: which no run needs any more. See prune.h. */
#include "track/prune.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/mem.h"
#include "record/experiment.h"
#include "record/runs.h"
#include "record/runs_read.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY_SECONDS = 86400 };

struct use { /* a run names an object */
	char sha256[SHA256_HEX];
	size_t run; /* in runs */
	const char *path; /* in its record */
};

struct prune {
	struct store *store;
	const struct project *project;
	struct prune_list *list;
	struct runs runs; /* of the branch, sorted by id */
	char *needed; /* [runs.n] 1: its objects stay */
	struct use *use; /* sorted by sha256, then by run */
	size_t uses, uses_cap;
	int by_age; /* old runs' objects go too */
	struct error *err;
};

void prune_list_release(struct prune_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->item[i].file);
		free(list->item[i].run);
		free(list->item[i].path);
	}
	free(list->item);
	*list = (struct prune_list){0};
}

/* A record that cannot be read may name anything: nothing can be said then. */
static int take_record(void *context, const char *path, struct run *run, const char *wrong, struct error *err)
{
	struct prune *prune = context;
	struct runs *runs = &prune->runs;

	if (!run) {
		error_set(err, ERR_INPUT, "%s cannot be read, and what it needs is not known: %s", path, wrong);
		error_hint(err, "`assay verify` says more");
		return ERR_INPUT;
	}
	if (MEM_GROW(runs->item, runs->n, runs->cap, err) < 0)
		return ERR_NOMEM;
	runs->item[runs->n++] = (struct seen_run){.run = *run, .where = WHERE_GIT};
	run->json = NULL;
	return 0;
}

static int take_path(void *context, const char *path, const char *blob_hex)
{
	struct found_list *list = context;

	return record_place(path) == PLACE_RECORD ? found_add(list, path, blob_hex, NULL) : 0;
}

static int load_runs(struct prune *prune)
{
	const struct record_reader reader = {take_record, prune};
	struct found_list list = {0};
	char tip[OID_HEX];
	int rc = store_tip(tip, prune->store, prune->err);

	if (!rc && *tip)
		rc = store_walk(prune->store, tip, "runs", "run.json", take_path, &list, prune->err);
	if (!rc)
		rc = records_read(prune->store, &list, &reader, prune->err);
	found_release(&list);
	if (!rc)
		runs_settle(&prune->runs);
	return rc;
}

static void need(struct prune *prune, const struct seen_run *run)
{
	if (run)
		prune->needed[run - prune->runs.item] = 1;
}

/* The first metric of an experiment decides what is best; its file may be gone or broken. */
static int need_best(struct prune *prune, const char *experiment)
{
	const char *metric = prune->project->metric[0].name;
	struct experiment *loaded = NULL;
	struct error why = {0};
	size_t n;

	if (experiment_name_valid(experiment) && experiment_load(&loaded, prune->project, experiment, &why) == 0)
		metric = experiment_metrics(&n, loaded, prune->project)[0].name;
	need(prune, runs_best(&prune->runs, experiment, metric, NULL));
	need(prune, runs_best(&prune->runs, experiment, metric, "run"));
	experiment_free(loaded);
	return why.code == ERR_NOMEM ? error_nomem(prune->err) : 0;
}

/* Promoted, the best and the latest of each experiment, and those that are young enough. */
static int find_needed(struct prune *prune, double days)
{
	char limit[CLOCK_TEXT];
	int rc = 0;

	prune->needed = mem_zeroed(prune->runs.n, 1);
	if (!prune->needed)
		return error_nomem(prune->err);
	if (prune->by_age)
		clock_text(limit, clock_now() - (time_t)(days * DAY_SECONDS));
	for (size_t i = prune->runs.n; !rc && i-- > 0;) {
		const struct run *run = &prune->runs.item[i].run;
		int newest = 1;

		for (size_t j = i + 1; newest && j < prune->runs.n; j++)
			newest = strcmp(run_experiment(&prune->runs.item[j].run), run_experiment(run)) != 0;
		if (newest) /* seen once an experiment */
			rc = need_best(prune, run_experiment(run));
		if (newest || run_field(run, "tags.promoted") || !prune->by_age ||
		    strcmp(run_text(run, "started"), limit) > 0)
			prune->needed[i] = 1;
	}
	return rc;
}

static int by_object(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int order = strcmp(x->sha256, y->sha256);

	return order ? order : x->run < y->run ? -1 : x->run > y->run;
}

static int find_uses(struct prune *prune)
{
	for (size_t i = 0; i < prune->runs.n; i++) {
		const json_t *artifact;
		size_t k;

		json_array_foreach(run_field(&prune->runs.item[i].run, "artifacts"), k, artifact)
		{
			const char *hex = json_string_value(json_object_get(artifact, "sha256")),
				   *path = json_string_value(json_object_get(artifact, "path"));

			if (!hex || !path)
				continue;
			if (MEM_GROW(prune->use, prune->uses, prune->uses_cap, prune->err) < 0)
				return ERR_NOMEM;
			prune->use[prune->uses] = (struct use){.run = i, .path = path};
			snprintf(prune->use[prune->uses++].sha256, SHA256_HEX, "%s", hex);
		}
	}
	if (prune->uses)
		qsort(prune->use, prune->uses, sizeof(*prune->use), by_object);
	return 0;
}

/* The newest run that names the object; *wanted 1 if one that does needs it. */
static const struct use *last_use(const struct prune *prune, const char *sha256, int *wanted)
{
	const struct use *last = NULL;
	size_t low = 0, high = prune->uses;

	*wanted = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(prune->use[middle].sha256, sha256) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < prune->uses && !strcmp(prune->use[low].sha256, sha256); low++) {
		last = &prune->use[low];
		*wanted |= prune->needed[last->run];
	}
	return last;
}

static int add_object(struct prune *prune, const char *file, unsigned long long bytes, const struct use *use)
{
	struct prune_list *list = prune->list;
	struct prune_object *object;

	if (MEM_GROW(list->item, list->n, list->cap, prune->err) < 0)
		return ERR_NOMEM;
	object = &list->item[list->n++];
	*object = (struct prune_object){.file = mem_text(file), .bytes = bytes};
	if (use) {
		object->run = mem_text(run_id(&prune->runs.item[use->run].run));
		object->path = mem_text(use->path);
	}
	list->bytes += bytes;
	return object->file && (!use || (object->run && object->path)) ? 0 : error_nomem(prune->err);
}

static int judge_object(struct prune *prune, const char *folder, const char *sha256)
{
	char *file = path_join(folder, sha256);
	const struct use *use;
	struct stat st;
	int wanted, young, rc = file ? 0 : error_nomem(prune->err);

	if (rc < 0 || strlen(sha256) != SHA256_HEX - 1 || lstat(file, &st) < 0 || !S_ISREG(st.st_mode))
		goto out;
	use = last_use(prune, sha256, &wanted);
	young = difftime(clock_now(), st.st_ctime) < DAY_SECONDS;
	/* a run in flight may have put it there, or found it there, and its record does not say so yet */
	if (wanted || (young && (!use || prune->list->in_flight)))
		prune->list->kept++;
	else
		rc = add_object(prune, file, (unsigned long long)st.st_size, use);
out:
	free(file);
	return rc;
}

/* 0 and nothing where there is no such folder. */
static int list_folder(struct names *out, const char *path, struct error *err)
{
	return dir_exists(path) ? dir_list(out, path, err) : 0;
}

static int judge_objects(struct prune *prune, const char *spool)
{
	char *objects = path_join(spool, "objects");
	struct names fans = {0};
	int rc = objects ? list_folder(&fans, objects, prune->err) : error_nomem(prune->err);

	for (size_t i = 0; !rc && i < fans.n; i++) {
		char *folder = path_join(objects, fans.name[i]);
		struct names names = {0};

		rc = folder ? list_folder(&names, folder, prune->err) : error_nomem(prune->err);
		for (size_t j = 0; !rc && j < names.n; j++)
			rc = judge_object(prune, folder, names.name[j]);
		names_free(&names);
		free(folder);
	}
	names_free(&fans);
	free(objects);
	return rc;
}

static int count_in_flight(struct prune *prune, const char *spool)
{
	char *running = path_join(spool, "running");
	struct names names = {0};
	int rc = running ? list_folder(&names, running, prune->err) : error_nomem(prune->err);

	for (size_t i = 0; i < names.n; i++)
		prune->list->in_flight += names.name[i][0] != '.';
	names_free(&names);
	free(running);
	return rc;
}

static int by_run(const void *a, const void *b)
{
	const struct prune_object *x = a, *y = b;
	int order = strcmp(x->run ? x->run : "", y->run ? y->run : "");

	return order ? order : strcmp(x->file, y->file);
}

static int not_rewritten(struct prune *prune)
{
	char *note = NULL;
	int rc = store_rewritten(prune->store, &note, prune->err);

	if (rc == 1) {
		rc = error_set(prune->err, ERR_INPUT, "%s: what they need would be taken away", note);
		error_hint(prune->err, "`assay recover` puts the branch back");
	}
	free(note);
	return rc;
}

int track_prune_list(struct prune_list *out, struct store *store, const struct project *project, double days,
		     struct error *err)
{
	struct prune_list list = {0};
	struct prune prune = {.store = store, .project = project, .list = &list, .by_age = !isnan(days), .err = err};
	struct names spools = {0};
	int rc = not_rewritten(&prune);

	if (!rc)
		rc = store_spools(&spools, store, err);
	for (size_t i = 0; !rc && i < spools.n; i++)
		rc = count_in_flight(&prune, spools.name[i]);
	if (!rc)
		rc = load_runs(&prune);
	if (!rc)
		rc = find_needed(&prune, days);
	if (!rc)
		rc = find_uses(&prune);
	for (size_t i = 0; !rc && i < spools.n; i++)
		rc = judge_objects(&prune, spools.name[i]);
	if (!rc && list.n)
		qsort(list.item, list.n, sizeof(*list.item), by_run);
	names_free(&spools);
	free(prune.use);
	free(prune.needed);
	runs_free(&prune.runs);
	if (rc < 0)
		prune_list_release(&list);
	else
		*out = list;
	return rc;
}

int track_prune(const struct prune_list *list, struct error *err)
{
	for (size_t i = 0; i < list->n; i++)
		if (unlink(list->item[i].file) < 0 && errno != ENOENT)
			return error_errno(err, "cannot remove %s", list->item[i].file);
	return 0;
}

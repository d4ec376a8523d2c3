/*
 * What the picking of an experiment came to, kept in GIT_COMMON_DIR/assay/cache/picked/ by all that it was computed from: one
 * small file an experiment and metric, written anew when a run has come. Derived: lost or damaged, it is computed again.
 */
#include "judge/picked_work.h"

#include "base/hash.h"
#include "base/mem.h"
#include "format/json.h"
#include "record/repetition.h"
#include "store/ancestry.h"

#include <math.h>

#define FORM "picked 3" /* another number for another method or form: what lies there is then made anew */

static void add_text(struct hash *hash, const char *text)
{
	hash_add(hash, text, strlen(text) + 1);
}

enum found { IN_FLIGHT, NO_PREDICTIONS, PREDICTIONS };

/*
 * Add what the figure of a run is computed from: its name, for a record never changes, its value, and its predictions by their
 * blob. How much of it is in git, or an error.
 */
static int add_single(struct hash *hash, const struct picked *p, const struct picking *picking,
		      const struct seen_run *seen, struct error *err)
{
	char blob[OID_HEX] = "", *path;
	double value = 0;
	int rc;

	if (!seen->folder)
		return IN_FLIGHT;
	path = path_join(seen->folder, "predictions.csv");
	rc = path ? store_blob_at(blob, picking->store, picking->runs->tip, path, err) : error_nomem(err);
	free(path);
	if (rc < 0 && rc != ERR_NOT_FOUND)
		return rc;
	error_clear(err);
	run_metric(&value, &seen->run, p->metric->name);
	add_text(hash, run_id(&seen->run));
	hash_add(hash, &value, sizeof(value));
	add_text(hash, blob);
	return *blob ? PREDICTIONS : NO_PREDICTIONS;
}

/* The same with the children of a parent, which has no predictions of its own. */
static int add_run(struct hash *hash, const struct picked *p, const struct picking *picking,
		   const struct seen_run *seen, struct error *err)
{
	size_t children = json_array_size(run_field(&seen->run, "children"));
	int found = add_single(hash, p, picking, seen, err);

	for (size_t i = 0; i < children && found > IN_FLIGHT; i++) {
		const struct seen_run *child = runs_child(picking->runs, &seen->run, i);
		int its = child ? add_single(hash, p, picking, child, err) : NO_PREDICTIONS;

		found = its <= IN_FLIGHT || its > found ? its : found;
	}
	return found;
}

/* What the sums below begin with. */
static struct hash *begin(const struct picked *p)
{
	struct hash *hash = hash_new();

	if (!hash)
		return NULL;
	add_text(hash, FORM " " ASSAY_VERSION);
	add_text(hash, p->metric->name);
	add_text(hash, p->metric->lower ? "lower" : "higher");
	return hash;
}

/* 1 with the sum over all that the figures come from; 0: some run is in flight, or the best has no predictions. */
static int sum_of(char key[SHA256_HEX], const struct picked *p, const struct picking *picking, struct error *err)
{
	struct hash *hash = begin(p);
	int rc = PREDICTIONS;

	if (!hash)
		return error_nomem(err);
	for (size_t i = 0; i < p->n && rc > IN_FLIGHT; i++) {
		rc = add_run(hash, p, picking, p->run[i].run, err);
		if (i == 0 && rc == NO_PREDICTIONS)
			rc = IN_FLIGHT; /* as good as: nothing to be computed */
	}
	hash_end(hash, key);
	return rc < 0 ? rc : rc > IN_FLIGHT;
}

/*
 * 1 with a sum that one look-up gives: over the tree of the experiment's folder, which names all its predictions, and the
 * candidates. It changes too where a run comes that is no candidate; then sum_of() tells. 0: some candidate is in flight.
 */
static int quick_sum(char key[SHA256_HEX], const struct picked *p, const struct picking *picking, struct error *err)
{
	char tree[OID_HEX] = "", *path;
	struct hash *hash;
	int rc;

	for (size_t i = 0; i < p->n; i++)
		if (!p->run[i].run->folder)
			return 0;
	path = path_join("runs", picking->experiment->name);
	hash = begin(p);
	rc = path && hash ? store_tree_at(tree, picking->store, picking->runs->tip, path, err) : error_nomem(err);
	free(path);
	if (rc == ERR_NOT_FOUND) {
		error_clear(err);
		rc = 0;
	} else if (rc == 0) {
		add_text(hash, tree);
		for (size_t i = 0; i < p->n; i++)
			add_text(hash, run_id(&p->run[i].run->run));
		rc = 1;
	}
	hash_end(hash, key);
	return rc;
}

static char *place_of(const struct picked *p, const struct picking *picking)
{
	char *name = mem_printf("%s\n%s\n%s", picking->project->below, picking->experiment->name, p->metric->name);
	char sum[SHA256_HEX], *path = NULL;
	struct error none = {0};

	if (name && sha256(sum, name, strlen(name), &none) == 0)
		path = mem_printf("%s/cache/picked/%.16s.json", store_assay_dir(picking->store), sum);
	free(name);
	return path;
}

static int number_at(double *out, const json_t *list, size_t i)
{
	return json_number(out, json_array_get(list, i)) && isfinite(*out);
}

/* A run by its id and places; 0 if it is not what we wrote. */
static int take_run(struct picked_run *out, const struct runs *runs, const json_t *entry, const char *metric)
{
	double first, last;

	out->run = runs_by_id(runs, json_string_value(json_array_get(entry, 0)));
	if (!out->run || !number_at(&first, entry, 1) || !number_at(&last, entry, 2) || first < 1 || last < first ||
	    !run_metric(&out->value, &out->run->run, metric))
		return 0;
	out->first = (size_t)first;
	out->last = (size_t)last;
	return 1;
}

/* 1 if the text holds figures by this key, called name there, and they are in *out then; else *out is as it was. */
static int take(struct picked *out, const json_t *json, const char *name, const char *key, const struct runs *runs)
{
	const json_t *figures = json_object_get(json, "figures"), *list = json_object_get(json, "runs");
	const char *its_key = json_string_value(json_object_get(json, name));
	double *const into[] = {&out->plain, &out->plain_low, &out->plain_high, &out->value, &out->low, &out->high};
	double read[sizeof(into) / sizeof(*into)];
	size_t n = json_array_size(list), could = 0;
	struct picked_run *run;

	if (!its_key || strcmp(its_key, key) != 0 || n < 2 || n > out->n)
		return 0;
	for (size_t i = 0; i < sizeof(into) / sizeof(*into); i++)
		if (!number_at(&read[i], figures, i))
			return 0;
	run = mem_array(n, sizeof(*run));
	for (size_t i = 0; run && i < n; i++) {
		if (!take_run(&run[i], runs, json_array_get(list, i), out->metric->name)) {
			free(run);
			return 0;
		}
		could += run[i].first == 1;
	}
	if (!run)
		return 0; /* then the memory is missed again, and said, where the figures are computed */
	for (size_t i = 0; i < sizeof(into) / sizeof(*into); i++)
		*into[i] = read[i];
	free(out->run);
	out->run = run;
	out->left_out = out->n - n;
	out->m -= out->left_out;
	out->n = n;
	out->could = could;
	out->corrected = 1;
	return 1;
}

/* What the cache has for this experiment; NULL where that is nothing that can be read. */
static json_t *read_kept(const struct picked *p, const struct picking *picking)
{
	char *path = place_of(p, picking);
	struct buf text = BUF_INIT;
	struct error none = {0};
	json_t *json = NULL;

	if (path && file_read(&text, path, &none) == 0 && json_parse(&json, text.text, text.len, path, &none) < 0)
		json = NULL;
	buf_release(&text);
	free(path);
	return json;
}

int picked_recall(struct picked *out, struct picked_keys *keys, const struct picking *picking, struct error *err)
{
	int rc = quick_sum(keys->tree, out, picking, err);
	json_t *json;

	if (rc <= 0)
		return rc < 0 ? rc : PICKED_NOT;
	json = read_kept(out, picking);
	if (take(out, json, "tree", keys->tree, picking->runs)) {
		rc = PICKED_AS_IT_IS;
	} else {
		rc = sum_of(keys->runs, out, picking, err);
		if (rc == 0)
			*keys->runs = '\0';
		else if (rc > 0)
			rc = take(out, json, "key", keys->runs, picking->runs) ? PICKED_ANEW : PICKED_NOT;
	}
	json_decref(json);
	return rc;
}

static json_t *runs_json(const struct picked *p)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < p->n; i++) {
		const struct picked_run *run = &p->run[i];

		if (json_array_append_new(list, json_pack("[s, I, I]", run_id(&run->run->run), (json_int_t)run->first,
							  (json_int_t)run->last)) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

int picked_remember(const struct picked *p, const struct picked_keys *keys, const struct picking *picking,
		    struct error *err)
{
	struct buf text = BUF_INIT;
	struct error none = {0};
	json_t *json;
	char *path, *folder;
	int rc = 0;

	if (!p->corrected || !*keys->runs)
		return 0;
	json = json_pack("{s:s, s:s, s:[f,f,f,f,f,f], s:o}", "tree", keys->tree, "key", keys->runs, "figures", p->plain,
			 p->plain_low, p->plain_high, p->value, p->low, p->high, "runs", runs_json(p));
	path = place_of(p, picking);
	folder = path_join(store_assay_dir(picking->store), "cache/picked");
	if (json)
		json_write(&text, json);
	if (!json || !path || !folder)
		rc = error_nomem(err);
	else
		rc = buf_check(&text, err);
	if (rc == 0 && dir_make(folder, &none) == 0 && file_write(path, text.text, text.len, &none) < 0)
		error_clear(&none); /* a full or read-only disk: it is computed again next time */
	json_decref(json);
	free(path);
	free(folder);
	buf_release(&text);
	return rc;
}

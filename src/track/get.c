/* Which files of a run there are, which of them are wanted, and from where each comes. Writing is get_write.c's. */
#include "track/get.h"
#include "track/get_write.h"
#include "base/mem.h"

#include <fnmatch.h>

struct wanted {
	struct get_file *item;
	size_t n, cap;
	const char *folder; /* on the branch */
	struct error *err;
};

void get_report_release(struct get_report *report)
{
	names_free(&report->problems);
	*report = (struct get_report){0};
}

static int add(struct wanted *wanted, const char *path, const char *in_git)
{
	struct get_file *file;

	if (MEM_GROW(wanted->item, wanted->n, wanted->cap, wanted->err) < 0)
		return ERR_NOMEM;
	file = &wanted->item[wanted->n++];
	*file = (struct get_file){.path = strncmp(path, "lfs/", 4) ? mem_text(path)
								   : mem_printf("artifacts/%s", path + 4),
				  .in_git = mem_text(in_git)};
	return file->path && (file->in_git || !in_git) ? 0 : error_nomem(wanted->err);
}

static int take_file(void *context, const char *path, const char *blob_hex)
{
	struct wanted *wanted = context;

	(void)blob_hex;
	return add(wanted, path + strlen(wanted->folder) + 1, path);
}

/* What the record says of a file: its sha256 and where it is. One that is on a machine alone is on no branch. */
static int take_artifact(struct wanted *wanted, const json_t *artifact)
{
	const char *path = json_string_value(json_object_get(artifact, "path")),
		   *where = json_string_value(json_object_get(artifact, "where")),
		   *hex = json_string_value(json_object_get(artifact, "sha256"));
	int lfs = path && !strncmp(path, "lfs/", 4);
	struct get_file *file = NULL;

	if (!path || !where || !hex)
		return 0;
	for (size_t i = 0; i < wanted->n && !file; i++) {
		const char *name = wanted->item[i].in_git ? wanted->item[i].in_git + strlen(wanted->folder) + 1 : "";

		if (!strcmp(name, path))
			file = &wanted->item[i];
	}
	if (!file) {
		if (strcmp(where, "local") != 0) /* verify tells of those */
			return 0;
		if (add(wanted, path, NULL) < 0)
			return ERR_NOMEM;
		file = &wanted->item[wanted->n - 1];
	}
	snprintf(file->sha256, sizeof(file->sha256), "%s", hex);
	if (!file->in_git)
		file->from = strncmp(path, "artifacts/", 10) ? GET_OUTSIDE : GET_LOCAL;
	else
		file->from = lfs && !strcmp(where, "lfs") ? GET_LFS : GET_GIT;
	return 0;
}

static int collect(struct wanted *wanted, struct store *store, const char *tip, const struct seen_run *seen)
{
	const json_t *artifact;
	size_t i;
	int rc = store_walk(store, tip, wanted->folder, NULL, take_file, wanted, wanted->err);

	json_array_foreach(run_field(&seen->run, "artifacts"), i, artifact) if (rc == 0)
		rc = take_artifact(wanted, artifact);
	return rc;
}

/* A path names a file, a folder or a pattern; what went to LFS by the name that it had, too. */
static int fits(const struct get_file *file, const char *path)
{
	const char *bare = file->in_git && strstr(file->in_git, "/lfs/") && !strncmp(path, "lfs/", 4) ? path + 4 : NULL;
	size_t len = strlen(path);

	if (bare)
		return !strcmp(file->path + strlen("artifacts/"), bare) ||
		       !fnmatch(bare, file->path + strlen("artifacts/"), FNM_PERIOD);
	while (len && path[len - 1] == '/')
		len--;
	if (!strncmp(file->path, path, len) && (file->path[len] == '/' || (!file->path[len] && !path[len])))
		return 1;
	return !fnmatch(path, file->path, FNM_PERIOD);
}

static int choose(struct wanted *wanted, char *const *path, const struct run *run)
{
	for (; path && *path; path++) {
		size_t hits = 0;

		for (size_t i = 0; i < wanted->n; i++)
			if (fits(&wanted->item[i], *path)) {
				wanted->item[i].chosen = 1;
				hits++;
			}
		if (!hits) {
			error_set(wanted->err, ERR_INPUT, "%s has no file '%s'", run_id(run), *path);
			error_hint(wanted->err, "`assay show %.7s` lists its files", id_handle(run_id(run)));
			return ERR_INPUT;
		}
	}
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct get_file *)a)->path, ((const struct get_file *)b)->path);
}

int track_get(struct get_report *out, struct store *store, const char *tip, const struct seen_run *seen,
	      const struct get_options *options, struct error *err)
{
	struct wanted wanted = {.folder = seen->folder, .err = err};
	struct get_report report = {0};
	int all = !options->path || !options->path[0], fd = -1, rc;

	if (seen->where != WHERE_GIT || !seen->folder) {
		rc = error_set(err, ERR_INPUT, "%s is not in git yet", run_id(&seen->run));
		error_hint(err, "its files are in %s/running until it is", store_assay_dir(store));
		return rc;
	}
	rc = collect(&wanted, store, tip, seen);
	if (!rc)
		rc = choose(&wanted, options->path, &seen->run);
	if (!rc && wanted.n)
		qsort(wanted.item, wanted.n, sizeof(*wanted.item), by_path);
	if (!rc)
		rc = get_open_folder(&fd, options->into, err);
	for (size_t i = 0; !rc && i < wanted.n; i++)
		if (wanted.item[i].chosen || (all && wanted.item[i].from != GET_OUTSIDE))
			rc = get_write(&report, fd, store, tip, &wanted.item[i], options->force, err);
	get_close_folder(fd);
	for (size_t i = 0; i < wanted.n; i++) {
		free(wanted.item[i].path);
		free(wanted.item[i].in_git);
	}
	free(wanted.item);
	if (rc < 0)
		get_report_release(&report);
	else
		*out = report;
	return rc;
}

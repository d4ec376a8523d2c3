#include "track/data_file_work.h"

#include "base/mem.h"
#include "format/json.h"
#include "track/data_cache.h"
#include "track/record_parts.h"

#include <strings.h>

int data_file_append(struct run *run, const struct project *project, const char *path,
		     const struct data_content *content, struct error *err)
{
	json_t *file = json_object(), *files = (json_t *)(size_t)run_field(run, "data.files");
	int outside = 0, rc = file ? 0 : error_nomem(err);
	char *recorded = project_path(&outside, project, path);

	if (!rc)
		rc = recorded ? json_set(file, "path", record_text(recorded), err) : error_nomem(err);
	if (!rc && outside)
		rc = json_set(file, "outside", json_true(), err);
	if (!rc)
		rc = json_set_text(file, "sha256", content->sha256, err);
	if (!rc)
		rc = json_set_number(file, "bytes", (double)content->bytes, err);
	if (!rc && content->has_shape)
		rc = json_set_number(file, "rows", (double)content->rows, err);
	if (!rc && content->has_shape)
		rc = json_set_number(file, "columns", (double)content->columns, err);
	if (!rc && !json_is_array(files)) {
		files = json_array();
		rc = run_set(run, "data.files", files, err);
	}
	if (!rc && json_array_append(files, file) < 0)
		rc = error_nomem(err);
	json_decref(file);
	free(recorded);
	return rc;
}

static int is_csv(const char *path)
{
	static const char *const ends[] = {".csv", ".tsv", ".txt"};
	size_t len = strlen(path);

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (len > 4 && !strcasecmp(path + len - 4, ends[i]))
			return 1;
	return 0;
}

/* A folder on its way to one hash: what sha256sum would print of its files, sorted by name, hashed. */
struct folder {
	struct data_cache *cache;
	const char *top;
	struct hash *hash;
	struct data_content *out;
	size_t links; /* to folders: not followed */
	struct error *err;
};

static int add_below(struct folder *folder, const char *below);

static int add_entry(struct folder *folder, const char *below)
{
	char *path = path_join(folder->top, below);
	struct data_content content;
	struct stat st, target;
	int rc = path ? 0 : error_nomem(folder->err);

	if (!rc && lstat(path, &st) < 0)
		rc = error_errno(folder->err, "cannot look at %s", path);
	if (!rc && S_ISLNK(st.st_mode) && !stat(path, &target) && S_ISDIR(target.st_mode)) {
		folder->links++;
	} else if (!rc && S_ISDIR(st.st_mode)) {
		rc = strcmp(path_base(below), ".git") != 0 ? add_below(folder, below) : 0;
	} else if (!rc) {
		rc = data_cache_read(&content, folder->cache, path, 0, folder->err);
		if (!rc) {
			hash_add(folder->hash, content.sha256, strlen(content.sha256));
			hash_add(folder->hash, "  ", 2);
			hash_add(folder->hash, below, strlen(below));
			hash_add(folder->hash, "\n", 1);
			folder->out->bytes += content.bytes;
		}
	}
	free(path);
	return rc;
}

static int add_below(struct folder *folder, const char *below)
{
	char *path = path_join(folder->top, below);
	struct names names = {0};
	int rc = path ? dir_list(&names, path, folder->err) : error_nomem(folder->err);

	for (size_t i = 0; i < names.n && !rc; i++) {
		char *inner = *below ? path_join(below, names.name[i]) : mem_text(names.name[i]);

		rc = inner ? add_entry(folder, inner) : error_nomem(folder->err);
		free(inner);
	}
	names_free(&names);
	free(path);
	return rc;
}

static int read_folder(struct data_content *out, struct run *run, struct data_cache *cache, const char *path,
		       const char *shown, struct error *err)
{
	struct folder folder = {.cache = cache, .top = path, .hash = hash_new(), .out = out, .err = err};
	int rc = folder.hash ? 0 : error_nomem(err);

	*out = (struct data_content){0};
	if (!rc)
		rc = add_below(&folder, "");
	hash_end(folder.hash, rc ? NULL : out->sha256);
	if (!rc && folder.links)
		rc = run_note(run, err, "Links to folders in the data folder %s are not followed: %zu", shown,
			      folder.links);
	return rc;
}

int data_file_record(struct run *run, const struct store *store, const struct project *project, const char *path,
		     struct error *err)
{
	size_t len = strlen(path);
	struct data_cache *cache = NULL;
	struct data_content content;
	json_t *shown = NULL;
	char *plain;
	int rc;

	while (len > 1 && path[len - 1] == '/')
		len--;
	plain = mem_text_n(path, len);
	rc = plain ? data_cache_open(&cache, store, err) : error_nomem(err);
	shown = plain ? record_text(path_base(plain)) : NULL;
	if (!rc && !shown)
		rc = error_nomem(err);
	if (rc < 0)
		goto out;
	rc = dir_exists(plain) ? read_folder(&content, run, cache, plain, json_string_value(shown), err)
			       : data_cache_read(&content, cache, plain, is_csv(plain), err);
	if (!rc)
		rc = data_file_append(run, project, plain, &content, err);
	if (!rc && content.is_pointer)
		rc = run_note(run, err, "%s holds a Git LFS pointer, not its content: what is recorded is the pointer",
			      json_string_value(shown));
out:
	json_decref(shown);
	data_cache_close(cache);
	free(plain);
	return rc;
}

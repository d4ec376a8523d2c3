/* Records against their schema and place; the files that they name, by sha256, wherever they are. */
#include "track/verify_work.h"
#include "base/hash.h"
#include "base/mem.h"
#include "record/runs_read.h"
#include "track/artifact.h"
#include "track/data_read.h"

static int take_file(void *context, const char *path, const char *blob_hex)
{
	struct verify *verify = context;
	struct verify_file *file;

	if (MEM_GROW(verify->file, verify->files, verify->files_cap, verify->err) < 0)
		return ERR_NOMEM;
	file = &verify->file[verify->files];
	*file = (struct verify_file){.path = mem_text(path)};
	if (!file->path)
		return error_nomem(verify->err);
	snprintf(file->blob, sizeof(file->blob), "%s", blob_hex);
	verify->files++;
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct verify_file *)a)->path, ((const struct verify_file *)b)->path);
}

struct verify_file *verify_find(const struct verify *verify, const char *path)
{
	const struct verify_file key = {.path = (char *)(size_t)path};

	return verify->files ? bsearch(&key, verify->file, verify->files, sizeof(key), by_path) : NULL;
}

int verify_split_path(char id[RUN_ID], const char **file, const char *path)
{
	const char *at = path;

	for (int i = 0; i < 5; i++) {
		at = strchr(at, '/');
		if (!at)
			return 0;
		at++;
	}
	*file = strchr(at, '/');
	if (strncmp(path, "runs/", 5) != 0 || !*file || *file - at != RUN_ID - 1)
		return 0;
	memcpy(id, at, RUN_ID - 1);
	id[RUN_ID - 1] = '\0';
	(*file)++;
	return id_valid(id);
}

struct claim { /* what a record says of a file */
	const char *id, *path, *sha256, *where;
	long long bytes;
};

static int compare(struct verify *verify, const struct claim *claim, const char *hex, unsigned long long bytes)
{
	if (!strcmp(hex, claim->sha256) && (claim->bytes < 0 || (unsigned long long)claim->bytes == bytes))
		return 0;
	return verify_problem(verify, claim->id, NULL, NULL,
			      "%s is not the file that the record names: its sha256 is %.12s, "
			      "not %.12s",
			      claim->path, hex, claim->sha256);
}

/* A file of another place than git: where it is not on this machine nothing is wrong with it. */
static int check_object(struct verify *verify, const struct claim *claim, enum artifact_where where)
{
	struct data_content content;
	struct stat st;
	int settled;
	struct error said = {0};
	char *path = artifact_file(verify->store, where, claim->sha256, &said);
	int rc;

	if (!path && said.code != ERR_NOT_FOUND)
		return error_set(verify->err, said.code, "%s", said.text);
	if (!path) {
		verify->report->elsewhere++;
		return 0;
	}
	rc = data_read(&content, &st, &settled, path, 0, &said);
	if (rc == ERR_NOMEM)
		error_say_nomem(verify->err);
	else if (rc < 0)
		rc = verify_problem(verify, claim->id, NULL, NULL, "%s: %s", claim->path, said.text);
	else
		rc = compare(verify, claim, content.sha256, content.bytes);
	free(path);
	return rc;
}

/* The pointer of LFS that stands for it: its sha256 and size are in its text. */
static int check_pointer(struct verify *verify, const struct claim *claim, const char *text)
{
	const char *oid = strstr(text, "oid sha256:");

	if (strncmp(text, "version https://git-lfs.github.com/spec/v1\n", 43) != 0 || !oid ||
	    strncmp(oid + 11, claim->sha256, SHA256_HEX - 1) != 0)
		return verify_problem(verify, claim->id, NULL, NULL,
				      "%s is no LFS pointer to the file that the record names", claim->path);
	return check_object(verify, claim, ARTIFACT_LFS);
}

static int check_in_git(struct verify *verify, const struct claim *claim, const char *folder)
{
	char *path = path_join(folder, claim->path), hex[SHA256_HEX];
	struct verify_file *file = path ? verify_find(verify, path) : NULL;
	struct buf bytes = BUF_INIT;
	struct error said = {0};
	int rc = path ? 0 : error_nomem(verify->err);

	if (!rc && !file) {
		rc = verify_problem(verify, claim->id, NULL, NULL, "%s is named by the record and not on the branch",
				    claim->path);
		goto out;
	}
	if (rc < 0)
		goto out;
	file->named = 1;
	rc = store_blob(&bytes, verify->store, file->blob, &said);
	if (rc == ERR_NOT_FOUND || rc == ERR_MACHINE) {
		rc = verify_problem(verify, claim->id, NULL, NULL, "%s: %s", claim->path, said.text);
		goto out;
	}
	if (!rc && !strcmp(claim->where, "lfs"))
		rc = check_pointer(verify, claim, bytes.text);
	else if (!rc) {
		rc = sha256(hex, bytes.text, bytes.len, verify->err);
		if (!rc)
			rc = compare(verify, claim, hex, bytes.len);
	}
out:
	buf_release(&bytes);
	free(path);
	return rc;
}

static int check_artifacts(struct verify *verify, const struct run *run, const char *folder)
{
	const json_t *item;
	size_t i;
	int rc = 0;

	json_array_foreach(run_field(run, "artifacts"), i, item)
	{
		const json_t *bytes = json_object_get(item, "bytes");
		struct claim claim = {.id = run_id(run),
				      .path = json_string_value(json_object_get(item, "path")),
				      .sha256 = json_string_value(json_object_get(item, "sha256")),
				      .where = json_string_value(json_object_get(item, "where")),
				      .bytes = json_is_integer(bytes) ? json_integer_value(bytes) : -1};

		if (!claim.path || !claim.sha256 || !claim.where)
			rc = verify_problem(verify, claim.id, NULL, NULL, "artifact %zu has no path, sha256 or place",
					    i);
		else if (!strcmp(claim.where, "local"))
			rc = check_object(verify, &claim, ARTIFACT_LOCAL);
		else
			rc = check_in_git(verify, &claim, folder);
		verify->report->artifacts++;
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int keep_run(struct verify *verify, const struct run *run)
{
	const char *snapshot = run_text(run, "code.snapshot");
	struct verify_run *kept;

	if (MEM_GROW(verify->run, verify->runs, verify->runs_cap, verify->err) < 0)
		return ERR_NOMEM;
	kept = &verify->run[verify->runs++];
	*kept = (struct verify_run){0};
	snprintf(kept->id, sizeof(kept->id), "%s", run_id(run));
	snprintf(kept->code, sizeof(kept->code), "%s", *snapshot ? snapshot : run_text(run, "code.commit"));
	return 0;
}

static int take_record(void *context, const char *path, struct run *run, const char *wrong, struct error *err)
{
	struct verify *verify = context;
	struct verify_file *file = verify_find(verify, path);
	char id[RUN_ID] = "", *folder;
	const char *name;
	int rc;

	if (file)
		file->named = 1;
	verify_step(verify, "records");
	if (!run)
		return verify_problem(verify, verify_split_path(id, &name, path) ? id : NULL, NULL, NULL, "%s", wrong);
	verify->report->runs++;
	folder = mem_text_n(path, strlen(path) - strlen("/run.json"));
	if (!folder)
		return error_nomem(err);
	rc = keep_run(verify, run);
	if (!rc)
		rc = check_artifacts(verify, run, folder);
	free(folder);
	return rc;
}

/* What no record speaks of: in a run's folder it was put there; elsewhere it is none of our business. */
static int check_strays(struct verify *verify)
{
	size_t foreign = 0;
	char id[RUN_ID];
	const char *name;
	int rc = 0;

	for (size_t i = 0; !rc && i < verify->files; i++) {
		const struct verify_file *file = &verify->file[i];

		if (file->named || !strcmp(file->path, ".gitattributes"))
			continue;
		if (verify_split_path(id, &name, file->path))
			rc = verify_problem(verify, id, NULL, NULL,
					    "%s is in its folder, and the record does not name it", name);
		else
			foreign++;
	}
	if (!rc && foreign)
		rc = verify_note(verify, "%zu %s on the branch that %s no run's", foreign,
				 foreign == 1 ? "file" : "files", foreign == 1 ? "is" : "are");
	return rc;
}

int verify_files(struct verify *verify)
{
	struct found_list list = {0};
	const struct record_reader reader = {take_record, verify};
	int rc = store_walk(verify->store, verify->tip, "", NULL, take_file, verify, verify->err);

	if (!rc && verify->files)
		qsort(verify->file, verify->files, sizeof(*verify->file), by_path);
	for (size_t i = 0; !rc && i < verify->files; i++) {
		const struct verify_file *file = &verify->file[i];
		size_t len = strlen(file->path);

		if (len > 9 && !strcmp(file->path + len - 9, "/run.json") && record_place(file->path) == PLACE_RECORD)
			rc = found_add(&list, file->path, file->blob, verify->err);
	}
	verify->total = (double)list.n;
	if (!rc)
		rc = records_read(verify->store, &list, &reader, verify->err);
	found_release(&list);
	return rc < 0 ? rc : check_strays(verify);
}

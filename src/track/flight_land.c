/*
 * From final/ folders to commits: hand all to store in one call, and only then take them away. The record alone is read
 * here; store takes the other files from where they are, however large.
 */
#include "track/flight_folder.h"
#include "base/mem.h"

#include <sys/stat.h>

struct cargo { /* one run */
	struct run run;
	struct buf message, record;
	char *folder; /* on the branch */
	struct names path; /* of its files, below final/ */
	struct names full; /* [path.n] the same, as they can be opened */
	struct store_file *file; /* [path.n] */
};

static void cargo_release(struct cargo *cargo)
{
	free(cargo->file);
	free(cargo->folder);
	names_free(&cargo->path);
	names_free(&cargo->full);
	buf_release(&cargo->record);
	buf_release(&cargo->message);
	run_release(&cargo->run);
}

/* Paths of all files below base/below, sorted within each folder. */
static int list_files(struct names *out, const char *base, const char *below, struct error *err)
{
	char *folder = path_join(base, below);
	struct names names = {0};
	int rc = folder ? dir_list(&names, folder, err) : error_nomem(err);

	for (size_t i = 0; !rc && i < names.n; i++) {
		char *path = path_join(below, names.name[i]), *full = path ? path_join(base, path) : NULL;
		struct stat st;

		if (!full)
			rc = error_nomem(err);
		else if (lstat(full, &st) < 0)
			rc = error_errno(err, "cannot read %s", full);
		else if (S_ISDIR(st.st_mode))
			rc = list_files(out, base, path, err);
		else if (S_ISREG(st.st_mode))
			rc = names_add(out, path, err);
		free(path);
		free(full);
	}
	names_free(&names);
	free(folder);
	return rc;
}

static int find_files(struct cargo *cargo, const char *final, struct error *err)
{
	int rc = list_files(&cargo->path, final, "", err);

	if (rc < 0)
		return rc;
	cargo->file = mem_array(cargo->path.n, sizeof(*cargo->file));
	if (!cargo->file)
		return error_nomem(err);
	for (size_t i = 0; !rc && i < cargo->path.n; i++) {
		char *full = path_join(final, cargo->path.name[i]);

		rc = full ? names_add(&cargo->full, full, err) : error_nomem(err);
		free(full);
		if (!rc)
			cargo->file[i] = (struct store_file){.path = cargo->path.name[i], .from = cargo->full.name[i]};
	}
	return rc;
}

/* The record among the files: where the run belongs on the branch. What is committed is what was read here. */
static int read_record(struct cargo *cargo, const struct flight_place *place, struct error *err)
{
	for (size_t i = 0; i < cargo->path.n; i++) {
		int rc;

		if (strcmp(cargo->path.name[i], "run.json") != 0)
			continue;
		rc = file_read(&cargo->record, cargo->full.name[i], err);
		if (!rc)
			rc = run_parse(&cargo->run, cargo->record.text, cargo->record.len, place->folder, err);
		if (rc < 0)
			return rc;
		cargo->file[i] = (struct store_file){
			.path = "run.json", .bytes = cargo->record.text, .len = cargo->record.len};
		if (strcmp(run_id(&cargo->run), place->id) != 0)
			return error_set(err, ERR_INPUT, "%s holds the record of another run", place->folder);
		cargo->folder = id_folder(run_experiment(&cargo->run), place->id);
		return cargo->folder ? 0 : error_nomem(err);
	}
	return error_set(err, ERR_NOT_FOUND, "%s/final has no run.json", place->folder);
}

static int cargo_read(struct cargo *cargo, const struct flight_place *place, struct error *err)
{
	char *final = path_join(place->folder, "final"), *message = path_join(place->folder, "message");
	int rc = final && message ? find_files(cargo, final, err) : error_nomem(err);

	if (!rc)
		rc = read_record(cargo, place, err);
	if (!rc)
		rc = file_read(&cargo->message, message, err);
	free(final);
	free(message);
	return rc;
}

static struct store_run store_run_of(const struct cargo *cargo)
{
	const char *snapshot = run_text(&cargo->run, "code.snapshot");

	return (struct store_run){.folder = cargo->folder,
				  .file = cargo->file,
				  .files = cargo->path.n,
				  .message = cargo->message.text,
				  .code = *snapshot ? snapshot : run_text(&cargo->run, "code.commit")};
}

void flight_clear(const char *folder)
{
	struct error ignored = {0};

	if (dir_remove(folder, &ignored) < 0)
		error_clear(&ignored);
}

void flight_remove(const char *folder)
{
	const char *id = path_base(folder);
	char *gone = mem_printf("%.*s" FLIGHT_GONE "%s", (int)(id - folder), folder, id);

	if (gone && rename(folder, gone) == 0)
		flight_clear(gone);
	free(gone);
}

int flight_commit(struct store *store, struct flight_place *place, size_t n, char **why, struct error *err)
{
	struct cargo *cargo = mem_zeroed(n, sizeof(*cargo));
	struct store_run *run = mem_zeroed(n, sizeof(*run));
	struct error said = {0};
	size_t runs = 0;
	int rc = cargo && run ? 0 : error_nomem(err);

	for (size_t i = 0; cargo && i < n; i++)
		cargo[i] = (struct cargo){.message = BUF_INIT, .record = BUF_INIT};
	for (size_t i = 0; !rc && i < n; i++) {
		struct error missing = {0};

		rc = cargo_read(&cargo[i], &place[i], &missing);
		place[i].gone = rc == ERR_NOT_FOUND && !file_exists(place[i].folder);
		if (!rc)
			run[runs++] = store_run_of(&cargo[i]);
		else if (place[i].gone)
			rc = 0;
		else
			rc = error_set(err, rc, "%s", missing.text);
	}
	if (!rc)
		rc = store_commit_runs(store, run, runs, why, &said);
	if (rc == ERR_MOVED) { /* busy, or a lock that somebody left: the runs are safe where they are */
		*why = mem_text(said.text);
		rc = *why ? 1 : error_nomem(err);
	} else if (rc < 0) {
		error_set(err, rc, "%s", said.text);
		error_hint(err, "%s", said.hint);
	}
	for (size_t i = 0, k = 0; !rc && i < n; i++) {
		if (place[i].gone)
			continue;
		memcpy(place[i].commit, run[k++].commit, OID_HEX);
		flight_remove(place[i].folder);
	}
	for (size_t i = 0; cargo && i < n; i++)
		cargo_release(&cargo[i]);
	free(cargo);
	free(run);
	return rc;
}

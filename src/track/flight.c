/*
 * A run between its start and its commit is a folder that appears complete, by a rename, and whose final/ appears
 * complete, by another. Whatever is killed in between leaves a run as it was before, or a name that is no run.
 */
#include "track/flight_folder.h"
#include "base/mem.h"
#include "store/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct flight {
	char *folder;
	char *headline;
	char id[RUN_ID];
};

char *flight_running(const struct store *store)
{
	return path_join(store_assay_dir(store), "running");
}

/* A new file in a folder that nobody else looks at yet: no detour by a temporary name. */
static int put_file(const char *folder, const char *name, const void *bytes, size_t len, struct error *err)
{
	char *path = path_join(folder, name), *slash = path ? strrchr(path, '/') : NULL;
	int fd = -1, rc = path ? 0 : error_nomem(err);

	if (!rc && strchr(name, '/')) {
		*slash = '\0';
		rc = dir_make(path, err);
		*slash = '/';
	}
	if (rc < 0)
		goto out;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	rc = fd < 0 ? error_errno(err, "cannot create %s", path) : fd_write(fd, bytes, len, path, err);
	if (fd >= 0 && close(fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", path);
out:
	free(path);
	return rc;
}

static int put_record(const char *folder, const struct run *run, struct error *err)
{
	struct buf text = BUF_INIT;
	int rc = run_write(&text, run, err);

	if (!rc)
		rc = put_file(folder, "run.json", text.text, text.len, err);
	buf_release(&text);
	return rc;
}

/* Who flies it, from which work tree, on which branch of the user's. */
static int put_owner(const char *folder, const struct store *store, const struct run *run, struct error *err)
{
	const char *worktree = store_worktree(store);
	struct buf text = BUF_INIT;
	int rc = owner_self(&text, err);

	buf_printf(&text, "\n%s\n%s\n", worktree ? worktree : "", run_text(run, "code.branch"));
	if (!rc)
		rc = buf_check(&text, err);
	if (!rc)
		rc = put_file(folder, "owner", text.text, text.len, err);
	buf_release(&text);
	return rc;
}

int flight_start(struct flight **out, struct store *store, const struct run *run, struct error *err)
{
	struct flight *flight = mem_zeroed(1, sizeof(*flight));
	char *running = flight_running(store), *making = NULL;
	int made = 0, rc;

	if (!flight || !running) {
		rc = error_nomem(err);
		goto out;
	}
	snprintf(flight->id, sizeof(flight->id), "%s", run_id(run));
	flight->folder = path_join(running, flight->id);
	making = mem_printf("%s/" FLIGHT_TMP "%s", running, flight->id);
	rc = flight->folder && making ? dir_make(running, err) : error_nomem(err);
	if (rc < 0)
		goto out;
	made = mkdir(making, 0777) == 0;
	rc = made ? put_owner(making, store, run, err) : error_errno(err, "cannot create the folder %s", making);
	if (!rc)
		rc = put_record(making, run, err);
	if (!rc && rename(making, flight->folder) < 0)
		rc = error_errno(err, "cannot put %s in place", flight->folder);
out:
	if (rc < 0 && made)
		flight_clear(making);
	free(running);
	free(making);
	if (rc < 0)
		flight_free(flight);
	else
		*out = flight;
	return rc;
}

int flight_headline(struct flight *flight, const char *metric, struct error *err)
{
	char *copy = mem_text(metric);

	if (!copy)
		return error_nomem(err);
	free(flight->headline);
	flight->headline = copy;
	return 0;
}

/* The record's difference to its baseline in a metric; NaN if it has none. */
static double difference_of(const struct run *run, const char *metric)
{
	const json_t *comparison = run_field(run, "comparison"), *entry;
	size_t i;

	json_array_foreach((json_t *)(size_t)comparison, i, entry)
	{
		const char *role = json_string_value(json_object_get(entry, "role"));
		const json_t *row = json_object_get(json_object_get(entry, "metrics"), metric);
		const json_t *difference = json_object_get(row, "difference");

		if (role && !strcmp(role, "baseline") && json_is_number(difference))
			return json_number_value(difference);
	}
	return NAN;
}

int flight_write_final(const char *folder, const struct run *run, const struct store_file *file, size_t files,
		       const char *headline, int *taken, struct error *err)
{
	char *making = mem_printf("%s/.final-%ld", folder, (long)getpid()), *final = path_join(folder, "final");
	char *said = path_join(folder, "message"); /* the same whoever writes it: no harm in two */
	struct buf message = BUF_INIT;
	int rc = making && final && said ? dir_remove(making, err) : error_nomem(err);

	*taken = 0;
	headline = headline ? headline : "f1";
	if (!rc && mkdir(making, 0777) < 0)
		rc = error_errno(err, "cannot create the folder %s", making);
	for (size_t i = 0; !rc && i < files; i++)
		rc = put_file(making, file[i].path, file[i].bytes, file[i].len, err);
	if (!rc)
		rc = put_record(making, run, err);
	if (!rc)
		rc = run_message(&message, run, headline, difference_of(run, headline), err);
	if (!rc)
		rc = file_write(said, message.text, message.len, err);
	if (!rc && rename(making, final) < 0) {
		*taken = errno == EEXIST || errno == ENOTEMPTY;
		if (!*taken)
			rc = error_errno(err, "cannot put %s in place", final);
	}
	if ((rc < 0 || *taken) && making)
		flight_clear(making);
	buf_release(&message);
	free(making);
	free(final);
	free(said);
	return rc;
}

int flight_finish(struct flight *flight, const struct run *run, const struct store_file *file, size_t files,
		  struct error *err)
{
	char *final = path_join(flight->folder, "final");
	int taken = 0, rc = final ? 0 : error_nomem(err);

	/* a machine that cannot see this process may have recovered it as dead: what is whole replaces that */
	if (!rc)
		rc = dir_make(flight->folder, err);
	if (!rc)
		rc = flight_write_final(flight->folder, run, file, files, flight->headline, &taken, err);
	if (!rc && taken)
		rc = dir_remove(final, err);
	if (!rc && taken)
		rc = flight_write_final(flight->folder, run, file, files, flight->headline, &taken, err);
	free(final);
	return rc;
}

int flight_land(struct store *store, struct flight *const *flight, size_t n, char (*commits)[OID_HEX], char **why,
		struct error *err)
{
	struct flight_place *place = mem_zeroed(n, sizeof(*place));
	int rc;

	*why = NULL;
	if (!place)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++) {
		place[i].folder = flight[i]->folder;
		place[i].id = flight[i]->id;
	}
	rc = flight_commit(store, place, n, why, err);
	for (size_t i = 0; commits && i < n; i++)
		memcpy(commits[i], rc ? "" : place[i].commit, rc ? 1 : OID_HEX);
	free(place);
	return rc;
}

void flight_free(struct flight *flight)
{
	if (!flight)
		return;
	free(flight->folder);
	free(flight->headline);
	free(flight);
}

/*
 * A run between its start and its commit is a folder that appears complete, by a rename, and whose final/ appears
 * complete, by another. Whatever is killed in between leaves a run as it was before, or a name that is no run.
 */
#include "track/flight_folder.h"
#include "base/mem.h"
#include "format/json.h"
#include "store/owner.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct flight {
	char *folder;
	char *dir, *gathered; /* NULL: not made yet */
	char *headline;
	char id[RUN_ID];
};

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
	char *running = NULL, *making = NULL;
	const char *spool;
	int made = 0, rc = flight ? store_spool(&spool, store, err) : error_nomem(err);

	if (rc < 0)
		goto out;
	running = path_join(spool, "running");
	if (!running) {
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
	const json_t *metrics = json_object_get(run_comparison(run, "baseline"), "metrics");
	double difference;

	if (!json_number(&difference, json_object_get(json_object_get(metrics, metric), "difference")))
		return NAN;
	return difference;
}

int flight_adopt(struct flight **out, const char *folder, struct error *err)
{
	struct flight *flight = mem_zeroed(1, sizeof(*flight));

	if (!flight)
		return error_nomem(err);
	flight->folder = mem_text(folder);
	if (!flight->folder) {
		free(flight);
		return error_nomem(err);
	}
	snprintf(flight->id, sizeof(flight->id), "%s", path_base(folder));
	*out = flight;
	return 0;
}

const char *flight_folder(const struct flight *flight)
{
	return flight->folder;
}

int flight_dir(const char **out, struct flight *flight, struct error *err)
{
	if (!flight->dir) {
		char *dir = path_join(flight->folder, "dir");

		if (!dir)
			return error_nomem(err);
		if (mkdir(dir, 0777) < 0 && errno != EEXIST) {
			error_errno(err, "cannot create the folder %s", dir);
			free(dir);
			return ERR_MACHINE;
		}
		flight->dir = dir;
	}
	*out = flight->dir;
	return 0;
}

int flight_gather(const char **out, struct flight *flight, struct error *err)
{
	if (!flight->gathered) {
		char *path = mem_printf("%s/.final-%ld", flight->folder, (long)getpid());
		int rc = path ? dir_remove(path, err) : error_nomem(err);

		if (!rc && mkdir(path, 0777) < 0)
			rc = error_errno(err, "cannot create the folder %s", path);
		if (rc < 0) {
			free(path);
			return rc;
		}
		flight->gathered = path;
	}
	*out = flight->gathered;
	return 0;
}

int flight_child(struct flight *flight, pid_t pid, struct error *err)
{
	struct buf text = BUF_INIT;
	int rc = owner_of(&text, pid, err);

	buf_putc(&text, '\n');
	if (!rc)
		rc = buf_check(&text, err);
	if (!rc)
		rc = put_file(flight->folder, "child", text.text, text.len, err);
	buf_release(&text);
	return rc;
}

void flight_touch(struct flight *flight)
{
	char *path = path_join(flight->folder, "owner");

	if (path)
		(void)!utimensat(AT_FDCWD, path, NULL, 0);
	free(path);
}

int flight_update(struct flight *flight, const struct run *run, struct error *err)
{
	char *path = path_join(flight->folder, "run.json");
	struct buf text = BUF_INIT;
	int rc = path ? run_write(&text, run, err) : error_nomem(err);

	if (!rc)
		rc = file_write(path, text.text, text.len, err);
	buf_release(&text);
	free(path);
	return rc;
}

/* The message of the commit to come: the same whoever writes it, so that two do no harm. */
static int put_message(const struct flight *flight, const struct run *run, struct error *err)
{
	const char *headline = flight->headline ? flight->headline : "f1";
	char *path = path_join(flight->folder, "message");
	struct buf message = BUF_INIT;
	int rc = path ? run_message(&message, run, headline, difference_of(run, headline), err) : error_nomem(err);

	if (!rc)
		rc = file_write(path, message.text, message.len, err);
	buf_release(&message);
	free(path);
	return rc;
}

/* 1: another final/ is there. */
static int put_in_place(const struct flight *flight, struct error *err)
{
	char *final = path_join(flight->folder, "final");
	int rc = final ? 0 : error_nomem(err);

	if (!rc && rename(flight->gathered, final) < 0)
		rc = errno == EEXIST || errno == ENOTEMPTY ? 1 : error_errno(err, "cannot put %s in place", final);
	free(final);
	return rc;
}

static int write_final(struct flight *flight, const struct run *run, const struct store_file *file, size_t files,
		       struct error *err)
{
	const char *gathered;
	int rc = flight_gather(&gathered, flight, err);

	for (size_t i = 0; !rc && i < files; i++)
		rc = put_file(gathered, file[i].path, file[i].bytes, file[i].len, err);
	if (!rc)
		rc = put_record(gathered, run, err);
	return rc ? rc : put_message(flight, run, err);
}

/* What was gathered is of no use any more. */
static void drop_gathered(struct flight *flight)
{
	if (flight->gathered)
		flight_clear(flight->gathered);
	free(flight->gathered);
	flight->gathered = NULL;
}

int flight_put_final(struct flight *flight, const struct run *run, const struct store_file *file, size_t files,
		     int *taken, struct error *err)
{
	int rc = write_final(flight, run, file, files, err);

	if (!rc)
		rc = put_in_place(flight, err);
	*taken = rc == 1;
	drop_gathered(flight);
	return rc < 0 ? rc : 0;
}

int flight_finish(struct flight *flight, const struct run *run, const struct store_file *file, size_t files,
		  struct error *err)
{
	char *final = path_join(flight->folder, "final");
	int rc = final ? 0 : error_nomem(err);

	/* a machine that cannot see this process may have recovered it as dead: what is whole replaces that */
	if (!rc)
		rc = dir_make(flight->folder, err);
	if (!rc)
		rc = write_final(flight, run, file, files, err);
	if (!rc)
		rc = put_in_place(flight, err);
	if (rc == 1) {
		rc = dir_remove(final, err);
		if (!rc)
			rc = put_in_place(flight, err);
		if (rc == 1)
			rc = error_set(err, ERR_MACHINE, "cannot put %s in place: another process does", final);
	}
	drop_gathered(flight);
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

void flight_cancel(struct flight *flight)
{
	flight_remove(flight->folder);
}

void flight_free(struct flight *flight)
{
	if (!flight)
		return;
	free(flight->folder);
	drop_gathered(flight);
	free(flight->dir);
	free(flight->headline);
	free(flight);
}

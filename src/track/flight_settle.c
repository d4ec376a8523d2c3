/* What waits in running/: finished runs that are not in git yet, runs whose process died, and remains of kills. */
#include "track/flight_folder.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/owner.h"
#include "track/run_work.h"

#include <sys/stat.h>

/* An owner that cannot be seen from here counts as dead when it has not touched its file for an hour. */
static const double SILENT_SECONDS = 3600;
/* Nor does it take longer from a new folder to its owner file: a millisecond; a start that was slower is told, and no run. */
static const double UNOWNED_SECONDS = 5;

enum { BATCH = 64 };

struct settle {
	struct store *store;
	const struct project *project;
	struct flight_report *report;
	struct flight_place place[BATCH];
	char *folder[BATCH];
	char id[BATCH][RUN_ID];
	int recovered[BATCH];
	size_t n;
};

static int untouched(const char *path, double seconds)
{
	struct stat st;

	return stat(path, &st) < 0 || difftime(clock_now(), st.st_mtime) > seconds;
}

static int silent(const char *path)
{
	return untouched(path, SILENT_SECONDS);
}

/* 1 while the process that folder/NAME names lives, as far as can be told from here; -1: no such file, or half of one. */
static int process_lives(const char *folder, const char *name, int quiet)
{
	char *path = path_join(folder, name);
	struct buf text = BUF_INIT;
	int lives = -1;

	if (path && file_read(&text, path, NULL) == 0 && text.len && text.text[text.len - 1] == '\n') {
		enum owner_state state = owner_state(text.text);

		lives = state == OWNER_ALIVE || (state == OWNER_ELSEWHERE && !quiet);
	}
	buf_release(&text);
	free(path);
	return lives;
}

/*
 * Without an owner file, or with one that does not end yet: somebody who is just writing it, or a kill just then; only time
 * tells them apart. A command that outlives its killed owner goes on writing: it is left alone until it ends.
 */
int flight_alive(const char *folder)
{
	char *owner = path_join(folder, "owner");
	int quiet = !owner || silent(owner), lives = process_lives(folder, "owner", quiet);

	free(owner);
	if (lives < 0)
		return !silent(folder);
	return lives || process_lives(folder, "child", quiet) == 1;
}

/* Say why something waits; the first reason stands. */
static int note_waiting(struct flight_report *report, const char *why, struct error *err)
{
	report->waiting++;
	if (!report->why)
		report->why = mem_text(why);
	return report->why ? 0 : error_nomem(err);
}

/* One run alone, after a batch failed over a record in it that nobody can read. */
static int land_place(struct settle *settle, size_t i, struct error *err)
{
	struct flight_report *report = settle->report;
	struct error said = {0};
	char *why = NULL;
	int rc = flight_commit(settle->store, &settle->place[i], 1, &why, &said);

	if (!rc && !settle->place[i].gone)
		*(settle->recovered[i] ? &report->recovered : &report->landed) += 1;
	else if (rc)
		rc = note_waiting(report, why ? why : said.text, err);
	free(why);
	return rc;
}

static int land_batch(struct settle *settle, struct error *err)
{
	struct flight_report *report = settle->report;
	struct error said = {0};
	char *why = NULL;
	int rc = settle->n ? flight_commit(settle->store, settle->place, settle->n, &why, &said) : 0;

	if (!rc) {
		for (size_t i = 0; i < settle->n; i++)
			if (!settle->place[i].gone)
				*(settle->recovered[i] ? &report->recovered : &report->landed) += 1;
	} else if (rc == ERR_INPUT || rc == ERR_NOT_FOUND) {
		rc = 0;
		for (size_t i = 0; !rc && i < settle->n; i++)
			rc = land_place(settle, i, err);
	} else {
		rc = 0;
		for (size_t i = 0; !rc && i < settle->n; i++)
			rc = note_waiting(report, why ? why : said.text, err);
	}
	for (size_t i = 0; i < settle->n; i++)
		free(settle->folder[i]);
	settle->n = 0;
	free(why);
	return rc;
}

/* The record of a run whose process died: what it wrote at its start, what its command left, and how it ended. */
static int write_killed(const struct settle *settle, const char *folder, struct error *err)
{
	struct flight *flight = NULL;
	int rc = flight_adopt(&flight, folder, err);

	if (!rc)
		rc = run_recover(flight, settle->store, settle->project, err);
	flight_free(flight);
	return rc;
}

static int add_place(struct settle *settle, char *folder, const char *id, int recovered, struct error *err)
{
	size_t i = settle->n;

	settle->folder[i] = folder;
	settle->recovered[i] = recovered;
	snprintf(settle->id[i], sizeof(settle->id[i]), "%s", id);
	settle->place[i] = (struct flight_place){.folder = folder, .id = settle->id[i]};
	settle->n++;
	return settle->n == BATCH ? land_batch(settle, err) : 0;
}

/* A folder that becomes a flight, or that of a process killed while it made it. */
static int still_made(const char *folder)
{
	int lives = process_lives(folder, "owner", 0);

	return lives < 0 ? !untouched(folder, UNOWNED_SECONDS) : lives;
}

/* One entry of running/. Takes `folder`. */
static int settle_entry(struct settle *settle, const char *name, char *folder, struct error *err)
{
	char *final = path_join(folder, "final/run.json");
	struct error said = {0};
	int rc = final ? 0 : error_nomem(err);

	if (rc < 0)
		goto out;
	if (!strncmp(name, FLIGHT_GONE, strlen(FLIGHT_GONE)) ||
	    (!strncmp(name, FLIGHT_TMP, strlen(FLIGHT_TMP)) && !still_made(folder))) {
		rc = dir_remove(folder, err);
		goto out;
	}
	if (!id_valid(name))
		goto out;
	if (flight_alive(folder)) {
		settle->report->running++;
		goto out;
	}
	if (file_exists(final)) {
		rc = add_place(settle, folder, name, 0, err);
		folder = NULL;
		goto out;
	}
	rc = write_killed(settle, folder, &said);
	if (!rc) {
		rc = add_place(settle, folder, name, 1, err);
		folder = NULL;
	} else if (!file_exists(folder)) {
		rc = 0; /* somebody else has settled it */
	} else {
		rc = note_waiting(settle->report, said.text, err);
	}
out:
	free(final);
	free(folder);
	return rc;
}

static int settle_spool(struct settle *settle, const char *spool, struct error *err)
{
	char *running = path_join(spool, "running");
	struct names names = {0};
	int rc = running ? 0 : error_nomem(err);

	if (!rc && dir_exists(running))
		rc = dir_list(&names, running, err);
	for (size_t i = 0; !rc && i < names.n; i++) {
		char *folder = path_join(running, names.name[i]);

		rc = folder ? settle_entry(settle, names.name[i], folder, err) : error_nomem(err);
	}
	names_free(&names);
	free(running);
	return rc;
}

int flight_settle(struct flight_report *out, struct store *store, const struct project *project, struct error *err)
{
	struct settle *settle = mem_zeroed(1, sizeof(*settle));
	struct names spools = {0};
	int rc = settle ? store_spools(&spools, store, err) : error_nomem(err);

	*out = (struct flight_report){0};
	if (rc < 0)
		goto out;
	settle->store = store;
	settle->project = project;
	settle->report = out;
	for (size_t i = 0; !rc && i < spools.n; i++)
		rc = settle_spool(settle, spools.name[i], err);
	if (!rc)
		rc = land_batch(settle, err);
	for (size_t i = 0; i < settle->n; i++)
		free(settle->folder[i]);
out:
	names_free(&spools);
	free(settle);
	if (rc < 0)
		flight_report_release(out);
	return rc;
}

void flight_report_release(struct flight_report *report)
{
	if (report)
		free(report->why);
}

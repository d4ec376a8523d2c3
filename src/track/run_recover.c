/* A run whose process was killed: it becomes what it was by then. */
#include "track/run_work.h"
#include "track/flight_folder.h"

#include "base/clock.h"
#include "base/mem.h"
#include "format/json.h"

#include <sys/stat.h>

/* How it ended is known where its command had ended: then assay was killed while it put the run together. */
static int set_killed(struct run *run, const char *folder, struct error *err)
{
	char *owner = path_join(folder, "owner"), when[CLOCK_TEXT];
	struct stat st;
	int rc;

	if (strcmp(run_text(run, "status"), "running") != 0) {
		free(owner);
		return run_note(run, err, "assay was killed when the command had ended: nothing was scored.");
	}
	rc = run_set_text(run, "status", "killed", err);
	if (!rc && owner && stat(owner, &st) == 0) {
		clock_text(when, st.st_mtime);
		rc = run_note(run, err, "assay was killed; it was last seen at %s.", when);
	}
	free(owner);
	return rc;
}

/* What --param gave, as the command saw it; NULL where that cannot be read. */
static json_t *read_given(const char *folder)
{
	char *path = path_join(folder, "params.json");
	struct buf text = BUF_INIT;
	json_t *given = NULL;

	if (path && file_read(&text, path, NULL) == 0 && json_parse(&given, text.text, text.len, path, NULL) == 0 &&
	    !json_is_object(given)) {
		json_decref(given);
		given = NULL;
	}
	buf_release(&text);
	free(path);
	return given;
}

int run_recover(struct flight *flight, struct store *store, const struct project *project, struct error *err)
{
	const char *folder = flight_folder(flight);
	char *path = path_join(folder, "run.json");
	struct run_closing closing = {.store = store, .project = project, .flight = flight};
	json_t *given = read_given(folder);
	struct buf text = BUF_INIT;
	struct run run = {0};
	int taken, rc = path ? file_read(&text, path, err) : error_nomem(err);

	closing.run = &run;
	closing.given = given;
	if (!rc)
		rc = run_parse(&run, text.text, text.len, path, err);
	if (!rc)
		rc = set_killed(&run, folder, err);
	if (!rc && !strcmp(run_text(&run, "kind"), "run"))
		rc = run_close(&closing, err);
	if (!rc)
		rc = flight_put_final(flight, &run, NULL, 0, &taken, err);
	run_closing_release(&closing);
	json_decref(given);
	run_release(&run);
	buf_release(&text);
	free(path);
	return rc;
}

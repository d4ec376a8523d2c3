/*
 * track: make runs: train baselines, keep what is in flight, recover. Knows judge/ and below; nothing of how runs are
 * shown.
 *
 * This file: runs between their start and their commit, in GIT_COMMON_DIR/assay/running/ID/: owner, run.json, final/
 * and message, which is that of the commit to come. A name there that begins with a dot is no run.
 */
#ifndef ASSAY_TRACK_FLIGHT_H
#define ASSAY_TRACK_FLIGHT_H

#include "record/run.h"
#include "record/project.h"
#include "store/store.h"

struct flight; /* one run in flight */

/* Put running/ID/ in place: complete and renamed there, so that a kill at any moment leaves nothing half-made. */
MUST_CHECK int flight_start(struct flight **out, struct store *store, const struct run *run, struct error *err);

/* Of a flight: its folder running/ID; dir/ in it, which the command sees as ASSAY_RUN_DIR (made by the first call). */
const char *flight_folder(const struct flight *flight);
MUST_CHECK int flight_dir(const char **out, struct flight *flight, struct error *err);

/* The owner lives: touched each minute, for readers on other hosts. No error: a touch that fails is tried again. */
void flight_touch(struct flight *flight);

/*
 * The metric of the commit's subject, with the record's difference to its baseline. Without it: f1 where it was
 * measured. To be said before flight_finish().
 */
MUST_CHECK int flight_headline(struct flight *flight, const char *metric, struct error *err);

/* Write the exact files to commit into final/: `file`, and last run.json from `run`; then rename it into place. */
MUST_CHECK int flight_finish(struct flight *flight, const struct run *run, const struct store_file *file, size_t files,
			     struct error *err);

/*
 * Commit finished flights, each as its own commit, and remove their folders.
 * 0; 1 if they wait (*why). The commit's name goes into commits[i] (may be NULL).
 */
MUST_CHECK int flight_land(struct store *store, struct flight *const *flight, size_t n, char (*commits)[OID_HEX],
			   char **why, struct error *err);
void flight_free(struct flight *flight); /* the struct alone; what is on disk stays */

/*
 * Land what waits and recover what died: final/ complete: committed as it is; dead owner without final/: committed as
 * killed. A run whose owner is alive is left alone (same host: pid, boot id and start time; another host: owner
 * untouched for an hour). *landed, *recovered, *waiting: how many. Says nothing itself.
 */
struct flight_report {
	size_t landed, recovered, waiting, running;
	char *why; /* of waiting; NULL none */
};
MUST_CHECK int flight_settle(struct flight_report *out, struct store *store, struct error *err);
void flight_report_release(struct flight_report *report);

#endif

/*
 * track: make runs: train baselines, keep what is in flight, recover. Knows judge/ and below; nothing of how runs are
 * shown.
 *
 * This file: runs between their start and their commit, in running/ID/ of the spool: owner, child, run.json, dir/, log.txt,
 * final/ and message, which is that of the commit to come. A name there that begins with a dot is no run.
 */
#ifndef ASSAY_TRACK_FLIGHT_H
#define ASSAY_TRACK_FLIGHT_H

#include "record/run.h"
#include "record/project.h"
#include "store/store.h"

#include <sys/types.h>

struct flight; /* one run in flight */

/* Put running/ID/ in place: complete and renamed there, so that a kill at any moment leaves nothing half-made. */
MUST_CHECK int flight_start(struct flight **out, struct store *store, const struct run *run, struct error *err);

/*
 * Of a flight: its folder running/ID; dir/ in it, which the command sees as ASSAY_RUN_DIR; and the folder in which the files
 * to commit are gathered, which flight_finish() turns into final/. The last two are made, empty, by the first call.
 */
const char *flight_folder(const struct flight *flight);
MUST_CHECK int flight_dir(const char **out, struct flight *flight, struct error *err);
MUST_CHECK int flight_gather(const char **out, struct flight *flight, struct error *err);

/* The command is a process of its own: while it lives the run is not recovered, though its owner died. */
MUST_CHECK int flight_child(struct flight *flight, pid_t pid, struct error *err);

/* Put the record as it is known now in the place of the one that flight_start() wrote: what a recovery begins with. */
MUST_CHECK int flight_update(struct flight *flight, const struct run *run, struct error *err);

/* The owner lives: touched each minute, for readers on other hosts. No error: a touch that fails is tried again. */
void flight_touch(struct flight *flight);

/*
 * The metric of the commit's subject, with the record's difference to its baseline. Without it: f1 where it was
 * measured. To be said before flight_finish().
 */
MUST_CHECK int flight_headline(struct flight *flight, const char *metric, struct error *err);

/*
 * Write the exact files to commit into final/: what was gathered, `file`, and last run.json from `run`; then rename it into
 * place. A path in `file` is that of no file gathered.
 */
MUST_CHECK int flight_finish(struct flight *flight, const struct run *run, const struct store_file *file, size_t files,
			     struct error *err);

/*
 * Commit finished flights, each as its own commit, and remove their folders.
 * 0; 1 if they wait (*why). The commit's name goes into commits[i] (may be NULL).
 */
MUST_CHECK int flight_land(struct store *store, struct flight *const *flight, size_t n, char (*commits)[OID_HEX],
			   char **why, struct error *err);
/* Take a flight away whose command was never started. */
void flight_cancel(struct flight *flight);
void flight_free(struct flight *flight); /* what is on disk stays, but for what was gathered and not finished */

/* 1 while somebody is at work on running/ID at `folder`: its owner, or the command that outlived it. */
int flight_alive(const char *folder);

/*
 * Land what waits and recover what died: final/ complete: committed as it is; dead owner without final/: committed as
 * killed. A run whose owner or command is alive is left alone (same host: pid, boot id and start time; another host:
 * owner untouched for an hour). project: its size rules for what a killed run
 * brought. What cannot be recovered or committed now waits, and stops nothing else. Says nothing itself.
 */
struct flight_report {
	size_t landed, recovered, waiting, running;
	char *why; /* of waiting; NULL none */
};
MUST_CHECK int flight_settle(struct flight_report *out, struct store *store, const struct project *project,
			     struct error *err);
void flight_report_release(struct flight_report *report);

#endif

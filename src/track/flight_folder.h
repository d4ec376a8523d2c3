/* Inside track: the folder of a run in flight. Building it, bringing many into git, and taking it away. */
#ifndef ASSAY_TRACK_FLIGHT_FOLDER_H
#define ASSAY_TRACK_FLIGHT_FOLDER_H

#include "track/flight.h"

#include <math.h>

/* Names that are no runs: one being built, one being taken away. */
#define FLIGHT_TMP ".tmp-"
#define FLIGHT_GONE ".gone-"

/* A flight that lies at `folder` (running/ID) already: to recover it. flight_free() ends it. */
MUST_CHECK int flight_adopt(struct flight **out, const char *folder, struct error *err);

/* As flight_finish(), but if another process has put a final/ there, that one stays and *taken is 1. */
MUST_CHECK int flight_put_final(struct flight *flight, const struct run *run, const struct store_file *file,
				size_t files, int *taken, struct error *err);

struct flight_place {
	const char *folder; /* running/ID */
	const char *id;
	char commit[OID_HEX]; /* out */
	int gone; /* out: somebody else has landed it meanwhile */
};

/*
 * Commit the final/ of n folders and take the folders away. 0; 1: they wait, *why says what for. ERR_INPUT: a record
 * there cannot be read.
 */
MUST_CHECK int flight_commit(struct store *store, struct flight_place *place, size_t n, char **why, struct error *err);

/*
 * Take a flight's folder away: at once for everybody who looks, then file by file. Where that fails nothing is lost: the
 * next settle finds what stays, and finds its run in git.
 */
void flight_remove(const char *folder);

/* Take a folder away that nobody looks at, as far as that works. */
void flight_clear(const char *folder);

#endif

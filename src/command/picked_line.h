/* The line under a list, and on a run's page, that says what the best of many is worth. */
#ifndef ASSAY_COMMAND_PICKED_LINE_H
#define ASSAY_COMMAND_PICKED_LINE_H

#include "command/session.h"
#include "judge/picked.h"

/* As judge_picked(), for an experiment of the session and its first declared metric. picked_release() ends it. */
MUST_CHECK int session_picked(struct picked *out, const struct session *session, const struct experiment *experiment,
			      struct error *err);

/* Append picked_words() as a terminal has figures, safe to print; nothing where nothing is to be said. */
MUST_CHECK int picked_line(struct buf *out, const struct picked *picked, struct error *err);

/* The same for one run: the line where it is the best, else "place 3 to 12 of 31 (95 %)"; nothing for one that was no candidate. */
MUST_CHECK int picked_line_of(struct buf *out, const struct picked *picked, const struct seen_run *seen,
			      struct error *err);

/* Set `picked` of the best (picked_json()) and `places: [first, last]` of any candidate in `json`. */
MUST_CHECK int picked_set_json(json_t *json, const struct picked *picked, const struct seen_run *seen,
			       struct error *err);

#endif

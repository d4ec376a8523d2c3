/* Which runs a list shows, and in which order. */
#ifndef ASSAY_COMMAND_SELECTION_H
#define ASSAY_COMMAND_SELECTION_H

#include "command/session.h"

#include "record/where.h"

struct selection_options {
	const char *experiment, *kind, *status; /* NULL: any; status also "waiting" */
	const struct names *where; /* conditions, all of which hold */
	const char *sort; /* FIELD[:asc|desc]; NULL: newest first */
	long long most; /* 0: all */
	int fold; /* 1: the runs of several seeds are left to their parent */
};

/* Pointers into session->runs. selection_release() ends it. ERR_INPUT for a bad condition, field or word. */
struct selection {
	const struct seen_run **run;
	size_t n;
};
MUST_CHECK int selection_make(struct selection *out, const struct session *session,
			      const struct selection_options *options, struct error *err);
void selection_release(struct selection *selection);

/*
 * A field as people name it in --sort and --columns: as in --where, or the bare name of a metric that some run has. option: for
 * messages. *out is the caller's to where_field_free().
 */
MUST_CHECK int selection_field(struct where_field **out, const char *name, const struct runs *runs, const char *option,
			       struct error *err);

#endif

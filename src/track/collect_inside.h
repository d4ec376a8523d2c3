/* Inside track/collect*.c: the steps of collecting, and how what is odd becomes notes. */
#ifndef ASSAY_TRACK_COLLECT_INSIDE_H
#define ASSAY_TRACK_COLLECT_INSIDE_H

#include "base/buf.h"
#include "track/collect.h"
#include "track/series.h"

enum {
	COLLECT_NAME = 200, /* bytes of a name of a metric, parameter or tag; longer ones are cut */
	COLLECT_TEXT = 4096, /* bytes of the value of a parameter or tag */
	COLLECT_LINE = 1 << 20, /* bytes of a line of metrics.jsonl */
	COLLECT_ODD_LINE = 1 << 19, /* of one that the JSON library has to read, which takes 20 times the memory */
	COLLECT_FILE = 1 << 20, /* bytes of params.json, params.yaml, metrics.json */
	COLLECT_MOST = 10000, /* parameters, tags, metrics, artifacts */
};

struct collecting {
	struct collected *out;
	int dir; /* the run directory, open; -1: it cannot be read */
	int elsewhere; /* 1: it is another folder, whose files are not kept */
	struct series *series;
};

/* What was odd in one file, counted by kind, the first of each kept: a file of bad lines is told in one note. */
enum oddity {
	ODD_LINE, /* not a JSON object */
	ODD_LONG_LINE,
	ODD_CUT, /* the last line has no end and is no JSON */
	ODD_NAME, /* empty, or with control characters */
	ODD_LONG_NAME, /* cut */
	ODD_VALUE, /* not a number where one is wanted */
	ODD_LONG_VALUE,
	ODD_STEP,
	ODD_TIME,
	ODD_TWICE,
	ODD_MANY,
	ODD_HIDDEN, /* a secret that was masked */
	ODDITIES,
};
struct oddities {
	const char *file;
	struct {
		size_t count, line; /* of the first; 0: the file has no lines that matter */
		char detail[100]; /* of the first; may be "" */
	} kind[ODDITIES];
};
void odd(struct oddities *odds, enum oddity kind, size_t line, const char *detail, size_t len);
MUST_CHECK int odd_notes(struct names *notes, const struct oddities *odds, struct error *err);
int odd_any(const struct oddities *odds); /* 1 if something was left out or changed */

MUST_CHECK int collect_note(struct names *notes, struct error *err, const char *format, ...) PRINTF_LIKE(3, 4);

/*
 * Open a file of the run directory for reading, never waiting and never following a link: 1, *fd is the caller's, *bytes its
 * size; 0: it is not there, or is no plain file that can be read, which is noted.
 */
MUST_CHECK int collect_open(int *fd, unsigned long long *bytes, const struct collecting *collecting, const char *name,
			    struct error *err);

/* The same, and all of it into text; larger than COLLECT_FILE: 0 and a note, and the file is kept as an artifact. */
MUST_CHECK int collect_read(struct buf *text, const struct collecting *collecting, const char *name, struct error *err);

/* Why a file could not be read, as a note; want of memory stays an error. */
MUST_CHECK int collect_unread(struct names *notes, const struct error *reason, struct error *err);

/* Call each() for the object on every line of odds->file. Lines that are none are oddities. */
typedef int (*collect_object)(void *context, const json_t *object, size_t line, struct error *err);
MUST_CHECK int collect_lines(const struct collecting *collecting, struct oddities *odds, collect_object each,
			     void *context, struct error *err);

/*
 * A name as it goes into the record: 1 with out set (cut where it is long, told as an oddity), 0 if it cannot (told too).
 * ERR_NOMEM.
 */
MUST_CHECK int collect_name(struct buf *out, const char *name, size_t len, struct oddities *odds, size_t line,
			    struct error *err);

/* How many bytes of a UTF-8 text are whole characters within `most` bytes. */
size_t collect_cut(const char *text, size_t len, size_t most);

/* Call each() for every member of an object, those of objects inside it too, with names joined by dots. */
typedef int (*collect_member)(void *context, const char *name, size_t len, const json_t *value, struct error *err);
MUST_CHECK int collect_flatten(const json_t *object, collect_member each, void *context, struct error *err);

/* A document of parameters: YAML where its name ends in .yaml or .yml, else JSON. *out is the caller's. */
MUST_CHECK int collect_parse(json_t **out, const struct buf *text, const char *name, struct error *err);

/* A file of the run directory is to be kept as an artifact; nothing if it is on the list already. */
MUST_CHECK int collect_keep(const struct collecting *collecting, const char *name, struct error *err);

/* The names in an open folder, sorted; of more than COLLECT_MOST those that come first, and *more is 1. Takes the descriptor. */
MUST_CHECK int collect_list(struct names *out, int *more, int fd, struct error *err);

/* params.json or params.yaml; given: what --param said, or NULL. */
MUST_CHECK int collect_document(struct collecting *collecting, const char *name, const json_t *given,
				struct error *err);

/* The steps. */
MUST_CHECK int collect_metrics(struct collecting *collecting, const char *history, struct error *err);
MUST_CHECK int collect_values(struct collecting *collecting, const json_t *given, struct error *err);
MUST_CHECK int collect_files(struct collecting *collecting, struct error *err);

#endif

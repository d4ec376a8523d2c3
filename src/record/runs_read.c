/* Records as they lie in git: see runs_read.h. */
#include "record/runs_read.h"

#include "base/mem.h"

int record_problem(struct names *problems, const char *where, const char *what, struct error *err)
{
	size_t len = strlen(where);
	char *line = strncmp(what, where, len) != 0 ? mem_printf("%s: %s", where, what) : mem_text(what);
	int rc = line ? names_add(problems, line, err) : error_nomem(err);

	free(line);
	return rc;
}

/* The id, "" if there is none, and into *folders how many there are above the last name. */
static void take_apart(char id[RUN_ID], size_t *folders, const char *path)
{
	size_t len;

	memset(id, 0, RUN_ID);
	*folders = 0;
	for (; path[len = strcspn(path, "/")]; path += len + 1, ++*folders)
		if (*folders == 5 && len == RUN_ID - 1)
			memcpy(id, path, len);
	if (!id_valid(id))
		id[0] = '\0';
}

enum place record_place(const char *path)
{
	char id[RUN_ID];
	size_t folders;

	take_apart(id, &folders, path);
	if (!*id)
		return PLACE_FOREIGN;
	return folders == 6 ? PLACE_RECORD : PLACE_ARTIFACT;
}

void record_id_of(char id[RUN_ID], const char *path)
{
	size_t folders;

	take_apart(id, &folders, path);
}

int found_add(struct found_list *list, const char *path, const char *blob, struct error *err)
{
	struct found *found;

	if (MEM_GROW(list->item, list->n, list->cap, err) < 0)
		return ERR_NOMEM;
	found = &list->item[list->n];
	found->path = mem_text(path);
	if (!found->path)
		return error_nomem(err);
	snprintf(found->blob, sizeof(found->blob), "%s", blob);
	list->n++;
	return 0;
}

void found_release(struct found_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->item[i].path);
	free(list->item);
	*list = (struct found_list){0};
}

/* The record says by itself where it belongs: one that lies elsewhere was moved or forged. */
static int in_place(const struct run *run, const char *path)
{
	char *folder = strchr(run_experiment(run), '/') ? NULL : id_folder(run_experiment(run), run_id(run));
	size_t len = folder ? strlen(folder) : 0;
	int fits = folder && !strncmp(path, folder, len) && !strcmp(path + len, "/run.json");

	free(folder);
	return fits;
}

struct parsed {
	const char *path, *text; /* lent */
	size_t len;
	struct run run;
	struct error err;
	int rc;
};

static void parse(struct parsed *parsed)
{
	const char *path = parsed->path;

	parsed->rc = run_parse(&parsed->run, parsed->text, parsed->len, path, &parsed->err);
	if (!parsed->rc && !in_place(&parsed->run, path)) {
		run_release(&parsed->run);
		parsed->rc = error_set(&parsed->err, ERR_INPUT, "%s: the record in it belongs elsewhere", path);
	}
}

/* Records asked of git at once, for it resolves deltas anew each time; parsed at once; where a process of git pays. */
enum { BATCH = 8192, GROUP = 256, FEW = 64 };

struct reading {
	const struct record_reader *reader;
	const struct found *found; /* of the batch */
	size_t n;
	struct parsed *group; /* [GROUP] */
	size_t in_group;
	struct error *err;
};

static int give(const struct record_reader *reader, struct parsed *parsed, struct error *err)
{
	if (!parsed->rc)
		return reader->take(reader->context, parsed->path, &parsed->run, NULL, err);
	if (parsed->rc == ERR_INPUT)
		return reader->take(reader->context, parsed->path, NULL, parsed->err.text, err);
	return error_set(err, parsed->rc, "%s", parsed->err.text);
}

/* Parsing, which is most of the time, by all threads; the order stays the list's. */
static int end_group(struct reading *reading)
{
	struct parsed *group = reading->group;
	size_t n = reading->in_group;
	int rc = 0;

#pragma omp parallel for schedule(dynamic, 16) if (n > 64)
	for (size_t i = 0; i < n; i++)
		parse(&group[i]);
	for (size_t i = 0; i < n; i++) {
		if (!rc)
			rc = give(reading->reader, &group[i], reading->err);
		run_release(&group[i].run);
	}
	reading->in_group = 0;
	return rc;
}

static int add_text(void *context, size_t i, const char *bytes, size_t len)
{
	struct reading *reading = context;
	struct parsed *parsed = &reading->group[reading->in_group++];

	*parsed = (struct parsed){.path = reading->found[i].path, .text = bytes, .len = len};
	return reading->in_group == GROUP || i + 1 == reading->n ? end_group(reading) : 0;
}

/* A few by libgit2, one after the other. */
static int read_few(struct reading *reading, struct store *store, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; i < reading->n && !rc; i++) {
		struct buf text = BUF_INIT;

		rc = store_blob(&text, store, reading->found[i].blob, err);
		if (!rc)
			rc = add_text(reading, i, text.text, text.len);
		if (!rc && reading->in_group)
			rc = end_group(reading);
		buf_release(&text);
	}
	return rc;
}

/* Many by a process of git, which is faster from there on. */
static int read_many(struct reading *reading, struct store *store, struct error *err)
{
	const char **hex = mem_array(reading->n, sizeof(*hex));
	int rc;

	if (!hex)
		return error_nomem(err);
	for (size_t i = 0; i < reading->n; i++)
		hex[i] = reading->found[i].blob;
	rc = store_blobs(store, hex, reading->n, add_text, reading, err);
	free(hex);
	return rc;
}

int records_read(struct store *store, const struct found_list *list, const struct record_reader *reader,
		 struct error *err)
{
	struct reading reading = {.reader = reader, .err = err};
	int rc = 0;

	if (!list->n)
		return 0;
	reading.group = mem_array(GROUP, sizeof(*reading.group));
	if (!reading.group)
		return error_nomem(err);
	json_object_seed(0); /* before the threads, as jansson asks */
	for (size_t i = 0; i < list->n && !rc; i += reading.n) {
		reading.found = list->item + i;
		reading.n = list->n - i < BATCH ? list->n - i : BATCH;
		rc = reading.n < FEW ? read_few(&reading, store, err) : read_many(&reading, store, err);
	}
	free(reading.group);
	return rc;
}

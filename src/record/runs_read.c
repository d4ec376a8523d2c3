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

enum place record_place(const char *path)
{
	char id[RUN_ID] = "";
	size_t folders = 0, len;

	for (; path[len = strcspn(path, "/")]; path += len + 1, folders++)
		if (folders == 5 && len == sizeof(id) - 1)
			memcpy(id, path, len);
	if (!id_valid(id))
		return PLACE_FOREIGN;
	return folders == 6 ? PLACE_RECORD : PLACE_ARTIFACT;
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
	struct buf text;
	struct run run;
	struct error err;
	int rc;
};

static void parse(struct parsed *parsed, const char *path)
{
	parsed->rc = run_parse(&parsed->run, parsed->text.text, parsed->text.len, path, &parsed->err);
	if (!parsed->rc && !in_place(&parsed->run, path)) {
		run_release(&parsed->run);
		parsed->rc = error_set(&parsed->err, ERR_INPUT, "%s: the record in it belongs elsewhere", path);
	}
	buf_release(&parsed->text);
}

enum { BATCH = 1024, FEW = 64 }; /* records read at once; where a process of git pays */

static int give(const struct record_reader *reader, struct parsed *parsed, const char *path, struct error *err)
{
	if (!parsed->rc)
		return reader->take(reader->context, path, &parsed->run, NULL, err);
	if (parsed->rc == ERR_INPUT)
		return reader->take(reader->context, path, NULL, parsed->err.text, err);
	return error_set(err, parsed->rc, "%s", parsed->err.text);
}

static int note_text(void *context, size_t i, const char *bytes, size_t len)
{
	struct parsed *parsed = context;

	buf_put(&parsed[i].text, bytes, len);
	return parsed[i].text.failed ? ERR_NOMEM : 0;
}

/* A few by libgit2; many by a process of git, which is faster from there on. */
static int read_texts(struct parsed *parsed, struct store *store, const struct found *found, size_t n,
		      struct error *err)
{
	const char **hex;
	int rc = 0;

	for (size_t i = 0; i < n && n < FEW && !rc; i++)
		rc = store_blob(&parsed[i].text, store, found[i].blob, err);
	if (n < FEW)
		return rc;
	hex = mem_array(n, sizeof(*hex));
	if (!hex)
		return error_nomem(err);
	for (size_t i = 0; i < n; i++)
		hex[i] = found[i].blob;
	rc = store_blobs(store, hex, n, note_text, parsed, err);
	free(hex);
	return rc == ERR_NOMEM ? error_nomem(err) : rc;
}

/* git's objects are read by one thread; parsing, which is most of the time, by all. The order is the list's. */
static int read_batch(struct store *store, const struct found *found, size_t n, const struct record_reader *reader,
		      struct error *err)
{
	struct parsed *parsed = mem_zeroed(n, sizeof(*parsed));
	int rc = parsed ? 0 : error_nomem(err);

	for (size_t i = 0; parsed && i < n; i++)
		parsed[i].text = (struct buf)BUF_INIT;
	if (!rc)
		rc = read_texts(parsed, store, found, n, err);
	if (!rc) {
#pragma omp parallel for schedule(dynamic, 16) if (n > 64)
		for (size_t i = 0; i < n; i++)
			parse(&parsed[i], found[i].path);
	}
	for (size_t i = 0; i < n && !rc; i++)
		rc = give(reader, &parsed[i], found[i].path, err);
	for (size_t i = 0; parsed && i < n; i++) {
		buf_release(&parsed[i].text);
		run_release(&parsed[i].run);
	}
	free(parsed);
	return rc;
}

int records_read(struct store *store, const struct found_list *list, const struct record_reader *reader,
		 struct error *err)
{
	int rc = 0;

	if (list->n)
		json_object_seed(0); /* before the threads, as jansson asks */
	for (size_t i = 0; i < list->n && !rc; i += BATCH)
		rc = read_batch(store, list->item + i, list->n - i < BATCH ? list->n - i : BATCH, reader, err);
	return rc;
}

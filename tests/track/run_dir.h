/* A run directory in a temporary folder, and what collect() makes of it. */
#ifndef ASSAY_TESTS_TRACK_RUN_DIR_H
#define ASSAY_TESTS_TRACK_RUN_DIR_H

#include "check.h"

#include "base/mem.h"
#include "format/json.h"
#include "track/collect.h"

#include <string.h>
#include <unistd.h>

struct run_dir {
	char top[64];
	char *dir, *history;
	struct collected got;
};

static inline int run_dir_setup(void **state)
{
	struct run_dir *fixture = calloc(1, sizeof(*fixture));
	struct error err = {0};

	snprintf(fixture->top, sizeof(fixture->top), "/tmp/assay-collect-XXXXXX");
	if (!mkdtemp(fixture->top))
		return -1;
	fixture->dir = path_join(fixture->top, "dir");
	fixture->history = path_join(fixture->top, "history.csv");
	*state = fixture;
	return dir_make(fixture->dir, &err);
}

static inline int run_dir_teardown(void **state)
{
	struct run_dir *fixture = *state;
	struct error err = {0};
	int rc = dir_remove(fixture->top, &err);

	collected_release(&fixture->got);
	free(fixture->dir);
	free(fixture->history);
	free(fixture);
	return rc;
}

static inline void put_bytes(const struct run_dir *fixture, const char *name, const void *bytes, size_t len)
{
	char *path = path_join(fixture->dir, name), *folder = mem_text(path);
	struct error err = {0};

	*strrchr(folder, '/') = '\0';
	check_ok(dir_make(folder, &err), err);
	check_ok(file_write(path, bytes, len, &err), err);
	free(folder);
	free(path);
}

static inline void put(const struct run_dir *fixture, const char *name, const char *text)
{
	put_bytes(fixture, name, text, strlen(text));
}

static inline struct collected *collect_given(struct run_dir *fixture, const json_t *given)
{
	struct error err = {0};

	collected_release(&fixture->got);
	check_ok(collect(&fixture->got, fixture->dir, given, fixture->history, &err), err);
	return &fixture->got;
}

static inline struct collected *collect_it(struct run_dir *fixture)
{
	return collect_given(fixture, NULL);
}

/* The canonical text of a value; valid until the next call. */
static inline const char *as_text(const json_t *json)
{
	static struct buf text = BUF_INIT;

	buf_clear(&text);
	if (!json)
		return "absent";
	json_write(&text, json);
	text.text[text.len - 1] = '\0';
	for (char *at = text.text; *at; at++)
		if (*at == '\n')
			*at = ' ';
	return text.text;
}

static inline int notes_say(const struct collected *got, const char *words)
{
	for (size_t i = 0; i < got->notes.n; i++)
		if (strstr(got->notes.name[i], words))
			return 1;
	for (size_t i = 0; i < got->notes.n; i++)
		print_error("note: %s\n", got->notes.name[i]);
	return 0;
}

static inline void check_history(const struct run_dir *fixture, const char *want)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	check_ok(file_read(&text, fixture->history, &err), err);
	assert_string_equal(text.text, want);
	buf_release(&text);
}

#endif

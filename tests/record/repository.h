/* A repository made by git itself, with records that need not be right. */
#ifndef ASSAY_TESTS_RECORD_REPOSITORY_H
#define ASSAY_TESTS_RECORD_REPOSITORY_H

#include "base/file.h"
#include "base/mem.h"
#include "base/process.h"
#include "record/id.h"

static char top[] = "/tmp/assay-record-XXXXXX";

static void git(const struct buf *input, const char *const *argv)
{
	static const char *const environment[] = {"GIT_CONFIG_NOSYSTEM=1",
						  "GIT_CONFIG_GLOBAL=/dev/null",
						  "GIT_AUTHOR_NAME=t",
						  "GIT_AUTHOR_EMAIL=t@example.org",
						  "GIT_COMMITTER_NAME=t",
						  "GIT_COMMITTER_EMAIL=t@example.org",
						  NULL};
	struct process_result result;
	struct error err = {0};
	struct buf errors = BUF_INIT;
	const struct process_options options = {.argv = argv,
						.cwd = top,
						.environment = environment,
						.input = input ? input->text : NULL,
						.input_len = input ? input->len : 0,
						.errors = &errors};

	check_ok(process_run(&result, &options, &err), err);
	if (result.exit)
		fail_msg("git %s: %s", argv[1], errors.text);
	buf_release(&errors);
}

static int make_repository(void **state)
{
	(void)state;
	if (!mkdtemp(top))
		return -1;
	git(NULL, (const char *const[]){"git", "init", "-q", "-b", "main", NULL});
	return 0;
}

static int remove_repository(void **state)
{
	(void)state;
	return dir_remove(top, NULL);
}

static inline void record(struct buf *out, const char *experiment, const char *id, const char *name, const char *more)
{
	buf_printf(out,
		   "{\"schema\": 1, \"id\": \"%s\", \"experiment\": \"%s\", \"name\": \"%s\", \"kind\": \"run\", "
		   "\"status\": "
		   "\"finished\"%s}",
		   id, experiment, name, more);
}

/* One commit that puts text at path, in the language of git fast-import. */
static inline void import(struct buf *stream, const char *message, const char *path, const char *text)
{
	static int commits;
	int stream_starts = !stream->len;

	buf_printf(stream, "commit refs/heads/assay/runs\ncommitter t <t@example.org> %d +0000\ndata %zu\n%s\n",
		   1000 + commits, strlen(message), message);
	if (commits++ && stream_starts)
		buf_puts(stream, "from refs/heads/assay/runs^0\n");
	buf_printf(stream, "M 644 inline %s\ndata %zu\n%s\n", path, strlen(text), text);
}

static inline void import_run(struct buf *stream, const char *experiment, const char *id, const char *more)
{
	struct buf text = BUF_INIT;
	char *folder = id_folder(experiment, id), *path = mem_printf("%s/run.json", folder);
	char *message = mem_printf("assay: n on %s\n\nAssay-Run: %s\n", experiment, id);

	record(&text, experiment, id, "n", more);
	import(stream, message, path, text.text);
	free(folder);
	free(path);
	free(message);
	buf_release(&text);
}

static inline void put(const char *path, const char *text)
{
	struct error err = {0};
	char *whole = path_join(top, path), *folder = mem_text(whole);

	*strrchr(folder, '/') = '\0';
	check_ok(dir_make(folder, &err), err);
	check_ok(file_write(whole, text, strlen(text), &err), err);
	free(whole);
	free(folder);
}

#endif

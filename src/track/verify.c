/* `assay verify`: the steps in order. See verify.h. */
#include "track/verify_work.h"
#include "base/mem.h"

#include <stdarg.h>

void verify_report_release(struct verify_report *report)
{
	for (size_t i = 0; i < report->problems; i++) {
		free(report->problem[i].run);
		free(report->problem[i].what);
		free(report->problem[i].commit);
		free(report->problem[i].author);
	}
	free(report->problem);
	names_free(&report->notes);
	*report = (struct verify_report){0};
}

static int copy(char **out, const char *text)
{
	*out = text && *text ? mem_text(text) : NULL;
	return *out || !text || !*text ? 0 : ERR_NOMEM;
}

int verify_problem(struct verify *verify, const char *run, const char *commit, const char *author, const char *format,
		   ...)
{
	struct verify_report *report = verify->report;
	struct verify_problem problem = {0};
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (copy(&problem.run, run) || copy(&problem.commit, commit) || copy(&problem.author, author) ||
	    copy(&problem.what, text) || MEM_GROW(report->problem, report->problems, report->cap, NULL)) {
		free(problem.run);
		free(problem.commit);
		free(problem.author);
		free(problem.what);
		return error_nomem(verify->err);
	}
	report->problem[report->problems++] = problem;
	return 0;
}

int verify_note(struct verify *verify, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return names_add(&verify->report->notes, text, verify->err);
}

void verify_step(struct verify *verify, const char *what)
{
	progress_step(verify->progress, what, ++verify->done, verify->total);
}

int verify_is_removed(const struct verify *verify, const char *id)
{
	return names_has(&verify->removed, id);
}

static void release(struct verify *verify)
{
	for (size_t i = 0; i < verify->files; i++)
		free(verify->file[i].path);
	free(verify->file);
	free(verify->run);
	names_free(&verify->removed);
}

int track_verify(struct verify_report *out, struct store *store, struct progress *progress, struct error *err)
{
	struct verify_report report = {0};
	struct verify verify = {.store = store, .progress = progress, .report = &report, .err = err};
	int rc = store_tip(verify.tip, store, err);

	if (!rc && *verify.tip)
		rc = verify_files(&verify);
	if (!rc)
		rc = verify_history(&verify);
	if (!rc)
		rc = verify_code(&verify);
	if (!rc)
		rc = verify_signatures(&verify);
	release(&verify);
	if (rc < 0)
		verify_report_release(&report);
	else
		*out = report;
	return rc;
}

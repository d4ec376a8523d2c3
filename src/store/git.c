/* Talking to git, the program, and passing on what it or libgit2 says. */
#include "store/repo.h"
#include "base/mem.h"
#include "base/process.h"

#include <stdarg.h>

enum { ARGV_MOST = 32, ENV_MOST = 16 };

size_t first_line(const char *text)
{
	return strcspn(text, "\r\n");
}

int git_fail(struct error *err, int rc, const char *format, ...)
{
	const git_error *last = git_error_last();
	int code = ERR_MACHINE;
	char what[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (rc == GIT_EMODIFIED || rc == GIT_ELOCKED)
		code = ERR_MOVED;
	else if (rc == GIT_ENOTFOUND ||
		 (last && last->klass == GIT_ERROR_ODB && last->message && strstr(last->message, "object not found")))
		code = ERR_NOT_FOUND; /* also where libgit2 says no more than "failed": what a new object names */
	return error_set(err, code, "%s: %s", what, last && last->message ? last->message : "git refused");
}

int oid_parse(git_oid *out, const char *hex, struct error *err)
{
	if (strlen(hex) != GIT_OID_HEXSZ || git_oid_fromstr(out, hex) < 0)
		return error_set(err, ERR_NOT_FOUND, "'%.60s' is no full name of an object", hex);
	return 0;
}

/* The words after "fatal: " or "error: " of git's first line. */
static const char *git_words(const char *text)
{
	if (!strncmp(text, "fatal: ", 7) || !strncmp(text, "error: ", 7))
		return text + 7;
	return text;
}

/* The command among the arguments, after settings for it. */
static const char *git_verb(const char *const *argv)
{
	for (; argv[0]; argv += 2)
		if (strcmp(argv[0], "-c") != 0)
			return argv[0];
	return "";
}

int git_run(const struct store *store, const struct git_call *call, struct error *err)
{
	/* no lock that is not needed: `git status` would else write the user's index */
	const char *environment[ENV_MOST] = {"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_LITERAL_PATHSPECS=1",
					     store->env_git_dir};
	const struct process_limits limits = {.seconds = call->seconds, .output_bytes = call->most, .asks = call->asks};
	char *index = mem_printf("GIT_INDEX_FILE=%s%s", call->index ? call->index : store->git_dir,
				 call->index ? "" : "/index");
	/* hooks are the user's, for the user's own commits and index */
	const char *argv[ARGV_MOST] = {"git", "-c", "core.hooksPath=/dev/null"};
	struct process_result result = {0};
	struct buf said = BUF_INIT;
	size_t n = 4, k = 3, before = call->out ? call->out->len : 0;
	int rc = 0;

	if (!index)
		return error_nomem(err);
	environment[n++] = index;
	if (!call->asks)
		environment[n++] = "GIT_TERMINAL_PROMPT=0";
	if (store->env_worktree)
		environment[n++] = store->env_worktree;
	for (size_t i = 0; call->environment && call->environment[i] && n < ENV_MOST - 1; i++)
		environment[n++] = call->environment[i];
	for (size_t i = 0; call->argv[i] && k < ARGV_MOST - 1; i++)
		argv[k++] = call->argv[i];
	rc = process_run(&result,
			 &(struct process_options){.argv = argv,
						   .cwd = store->worktree ? store->worktree : store->git_dir,
						   .environment = environment,
						   .input = call->input,
						   .input_len = call->input_len,
						   .out = call->out,
						   .errors = &said,
						   .limits = &limits},
			 err);
	if (!rc && result.timed_out && call->most && call->out && call->out->len > before + call->most)
		rc = 1;
	else if (!rc && result.timed_out)
		rc = error_set(err, ERR_MACHINE, "git %s gave no answer in %.0f seconds", git_verb(call->argv),
			       call->seconds);
	else if (!rc && result.exit)
		rc = error_set(err, ERR_MACHINE, "git %s failed (exit %d): %.*s", git_verb(call->argv), result.exit,
			       (int)first_line(git_words(said.text)), git_words(said.text));
	free(index);
	buf_release(&said);
	return rc;
}

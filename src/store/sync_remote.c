/*
 * The other side, by git itself: fetching into references of our own that go again, and pushing by object name, so that
 * exactly that leaves which was asked about. Nothing is ever forced.
 */
#include "store/sync_work.h"
#include "base/mem.h"

#include <unistd.h>

#define FETCHED_RUNS "refs/assay/sync/runs"
#define FETCHED_KEEP "refs/assay/sync/keep"

/* The first line of what git says; NULL where it says no or nothing. The caller's. */
static int ask(char **out, const struct store *store, const char *const *argv, struct error *err)
{
	struct buf text = BUF_INIT;
	struct error no = {0};
	int rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, &no);

	*out = NULL;
	if (rc == ERR_NOMEM)
		error_say_nomem(err);
	else if (!rc && first_line(text.text)) {
		*out = mem_text_n(text.text, first_line(text.text));
		rc = *out ? 0 : error_nomem(err);
	} else {
		rc = 0;
	}
	buf_release(&text);
	return rc;
}

/* Without a word: the remote that the branch follows, else origin. */
static int usual_remote(struct sync *sync, struct error *err)
{
	char *key = mem_printf("branch.%s.remote", sync->store->branch);
	const char *argv[] = {"config", "--get", key, NULL};
	int rc = key ? ask(&sync->remote, sync->store, argv, err) : error_nomem(err);

	if (!rc && sync->remote && !strcmp(sync->remote, ".")) {
		free(sync->remote);
		sync->remote = NULL;
	}
	if (!rc && !sync->remote && !(sync->remote = mem_text("origin")))
		rc = error_nomem(err);
	free(key);
	return rc;
}

static int is_remote(struct sync *sync, const char *name, struct error *err)
{
	char *key = mem_printf("remote.%s.url", name), *url = NULL;
	const char *argv[] = {"config", "--get-all", key, NULL};
	int rc = key ? ask(&url, sync->store, argv, err) : error_nomem(err);

	sync->named = url != NULL;
	free(url);
	free(key);
	return rc;
}

/* "https://...", and git's short form HOST:PATH, whose colon comes before any slash. */
static int is_url(const char *with)
{
	size_t colon = strcspn(with, ":/");

	return strstr(with, "://") || with[colon] == ':';
}

static int ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), k = strlen(end);

	return n > k && !strcmp(text + n - k, end);
}

/* git runs at the top of the work tree: a path from here has to be whole. */
static int take_path(struct sync *sync, const char *with, struct error *err)
{
	char *here = getcwd(NULL, 0);

	sync->bundle = dir_exists(with) ? 0 : file_exists(with) ? 2 : ends_with(with, ".bundle");
	if (!here)
		return error_errno(err, "cannot name this folder");
	sync->remote = path_join(here, with);
	free(here);
	if (!sync->remote)
		return error_nomem(err);
	if (sync->bundle || dir_exists(with))
		return 0;
	error_set(err, ERR_INPUT, "there is no remote, repository or bundle '%s'", with);
	error_hint(err, "`git remote -v` lists the remotes; a bundle that is to be made is named NAME.bundle");
	return ERR_INPUT;
}

int sync_find_remote(struct sync *sync, struct error *err)
{
	const char *with = sync->options->with;
	int rc;

	if (with && (!*with || *with == '-'))
		return error_set(err, ERR_INPUT, "'%s' can be no remote", with);
	if (with) {
		rc = is_remote(sync, with, err);
		if (rc < 0)
			return rc;
		if (!sync->named && !is_url(with))
			return take_path(sync, with, err);
		sync->remote = mem_text(with);
		return sync->remote ? 0 : error_nomem(err);
	}
	rc = usual_remote(sync, err);
	if (!rc)
		rc = is_remote(sync, sync->remote, err);
	if (!rc && !sync->named) {
		rc = error_set(err, ERR_INPUT, "this repository has no remote '%s'", sync->remote);
		error_hint(
			err,
			"`git remote add origin URL` adds one; or say with what: assay sync URL, PATH or NAME.bundle");
	}
	return rc;
}

/* What the other side has, from lines "HEX<TAB>REF". */
static int list_remote(struct sync *sync, struct error *err)
{
	const char *argv[] = {"ls-remote", "--quiet", sync->remote, sync->store->branch_ref, KEEP_REF, NULL};
	struct buf text = BUF_INIT;
	int rc = git_run(sync->store, &(struct git_call){.argv = argv, .out = &text, .asks = 1}, err);

	sync->their_runs.there = sync->their_keep.there = 0;
	for (char *at = text.text, *next; !rc && *at; at = next) {
		size_t len = strcspn(at, "\n");
		struct end *end;

		next = at + len + (at[len] == '\n');
		at[len] = '\0';
		if (len <= OID_HEX || at[OID_HEX - 1] != '\t')
			continue;
		end = !strcmp(at + OID_HEX, sync->store->branch_ref) ? &sync->their_runs
		      : !strcmp(at + OID_HEX, KEEP_REF)              ? &sync->their_keep
								     : NULL;
		if (end && git_oid_fromstr(&end->id, at) == 0)
			end->there = 1;
	}
	buf_release(&text);
	return rc;
}

int sync_forget(struct sync *sync, struct error *err)
{
	static const char *const ref[] = {FETCHED_RUNS, FETCHED_KEEP};
	int rc = 0;

	for (size_t i = 0; !rc && i < 2; i++) {
		int code = git_reference_remove(sync->store->repo, ref[i]);

		if (code < 0 && code != GIT_ENOTFOUND)
			rc = git_fail(err, code, "cannot remove %s", ref[i]);
	}
	return rc;
}

/* What is there may have moved since it was listed: what counts is what came. */
static int read_fetched(struct end *end, struct sync *sync, const char *ref, struct error *err)
{
	return end->there ? ref_read(&end->id, &end->there, sync->store, ref, err) : 0;
}

int sync_fetch(struct sync *sync, struct error *err)
{
	char *runs = mem_printf("+%s:" FETCHED_RUNS, sync->store->branch_ref);
	const char *argv[12] = {"fetch",
				"--quiet",
				"--no-tags",
				"--no-write-fetch-head",
				"--no-prune",
				"--no-recurse-submodules",
				"--no-auto-maintenance",
				sync->remote};
	size_t n = 8;
	int rc = runs ? 0 : error_nomem(err);

	if (!rc && sync->bundle == 1) /* the file is still to be made */
		goto out;
	if (!rc)
		rc = list_remote(sync, err);
	if (sync->options->no_code)
		sync->their_keep.there = 0;
	if (!rc)
		rc = sync_forget(sync, err);
	if (sync->their_runs.there && !(sync->runs.there && git_oid_equal(&sync->runs.id, &sync->their_runs.id)))
		argv[n++] = runs;
	if (sync->their_keep.there && !(sync->keep.there && git_oid_equal(&sync->keep.id, &sync->their_keep.id)))
		argv[n++] = "+" KEEP_REF ":" FETCHED_KEEP;
	if (rc < 0 || n == 8)
		goto out;
	rc = git_run(sync->store, &(struct git_call){.argv = argv, .asks = 1}, err);
	for (size_t i = 8; !rc && i < n; i++)
		rc = argv[i] == runs ? read_fetched(&sync->their_runs, sync, FETCHED_RUNS, err)
				     : read_fetched(&sync->their_keep, sync, FETCHED_KEEP, err);
out:
	free(runs);
	return rc;
}

/* Somebody else's push came between: what git says of a reference that it would not move. */
static int was_faster(const char *line)
{
	static const char *const words[] = {"fetch first",
					    "non-fast-forward",
					    "stale info",
					    "cannot lock ref",
					    "failed to update ref",
					    "incorrect old value",
					    "reference already exists",
					    "failed to lock"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strstr(line, words[i]))
			return 1;
	return 0;
}

/* `git push --porcelain`: a line "!<TAB>FROM:TO<TAB>[rejected] (why)" for each reference that was refused. */
static int refused(const struct sync *sync, char *said, const struct error *why, struct error *err)
{
	for (char *at = said, *next; *at; at = next) {
		size_t len = strcspn(at, "\n");
		const char *summary;

		next = at + len + (at[len] == '\n');
		at[len] = '\0';
		if (at[0] != '!' || at[1] != '\t')
			continue;
		if (was_faster(at))
			return error_set(err, ERR_MOVED, "%s moves all the time: somebody else was faster each time",
					 sync->remote);
		summary = strrchr(at, '\t');
		return error_set(err, ERR_MACHINE, "%s refused %s: %s", sync->remote,
				 strstr(at, KEEP_REF) ? KEEP_REF : sync->store->branch, summary + 1);
	}
	return error_set(err, ERR_MACHINE, "%s", why->text);
}

static int note_large(void *context, const char *path, const char *blob_hex)
{
	(void)context;
	return blob_hex && strstr(path, "/lfs/") ? 1 : 0;
}

/* Large files first, as the hook of git-lfs has it: a pointer without its object is of no use to anybody. */
static int send_large(struct sync *sync, struct error *err)
{
	const char *argv[] = {"lfs", "push", sync->remote, sync->store->branch, NULL};
	char from[OID_HEX] = "", to[OID_HEX];
	int rc = store_uses_lfs(sync->store, 0, err);

	if (rc <= 0)
		return rc;
	if (sync->their_runs.there)
		git_oid_tostr(from, sizeof(from), &sync->their_runs.id);
	rc = store_tree_changes(sync->store, from, git_oid_tostr(to, sizeof(to), &sync->runs.id), "runs", NULL,
				note_large, NULL, err);
	if (rc <= 0)
		return rc;
	rc = git_run(sync->store, &(struct git_call){.argv = argv, .asks = 1}, err);
	error_prefix(err, "the large files");
	return rc;
}

/* A bundle holds all of both references: whoever gets it needs nothing else. */
static int write_bundle(struct sync *sync, struct error *err)
{
	char *path = mem_printf("%s.tmp-%ld", sync->remote, (long)getpid());
	const char *argv[] = {"bundle", "create", "--quiet", path, sync->store->branch_ref, NULL, NULL};
	int rc = path ? 0 : error_nomem(err);

	if (!sync->options->no_code && sync->keep.there)
		argv[5] = KEEP_REF;
	if (!rc)
		rc = git_run(sync->store, &(struct git_call){.argv = argv}, err);
	if (!rc && rename(path, sync->remote) < 0)
		rc = error_errno(err, "cannot write %s", sync->remote);
	if (rc < 0 && path)
		unlink(path);
	free(path);
	return rc;
}

/* What the references here say must be what was joined and asked about. */
static int still_here(struct sync *sync, struct error *err)
{
	struct end runs = {0}, keep = {0};
	int rc = ref_read(&runs.id, &runs.there, sync->store, sync->store->branch_ref, err);

	if (!rc)
		rc = ref_read(&keep.id, &keep.there, sync->store, KEEP_REF, err);
	if (!rc && (!runs.there || !git_oid_equal(&runs.id, &sync->runs.id) || keep.there != sync->keep.there ||
		    (keep.there && !git_oid_equal(&keep.id, &sync->keep.id))))
		rc = error_set(err, ERR_MOVED, "runs are being made here all the time");
	return rc;
}

int sync_send(struct sync *sync, struct error *err)
{
	const char *argv[10] = {"push", "--porcelain", "--no-follow-tags", "--recurse-submodules=no", sync->remote};
	char hex[OID_HEX], *runs = NULL, *keep = NULL;
	struct buf said = BUF_INIT;
	struct error why = {0};
	size_t n = 5;
	int rc = 0;

	if (sync->bundle) {
		rc = still_here(sync, err);
		return rc < 0 ? rc : write_bundle(sync, err);
	}
	if (!sync->their_runs.there || !git_oid_equal(&sync->their_runs.id, &sync->runs.id)) {
		runs = mem_printf("%s:%s", git_oid_tostr(hex, sizeof(hex), &sync->runs.id), sync->store->branch_ref);
		argv[n++] = runs;
		rc = runs ? send_large(sync, err) : error_nomem(err);
	}
	if (!rc && !sync->options->no_code && sync->keep.there &&
	    (!sync->their_keep.there || !git_oid_equal(&sync->their_keep.id, &sync->keep.id))) {
		keep = mem_printf("%s:" KEEP_REF, git_oid_tostr(hex, sizeof(hex), &sync->keep.id));
		argv[n++] = keep;
		rc = keep ? 0 : error_nomem(err);
	}
	if (!rc && n > 5) {
		rc = git_run(sync->store, &(struct git_call){.argv = argv, .out = &said, .asks = 1}, &why);
		if (rc < 0)
			rc = refused(sync, said.text, &why, err);
	}
	buf_release(&said);
	free(runs);
	free(keep);
	return rc;
}

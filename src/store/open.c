/*
 * Opening: git itself is asked once where things are, since only it knows environment, ownership, work trees and
 * extensions; libgit2 then opens exactly that. libgit2 needs milliseconds to wake up (it reads the system's
 * certificates, and nobody can stop it): it does so in a thread while git answers.
 */
#include "store/repo.h"
#include "base/mem.h"
#include "base/process.h"
#include "store/memory.h"
#include "store/status.h"

enum answer { BARE, INSIDE, SHALLOW, OBJECTS, REFS, GIT_DIR, COMMON_DIR, TOP, ANSWERS };

static void *start_libgit2(void *result)
{
	*(int *)result = memory_guard_libgit2() < 0 ? -1 : git_libgit2_init();
	return NULL;
}

static void wait_for_libgit2(struct store *store)
{
	if (store->starting)
		pthread_join(store->starter, NULL);
	store->starting = 0;
}

/* Extensions that libgit2 does not know by name and that change nothing for it. */
static int allow_extensions(struct error *err)
{
	const char *known[] = {"worktreeconfig", "partialclone", "preciousobjects", "relativeworktrees"};
	int rc = git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, known, sizeof(known) / sizeof(*known));

	/* git has just checked who owns it, with the user's safe.directory in all its forms */
	if (!rc)
		rc = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	return rc < 0 ? git_fail(err, rc, "cannot set up libgit2") : 0;
}

int store_repo(struct store *store, struct error *err)
{
	int rc;

	if (store->odb)
		return 0;
	wait_for_libgit2(store);
	if (store->started < 1)
		return error_set(err, ERR_MACHINE, "libgit2 does not start");
	rc = allow_extensions(err);
	if (rc < 0)
		return rc;
	rc = git_repository_open_ext(&store->repo, store->git_dir,
				     GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT, NULL);
	if (rc < 0)
		return git_fail(err, rc, "cannot open the repository %s", store->git_dir);
	rc = git_repository_odb(&store->odb, store->repo);
	return rc < 0 ? git_fail(err, rc, "cannot open the objects of %s", store->common_dir) : 0;
}

int store_pile(struct store *store, struct error *err)
{
	int rc = store_repo(store, err);

	if (rc < 0 || store->pile)
		return rc;
	rc = pile_new(&store->pile, store->odb, store->common_dir);
	return rc < 0 ? git_fail(err, rc, "cannot prepare new objects") : 0;
}

/* git said no: in our words where we know what to do, else in its own. */
static int refuse(const char *dir, const char *said, struct error *err)
{
	const char *words = strncmp(said, "fatal: ", 7) ? said : said + 7;

	if (strstr(said, "not a git repository")) {
		error_set(err, ERR_INPUT, "%s is not inside a git repository", dir);
		error_hint(err, "make one with `git init` or `assay init`, or name one with -C DIR");
		return ERR_INPUT;
	}
	error_set(err, ERR_INPUT, "git cannot use the repository at %s: %.*s", dir, (int)first_line(words), words);
	if (strstr(said, "safe.directory"))
		error_hint(err, "git config --global --add safe.directory DIR, if you trust whoever owns it");
	return ERR_INPUT;
}

/* Cut text at its line ends; 0, or how many lines there are if not `n` (one less where the top is not there). */
static int take_lines(char *line[ANSWERS], char *text)
{
	int n = 0;

	for (char *at = text; *at && n <= ANSWERS; n++) {
		char *end = strchr(at, '\n');

		if (n < ANSWERS)
			line[n] = at;
		if (!end)
			return n + 1;
		*end = '\0';
		at = end + 1;
	}
	return n;
}

static int name_branch(struct store *store, const char *name, struct error *err)
{
	char *ref = mem_printf("refs/heads/%s", name), *copy = mem_text(name);

	if (!ref || !copy) {
		free(ref);
		free(copy);
		return error_nomem(err);
	}
	free(store->branch);
	free(store->branch_ref);
	store->branch = copy;
	store->branch_ref = ref;
	return 0;
}

static int take_answers(struct store *store, char *line[ANSWERS], struct error *err)
{
	if (strcmp(line[OBJECTS], "sha1") != 0) {
		error_set(err, ERR_INPUT, "%s names its objects by %s, which libgit2 cannot read yet", line[GIT_DIR],
			  line[OBJECTS]);
		error_hint(err, "keep the runs in a repository of the usual format (sha1)");
		return ERR_INPUT;
	}
	/* git before 2.45 does not know the question and says it back */
	if (strcmp(line[REFS], "files") != 0 && strcmp(line[REFS], "--show-ref-format") != 0) {
		error_set(err, ERR_INPUT, "%s keeps its references as %s, which libgit2 cannot read yet", line[GIT_DIR],
			  line[REFS]);
		error_hint(err, "`git refs migrate --ref-format=files` turns it into the usual format");
		return ERR_INPUT;
	}
	store->bare = !strcmp(line[BARE], "true");
	store->git_dir = mem_text(line[GIT_DIR]);
	store->common_dir = mem_text(line[COMMON_DIR]);
	store->assay_dir = mem_printf("%s/assay", line[COMMON_DIR]);
	store->env_git_dir = mem_printf("GIT_DIR=%s", line[GIT_DIR]);
	if (!store->git_dir || !store->common_dir || !store->assay_dir || !store->env_git_dir)
		return error_nomem(err);
	if (line[TOP]) {
		store->worktree = mem_text(line[TOP]);
		store->env_worktree = mem_printf("GIT_WORK_TREE=%s", line[TOP]);
		if (!store->worktree || !store->env_worktree)
			return error_nomem(err);
	}
	return name_branch(store, "assay/runs", err);
}

/* Everything that git knows about the repository around dir, in one process. */
static int ask_git(struct store *store, const char *dir, struct error *err)
{
	/* the top comes last: git ends with an error there where there is no work tree, the rest being said */
	const char *argv[] = {"git",
			      "rev-parse",
			      "--path-format=absolute",
			      "--is-bare-repository",
			      "--is-inside-work-tree",
			      "--is-shallow-repository",
			      "--show-object-format",
			      "--show-ref-format",
			      "--absolute-git-dir",
			      "--git-common-dir",
			      "--show-toplevel",
			      NULL};
	const char *environment[] = {"LC_ALL=C", NULL};
	struct buf out = BUF_INIT, said = BUF_INIT;
	struct process_result result = {0};
	char *line[ANSWERS] = {0};
	int rc, lines;

	rc = process_run(&result,
			 &(struct process_options){
				 .argv = argv, .cwd = dir, .environment = environment, .out = &out, .errors = &said},
			 err);
	if (rc == ERR_NOT_FOUND) {
		error_clear(err);
		rc = error_set(err, ERR_MACHINE, "git is not installed");
		error_hint(err, "install it: apt-get install git");
	}
	if (rc < 0)
		goto out;
	lines = take_lines(line, out.text);
	if (result.exit ? lines != TOP || strstr(said.text, "must be run in a work tree") == NULL : lines != ANSWERS)
		rc = lines > ANSWERS ? error_set(err, ERR_INPUT, "the repository at %s has a line end in its path", dir)
				     : refuse(dir, said.text, err);
	else
		rc = take_answers(store, line, err);
out:
	buf_release(&out);
	buf_release(&said);
	return rc;
}

int store_open(struct store **out, const char *dir, struct error *err)
{
	struct store *store;
	int rc;

	if (!dir_exists(dir))
		return error_set(err, ERR_INPUT, "there is no folder %s", dir);
	store = mem_zeroed(1, sizeof(*store));
	if (!store)
		return error_nomem(err);
	if (pthread_create(&store->starter, NULL, start_libgit2, &store->started) == 0)
		store->starting = 1;
	else
		start_libgit2(&store->started);
	rc = ask_git(store, dir, err);
	if (rc < 0)
		store_free(store);
	else
		*out = store;
	return rc;
}

static void ident_release(struct ident *ident)
{
	free(ident->name);
	free(ident->mail);
}

void store_free(struct store *store)
{
	if (!store)
		return;
	wait_for_libgit2(store);
	status_drop(store);
	git_odb_free(store->odb);
	git_repository_free(store->repo);
	if (store->started > 0)
		git_libgit2_shutdown();
	ident_release(&store->author);
	ident_release(&store->committer);
	free(store->git_dir);
	free(store->common_dir);
	free(store->worktree);
	free(store->assay_dir);
	free(store->branch);
	free(store->branch_ref);
	free(store->spool);
	free(store->lfs);
	free(store->env_git_dir);
	free(store->env_worktree);
	free(store);
}

const char *store_worktree(const struct store *store)
{
	return store->worktree;
}

const char *store_assay_dir(const struct store *store)
{
	return store->assay_dir;
}

const char *store_branch(const struct store *store)
{
	return store->branch;
}

int store_set_branch(struct store *store, const char *name, struct error *err)
{
	char *ref = mem_printf("refs/heads/%s", name);
	int valid;

	if (!ref)
		return error_nomem(err);
	wait_for_libgit2(store); /* it allocates nothing before it is awake */
	valid = name[0] != '-' && strcmp(name, "HEAD") != 0 && git_reference_is_valid_name(ref);
	free(ref);
	if (!valid)
		return error_set(err, ERR_INPUT, "'%s' cannot be the name of a branch", name);
	return name_branch(store, name, err);
}

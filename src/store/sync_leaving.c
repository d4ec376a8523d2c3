/*
 * What would leave this machine for the first time: commits that the chain keeps and no remote is known to have. A
 * snapshot is listed file by file, those that git did not track first, since nobody has ever said that they may leave;
 * any other commit by its subject.
 */
#include "store/sync_work.h"
#include "store/commit.h"
#include "base/mem.h"

struct snapshot {
	char hex[OID_HEX];
	char *run; /* id of one that was made from it; NULL: not known */
};

struct taken { /* a file of snapshots */
	char *path;
	int untracked;
	size_t snapshots;
	const struct snapshot *first;
};

struct leaving {
	struct sync *sync;
	struct snapshot *snapshot; /* sorted by hex after collect() */
	size_t n, cap;
	struct taken *file;
	size_t files, files_cap;
	struct names commits; /* "commit HEX: SUBJECT" */
};

static void leaving_release(struct leaving *leaving)
{
	for (size_t i = 0; i < leaving->n; i++)
		free(leaving->snapshot[i].run);
	for (size_t i = 0; i < leaving->files; i++)
		free(leaving->file[i].path);
	free(leaving->snapshot);
	free(leaving->file);
	names_free(&leaving->commits);
}

/* One line of git's log: "COMMIT TREE ID SUBJECT", ID being that of a run's commit, else '-'. */
static int take_commit(struct leaving *leaving, char *line, struct error *err)
{
	char *tree = strchr(line, ' '), *run = tree ? strchr(tree + 1, ' ') : NULL,
	     *subject = run ? strchr(run + 1, '\t') : NULL, *text;
	int rc;

	if (!subject)
		return 0;
	*tree++ = *run++ = *subject++ = '\0';
	if ((!strcmp(tree, EMPTY_TREE) && !strncmp(subject, KEEP_SUBJECT, strlen(KEEP_SUBJECT))) ||
	    *run) /* a link of the chain, or a run: no code */
		return 0;
	leaving->sync->report->commits_out++;
	if (!strcmp(subject, SNAPSHOT_SUBJECT)) {
		if (MEM_GROW(leaving->snapshot, leaving->n, leaving->cap, err) < 0)
			return ERR_NOMEM;
		leaving->snapshot[leaving->n] = (struct snapshot){0};
		snprintf(leaving->snapshot[leaving->n++].hex, OID_HEX, "%s", line);
		return 0;
	}
	text = mem_printf("commit %.10s: %s", line, subject);
	rc = text ? names_add(&leaving->commits, text, err) : error_nomem(err);
	free(text);
	return rc;
}

/* git's log of what `keep` reaches, or of all runs, without what the other side and any remote has. */
static int collect(struct leaving *leaving, struct error *err)
{
	struct sync *sync = leaving->sync;
	char keep[OID_HEX], runs[OID_HEX + 1] = "^", their_runs[OID_HEX + 1] = "^", their_keep[OID_HEX + 1] = "^";
	const char *argv[16] = {"-c",
				"log.showSignature=false",
				"log",
				"--no-color",
				"--no-notes",
				"--format=%H %T %(trailers:key=Assay-Run,valueonly,separator=%x20)%x09%s",
				git_oid_tostr(keep, sizeof(keep), &sync->keep.id)};
	struct buf text = BUF_INIT;
	size_t n = 7;
	int rc;

	if (sync->runs.there) {
		git_oid_tostr(runs + 1, OID_HEX, &sync->runs.id);
		argv[n++] = runs;
	}
	if (sync->their_runs.there) {
		git_oid_tostr(their_runs + 1, OID_HEX, &sync->their_runs.id);
		argv[n++] = their_runs;
	}
	if (sync->their_keep.there) {
		git_oid_tostr(their_keep + 1, OID_HEX, &sync->their_keep.id);
		argv[n++] = their_keep;
	}
	argv[n++] = "--not";
	argv[n++] = "--remotes";
	argv[n] = "--";
	rc = git_run(sync->store, &(struct git_call){.argv = argv, .out = &text}, err);
	for (char *at = text.text, *next; !rc && *at; at = next) {
		size_t len = strcspn(at, "\n");

		next = at + len + (at[len] == '\n');
		at[len] = '\0';
		rc = take_commit(leaving, at, err);
	}
	buf_release(&text);
	return rc;
}

static int by_hex(const void *a, const void *b)
{
	return strcmp(((const struct snapshot *)a)->hex, ((const struct snapshot *)b)->hex);
}

static struct snapshot *snapshot_of(const struct leaving *leaving, const char *hex)
{
	struct snapshot key = {0};

	snprintf(key.hex, sizeof(key.hex), "%s", hex);
	return bsearch(&key, leaving->snapshot, leaving->n, sizeof(key), by_hex);
}

static const char format[] = "--format=%(trailers:key=Assay-Code,valueonly,separator=%x20) "
			     "%(trailers:key=Assay-Run,valueonly,separator=%x20)";

/* Which run each snapshot belongs to: the trailers of the runs' own commits say so. */
static int name_runs(struct leaving *leaving, struct error *err)
{
	char tip[OID_HEX];
	const char *argv[] = {"-c",
			      "log.showSignature=false",
			      "log",
			      "--no-color",
			      "--no-notes",
			      format,
			      git_oid_tostr(tip, sizeof(tip), &leaving->sync->runs.id),
			      "--",
			      NULL};
	struct buf text = BUF_INIT;
	int rc = git_run(leaving->sync->store, &(struct git_call){.argv = argv, .out = &text}, err);

	for (char *at = text.text, *next; !rc && *at; at = next) {
		size_t len = strcspn(at, "\n");
		struct snapshot *found;

		next = at + len + (at[len] == '\n');
		at[len] = '\0';
		if (len <= OID_HEX || at[OID_HEX - 1] != ' ')
			continue;
		at[OID_HEX - 1] = '\0';
		found = snapshot_of(leaving, at);
		if (!found)
			continue;
		free(found->run); /* the walk goes to older ones: the first run of a snapshot is named */
		found->run = mem_text(at + OID_HEX);
		if (!found->run)
			rc = error_nomem(err);
	}
	buf_release(&text);
	return rc;
}

static int add_file(struct leaving *leaving, const struct snapshot *of, char status, const char *path,
		    struct error *err)
{
	struct taken *file;

	if (status == 'D')
		return 0;
	if (MEM_GROW(leaving->file, leaving->files, leaving->files_cap, err) < 0)
		return ERR_NOMEM;
	file = &leaving->file[leaving->files];
	*file = (struct taken){.path = mem_text(path), .untracked = status == 'A', .snapshots = 1, .first = of};
	if (!file->path)
		return error_nomem(err);
	leaving->files++;
	return 0;
}

/* Words ended by NUL: a commit's name, then a letter and a path for each file. */
static int take_files(struct leaving *leaving, const struct buf *text, struct error *err)
{
	const struct snapshot *of = NULL;
	int rc = 0;

	for (const char *at = text->text, *end = at + text->len; !rc && at < end; at += strlen(at) + 1) {
		const char *path = at + strlen(at) + 1;

		if (strlen(at) == OID_HEX - 1) {
			of = snapshot_of(leaving, at);
		} else if (of && path < end) {
			rc = add_file(leaving, of, at[0], path, err);
			at = path;
		}
	}
	return rc;
}

/* What each snapshot has beyond the commit that it stands on. */
static int list_files(struct leaving *leaving, struct error *err)
{
	static const char *const argv[] = {"diff-tree", "--stdin",       "-r",           "-z",
					   "--root",    "--name-status", "--no-renames", NULL};
	struct buf input = BUF_INIT, text = BUF_INIT;
	int rc;

	for (size_t i = 0; i < leaving->n; i++)
		buf_printf(&input, "%s\n", leaving->snapshot[i].hex);
	rc = buf_check(&input, err);
	if (!rc)
		rc = git_run(
			leaving->sync->store,
			&(struct git_call){.argv = argv, .input = input.text, .input_len = input.len, .out = &text},
			err);
	if (!rc)
		rc = take_files(leaving, &text, err);
	buf_release(&input);
	buf_release(&text);
	return rc;
}

/* Untracked ones first, then by path, then by the run that is named. */
static int by_path(const void *a, const void *b)
{
	const struct taken *x = a, *y = b;
	int order = y->untracked - x->untracked;

	if (!order)
		order = strcmp(x->path, y->path);
	if (!order)
		order = strcmp(x->first->run ? x->first->run : x->first->hex,
			       y->first->run ? y->first->run : y->first->hex);
	return order;
}

/* A file that a hundred snapshots took is one line. */
static void fold(struct leaving *leaving)
{
	size_t n = 0;

	if (leaving->files)
		qsort(leaving->file, leaving->files, sizeof(*leaving->file), by_path);
	for (size_t i = 0; i < leaving->files; i++) {
		struct taken *last = n ? &leaving->file[n - 1] : NULL;

		if (last && last->untracked == leaving->file[i].untracked &&
		    !strcmp(last->path, leaving->file[i].path)) {
			last->snapshots++;
			free(leaving->file[i].path);
		} else {
			leaving->file[n++] = leaving->file[i];
		}
	}
	leaving->files = n;
}

static int say_files(struct leaving *leaving, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < leaving->files; i++) {
		const struct taken *file = &leaving->file[i];
		struct buf line = BUF_INIT;

		buf_printf(&line, "%s (%s, snapshot of %s", file->path,
			   file->untracked ? "not tracked by git" : "changed and not committed",
			   file->first->run ? file->first->run : file->first->hex);
		if (file->snapshots > 1)
			buf_printf(&line, " and %zu more", file->snapshots - 1);
		buf_putc(&line, ')');
		rc = buf_check(&line, err);
		if (!rc)
			rc = names_add(&leaving->sync->report->files_out, line.text, err);
		buf_release(&line);
	}
	for (size_t i = 0; !rc && i < leaving->commits.n; i++)
		rc = names_add(&leaving->sync->report->files_out, leaving->commits.name[i], err);
	return rc;
}

int sync_leaving(struct sync *sync, struct error *err)
{
	struct leaving leaving = {.sync = sync};
	int rc = 0;

	sync->report->commits_out = 0;
	names_free(&sync->report->files_out);
	sync->report->files_out = (struct names){0};
	if (sync->options->no_code || !sync->keep.there ||
	    (sync->their_keep.there && git_oid_equal(&sync->keep.id, &sync->their_keep.id)))
		return 0;
	rc = collect(&leaving, err);
	if (!rc && leaving.n) {
		qsort(leaving.snapshot, leaving.n, sizeof(*leaving.snapshot), by_hex);
		rc = sync->runs.there ? name_runs(&leaving, err) : 0;
		if (!rc)
			rc = list_files(&leaving, err);
		if (!rc)
			fold(&leaving);
	}
	if (!rc)
		rc = say_files(&leaving, err);
	leaving_release(&leaving);
	return rc;
}

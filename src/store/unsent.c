/*
 * See unsent.h. git follows a remote's branches in refs/remotes, but nothing there says whether it has refs/assay/keep: an
 * exchange that sent it notes that in assay_dir/sent, a line "HEX REMOTE" each. Derived: without it more is taken for unsent.
 */
#include "store/unsent.h"
#include "store/commit.h"
#include "store/sync_work.h"
#include "base/mem.h"

/* The line of a remote; NULL if there is none. */
static const char *line_of(const char *text, const char *remote)
{
	for (const char *at = text; *at; at += strcspn(at, "\n"), at += *at == '\n') {
		size_t len = strcspn(at, "\n");

		if (len == OID_HEX + strlen(remote) && at[OID_HEX - 1] == ' ' &&
		    !strncmp(at + OID_HEX, remote, strlen(remote)))
			return at;
	}
	return NULL;
}

static int read_sent(struct buf *out, char **path, const struct store *store, struct error *err)
{
	struct error missing = {0};
	int rc;

	*path = path_join(store->assay_dir, "sent");
	rc = *path ? file_read(out, *path, &missing) : error_nomem(err);
	if (rc == ERR_NOT_FOUND)
		return 0;
	return rc < 0 && *path ? error_set(err, rc, "%s", missing.text) : rc;
}

int sync_note_sent(const struct sync *sync, struct error *err)
{
	struct buf text = BUF_INIT, now = BUF_INIT;
	char hex[OID_HEX], *path = NULL;
	const char *old;
	int rc = read_sent(&text, &path, sync->store, err);

	if (!rc) {
		old = line_of(text.text, sync->remote);
		buf_printf(&now, "%s %s\n", git_oid_tostr(hex, sizeof(hex), &sync->keep.id), sync->remote);
		buf_put(&now, text.text, old ? (size_t)(old - text.text) : text.len);
		if (old)
			buf_puts(&now, old + strcspn(old, "\n") + 1);
		rc = buf_check(&now, err);
	}
	if (!rc)
		rc = file_write(path, now.text, now.len, err);
	buf_release(&text);
	buf_release(&now);
	free(path);
	return rc;
}

static int count_run(void *context, const char *path, const char *blob_hex)
{
	(void)path;
	*(size_t *)context += blob_hex != NULL;
	return 0;
}

static int count_runs(size_t *out, const struct sync *sync, const struct end *runs, struct error *err)
{
	char *tracked = mem_printf("refs/remotes/%s/%s", sync->remote, sync->store->branch);
	char from[OID_HEX] = "", to[OID_HEX];
	struct end theirs = {0};
	int rc = tracked ? ref_read(&theirs.id, &theirs.there, sync->store, tracked, err) : error_nomem(err);

	free(tracked);
	if (rc < 0 || !runs->there)
		return rc;
	if (theirs.there)
		git_oid_tostr(from, sizeof(from), &theirs.id);
	git_oid_tostr(to, sizeof(to), &runs->id);
	return store_tree_changes(sync->store, from, to, "runs", "run.json", count_run, out, err);
}

/* What the chain keeps beyond its own links and the runs. A name that is not here any more says nothing. */
static int count_commits(size_t *out, const struct sync *sync, const struct end *runs, const struct end *keep,
			 const char *sent, struct error *err)
{
	char at[OID_HEX], without[OID_HEX + 1] = "^", but[OID_HEX + 1] = "^";
	const char *argv[16] = {"-c",
				"log.showSignature=false",
				"log",
				"--no-color",
				"--no-notes",
				"--format=%T %s",
				git_oid_tostr(at, sizeof(at), &keep->id)};
	static const char link[] = EMPTY_TREE " " KEEP_SUBJECT;
	struct buf text = BUF_INIT;
	size_t n = 7;
	git_oid id;
	int rc;

	if (runs->there) {
		git_oid_tostr(without + 1, OID_HEX, &runs->id);
		argv[n++] = without;
	}
	if (sent && git_oid_fromstrn(&id, sent, GIT_OID_HEXSZ) == 0 && git_odb_exists(sync->store->odb, &id)) {
		git_oid_tostr(but + 1, OID_HEX, &id);
		argv[n++] = but;
	}
	argv[n++] = "--not";
	argv[n++] = "--remotes";
	argv[n] = "--";
	rc = git_run(sync->store, &(struct git_call){.argv = argv, .out = &text}, err);
	for (const char *line = text.text; !rc && *line; line += strcspn(line, "\n"), line += *line == '\n')
		*out += strncmp(line, link, strlen(link)) != 0;
	buf_release(&text);
	return rc;
}

static int look(struct store_unsent *out, struct sync *sync, struct error *err)
{
	struct end runs = {0}, keep = {0};
	struct buf sent = BUF_INIT;
	char hex[OID_HEX], *path = NULL;
	const char *line = NULL;
	int rc = store_repo(sync->store, err);

	if (!rc)
		rc = ref_read(&runs.id, &runs.there, sync->store, sync->store->branch_ref, err);
	if (!rc)
		rc = ref_read(&keep.id, &keep.there, sync->store, KEEP_REF, err);
	if (!rc)
		rc = count_runs(&out->runs, sync, &runs, err);
	if (!rc && keep.there)
		rc = read_sent(&sent, &path, sync->store, err);
	if (!rc && keep.there) {
		line = line_of(sent.text, sync->remote);
		if (!line || strncmp(line, git_oid_tostr(hex, sizeof(hex), &keep.id), OID_HEX - 1) != 0)
			rc = count_commits(&out->commits, sync, &runs, &keep, line, err);
	}
	buf_release(&sent);
	free(path);
	return rc;
}

int store_unsent(struct store_unsent *out, struct store *store, struct error *err)
{
	static const struct sync_options usual = {0};
	struct sync_report report = {0};
	struct sync sync = {.store = store, .options = &usual, .report = &report};
	struct store_unsent made = {0};
	struct error none = {0};
	int rc = sync_find_remote(&sync, &none);

	if (rc == ERR_INPUT) /* there is no remote */
		rc = 0;
	else if (rc < 0)
		error_set(err, rc, "%s", none.text);
	else
		rc = look(&made, &sync, err);
	if (!rc && sync.named) {
		made.remote = sync.remote;
		sync.remote = NULL;
	}
	free(sync.remote);
	if (rc < 0)
		store_unsent_release(&made);
	else
		*out = made;
	return rc;
}

void store_unsent_release(struct store_unsent *unsent)
{
	free(unsent->remote);
	*unsent = (struct store_unsent){0};
}

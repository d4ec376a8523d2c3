/* git status --porcelain=v2 -z: one process, and everything that counts as a change is git's own judgement. */
#include "store/status.h"
#include "base/mem.h"

void status_release(struct status *status)
{
	for (size_t i = 0; i < status->n; i++)
		free(status->change[i].path);
	free(status->change);
	*status = (struct status){0};
}

static int add_change(struct status *status, const struct change *change, const char *path, struct error *err)
{
	if (MEM_GROW(status->change, status->n, status->cap, err) < 0)
		return ERR_NOMEM;
	status->change[status->n] = *change;
	status->change[status->n].path = mem_text(path);
	if (!status->change[status->n].path)
		return error_nomem(err);
	status->n++;
	return 0;
}

static void take_header(struct status *status, const char *line)
{
	if (!strncmp(line, "# branch.oid ", 13) && strcmp(line + 13, "(initial)") != 0)
		snprintf(status->commit, sizeof(status->commit), "%.40s", line + 13);
	else if (!strncmp(line, "# branch.head ", 14) && strcmp(line + 14, "(detached)") != 0)
		snprintf(status->branch, sizeof(status->branch), "%s", line + 14);
}

/* "N..." is no submodule; "SCMU": commit changed, tracked changes, untracked files inside. */
static int submodule_of(const char *sub)
{
	if (sub[0] != 'S')
		return 0;
	return (sub[1] == 'C' ? 1 : 0) | (sub[2] == 'M' || sub[3] == 'U' ? 2 : 0);
}

/* "1 XY sub mH mI mW hH hI path", "u XY sub m1 m2 m3 mW h1 h2 h3 path" (2: ours, HEAD's). */
static int take_tracked(struct status *status, const char *line, struct error *err)
{
	static const char *const ordinary = "1 %*2s %4s %o %*o %*o %40s %*40s %n";
	static const char *const unmerged = "u %*2s %4s %*o %o %*o %*o %*40s %40s %*40s %n";
	struct change change = {0};
	char sub[5];
	int at = 0, got;

	got = line[0] == '1' ? sscanf(line, ordinary, sub, &change.head_mode, change.head_blob, &at)
			     : sscanf(line, unmerged, sub, &change.head_mode, change.head_blob, &at);
	if (got != 3 || !at)
		return error_set(err, ERR_MACHINE, "git status says '%.80s'", line);
	change.submodule = submodule_of(sub);
	return add_change(status, &change, line + at, err);
}

int status_read(struct status *out, const struct store *store, struct error *err)
{
	const char *argv[] = {"status", "--porcelain=v2", "-z", "--branch", "--untracked-files=all", "--no-renames",
			      NULL};
	struct buf text = BUF_INIT;
	int rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);

	*out = (struct status){0};
	for (const char *at = text.text; !rc && at < text.text + text.len; at += strlen(at) + 1) {
		if (at[0] == '#')
			take_header(out, at);
		else if (at[0] == '?' && at[1] == ' ')
			rc = add_change(out, &(struct change){.untracked = 1}, at + 2, err);
		else if (at[0] == '1' || at[0] == 'u')
			rc = take_tracked(out, at, err);
	}
	buf_release(&text);
	if (rc < 0)
		status_release(out);
	return rc;
}

struct early_status { /* asked for in a thread, while other processes of git answer other questions */
	struct store *store;
	pthread_t thread;
	struct status status;
	struct error err;
	int rc;
};

static void *look(void *context)
{
	struct early_status *early = context;

	early->rc = status_read(&early->status, early->store, &early->err);
	return NULL;
}

void store_code_look(struct store *store)
{
	struct early_status *early;

	if (!store->worktree || store->early)
		return;
	early = mem_zeroed(1, sizeof(*early));
	if (!early)
		return; /* store_code_state() asks by itself, and reports what is wrong */
	early->store = store;
	if (pthread_create(&early->thread, NULL, look, early) == 0)
		store->early = early;
	else
		free(early);
}

int status_take(struct status *out, struct store *store, struct error *err)
{
	struct early_status *early = store->early;
	int rc;

	if (!early)
		return status_read(out, store, err);
	pthread_join(early->thread, NULL);
	store->early = NULL;
	*out = early->status;
	rc = early->rc;
	if (rc < 0) {
		error_set(err, rc, "%s", early->err.text);
		error_hint(err, "%s", early->err.hint);
	}
	free(early);
	return rc;
}

void status_drop(struct store *store)
{
	struct status status = {0};
	struct error ignored = {0};

	if (store->early && status_take(&status, store, &ignored) == 0)
		status_release(&status);
}

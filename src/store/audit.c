/* See audit.h. Objects by libgit2, walks by git. */
#include "store/audit.h"
#include "store/commit.h"
#include "store/ref.h"
#include "base/mem.h"

#include <git2/sys/commit.h>

enum { RAW_BEFORE = 15 }; /* ":100644 100644 ": then the names before and after */

/* The words of a text that NULs end. */
struct words {
	const char *at, *end;
};

static const char *word(struct words *words)
{
	const char *now = words->at;

	if (now >= words->end)
		return NULL;
	words->at += strlen(now) + 1;
	return now;
}

static int add_ids(struct names *out, const char *text, struct error *err)
{
	int rc = 0;

	while (!rc && *text) {
		size_t len = strcspn(text, " ");
		char *id = mem_text_n(text, len);

		rc = id ? (len ? names_add(out, id, err) : 0) : error_nomem(err);
		free(id);
		text += len + (text[len] != '\0');
	}
	return rc;
}

/* A commit's head: four words after the mark. 0 at the end of the text. */
static int take_head(struct store_change *change, struct names *removed, struct words *words, struct error *err)
{
	const char *parents, *ids;

	change->commit = word(words);
	parents = word(words);
	change->author = word(words);
	ids = word(words);
	if (!ids)
		return 0;
	change->merge = strchr(parents, ' ') != NULL;
	return add_ids(removed, ids, err);
}

int store_changes(struct names *removed, struct store *store, const char *tip,
		  int (*fn)(void *context, const struct store_change *change), void *context, struct error *err)
{
	const char *argv[] = {
		"-c",
		"log.showSignature=false",
		"log",
		"--no-color",
		"--no-notes",
		"--raw",
		"-z",
		"-m",
		"--no-renames",
		"--abbrev=40",
		"--diff-filter=MDT",
		"--format=%x01%x00%H%x00%P%x00%an%x00%(trailers:key=Assay-Removed,valueonly,separator=%x20)",
		tip,
		"--",
		NULL};
	struct store_change change = {0};
	struct buf text = BUF_INIT;
	struct words words;
	const char *now;
	int rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);

	words = (struct words){text.text, text.text + text.len};
	while (!rc && (now = word(&words))) {
		now += *now == '\n';
		if (*now == '\1') {
			rc = take_head(&change, removed, &words, err);
		} else if (*now == ':' && change.commit) {
			change.status = now[strlen(now) - 1];
			snprintf(change.before, sizeof(change.before), "%s",
				 strlen(now) > RAW_BEFORE ? now + RAW_BEFORE : "");
			change.path = word(&words);
			if (change.path && !strncmp(change.path, "runs/", 5))
				rc = fn(context, &change);
		}
	}
	if (!rc)
		names_sort(removed);
	buf_release(&text);
	return rc;
}

/*
 * A walk over the links of the chain, which have an empty tree and say what they are; their parents are other links,
 * code states and runs. Joined chains have long common pasts: what was seen is in a table by the first bytes of its
 * name.
 */
struct chain {
	struct store *store;
	git_oid *todo;
	size_t n, cap;
	git_oid *seen; /* [seen_cap], a power of 2; zero: free */
	size_t seen_n, seen_cap;
	struct names *kept;
	git_oid empty;
};

static git_oid *place_of(git_oid *table, size_t cap, const git_oid *id)
{
	size_t at;

	memcpy(&at, id->id, sizeof(at));
	while (!git_oid_is_zero(&table[at & (cap - 1)]) && !git_oid_equal(&table[at & (cap - 1)], id))
		at++;
	return &table[at & (cap - 1)];
}

static int grow_seen(struct chain *chain, struct error *err)
{
	size_t cap = chain->seen_cap ? 2 * chain->seen_cap : 1024;
	git_oid *table = mem_zeroed(cap, sizeof(*table));

	if (!table)
		return error_nomem(err);
	for (size_t i = 0; i < chain->seen_cap; i++)
		if (!git_oid_is_zero(&chain->seen[i]))
			*place_of(table, cap, &chain->seen[i]) = chain->seen[i];
	free(chain->seen);
	chain->seen = table;
	chain->seen_cap = cap;
	return 0;
}

static int push(struct chain *chain, const git_oid *id, struct error *err)
{
	git_oid *place;

	if (chain->seen_n * 2 >= chain->seen_cap && grow_seen(chain, err) < 0)
		return ERR_NOMEM;
	place = place_of(chain->seen, chain->seen_cap, id);
	if (!git_oid_is_zero(place))
		return 0;
	*place = *id;
	chain->seen_n++;
	if (MEM_GROW(chain->todo, chain->n, chain->cap, err) < 0)
		return ERR_NOMEM;
	chain->todo[chain->n++] = *id;
	return 0;
}

/* Its parents go on the list if it is a link, else it is kept. What is not here ends there: a shallow clone. */
static int look_at(struct chain *chain, const git_oid *id, struct error *err)
{
	git_commit *commit = NULL;
	char hex[OID_HEX];
	int rc = git_commit_lookup(&commit, chain->store->repo, id);

	if (rc < 0 || !git_oid_equal(git_commit_tree_id(commit), &chain->empty) ||
	    strncmp(git_commit_message(commit), KEEP_SUBJECT, strlen(KEEP_SUBJECT)) != 0) {
		git_commit_free(commit);
		return names_add(chain->kept, git_oid_tostr(hex, sizeof(hex), id), err);
	}
	rc = 0;
	for (unsigned i = 0; !rc && i < git_commit_parentcount(commit); i++)
		rc = push(chain, git_commit_parent_id(commit, i), err);
	git_commit_free(commit);
	return rc;
}

int store_kept(struct names *out, struct store *store, struct error *err)
{
	struct chain chain = {.store = store, .kept = out};
	git_oid at;
	int there = 0, rc = store_repo(store, err);

	if (!rc)
		rc = oid_parse(&chain.empty, EMPTY_TREE, err);
	if (!rc)
		rc = ref_read(&at, &there, store, KEEP_REF, err);
	if (!rc && there)
		rc = push(&chain, &at, err);
	while (!rc && chain.n) {
		at = chain.todo[--chain.n];
		rc = look_at(&chain, &at, err);
	}
	free(chain.todo);
	free(chain.seen);
	if (!rc)
		names_sort(out);
	return rc;
}

static const char kept_format[] = "--format=%H%x00%(trailers:key=Assay-Run,valueonly,separator=%x20)%x00"
				  "%(trailers:key=Assay-Experiment,valueonly,separator=%x20)";

int store_kept_runs(struct store *store, const char *tip,
		    int (*fn)(void *context, const char *commit, const char *id, const char *experiment), void *context,
		    struct error *err)
{
	char *here = mem_printf("--exclude=%s", store->branch), *there = mem_printf("--exclude=*/%s", store->branch);
	const char *argv[] = {"-c",
			      "log.showSignature=false",
			      "log",
			      "--no-color",
			      "--no-notes",
			      "-z",
			      "--grep=^Assay-Run: ",
			      kept_format,
			      KEEP_REF,
			      "--not",
			      *tip ? tip : here,
			      here,
			      "--branches",
			      there,
			      "--remotes",
			      "--",
			      NULL};
	struct buf text = BUF_INIT;
	struct words words = {0};
	const char *commit;
	git_oid keep;
	int kept, rc = here && there ? store_repo(store, err) : error_nomem(err);

	if (!rc)
		rc = ref_read(&keep, &kept, store, KEEP_REF, err);
	if (!rc && kept)
		rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);
	if (!rc)
		words = (struct words){text.text, text.text + text.len};
	while (!rc && (commit = word(&words))) {
		const char *id = word(&words), *experiment = word(&words);

		if (experiment)
			rc = fn(context, commit, id, experiment);
	}
	buf_release(&text);
	free(here);
	free(there);
	return rc;
}

static int differs(void *context, const char *path, const char *blob_hex)
{
	(void)context;
	(void)path;
	(void)blob_hex;
	return 1;
}

int store_same_folder(struct store *store, const char *a, const char *b, const char *folder, struct error *err)
{
	int rc = store_walk(store, a, folder, NULL, differs, NULL, err);

	if (rc == 0)
		rc = error_set(err, ERR_NOT_FOUND, "%s has no folder %s", a, folder);
	if (rc < 0)
		return rc;
	rc = store_tree_changes(store, a, b, folder, NULL, differs, NULL, err);
	return rc < 0 ? rc : !rc;
}

int store_incomplete(char **what, struct store *store, const struct names *hex, struct error *err)
{
	static const char *const argv[] = {"rev-list",           "--objects", "--quiet", "--exclude-promisor-objects",
					   "--no-walk=unsorted", "--stdin",   NULL};
	struct buf input = BUF_INIT;
	struct error said = {0};
	int rc;

	*what = NULL;
	for (size_t i = 0; i < hex->n; i++)
		buf_printf(&input, "%s\n", hex->name[i]);
	rc = buf_check(&input, err);
	if (!rc && hex->n) {
		rc = git_run(store, &(struct git_call){.argv = argv, .input = input.text, .input_len = input.len},
			     &said);
		if (rc == ERR_MACHINE) {
			*what = mem_text(said.text);
			rc = *what ? 1 : error_nomem(err);
		} else if (rc < 0) {
			error_set(err, rc, "%s", said.text);
		}
	}
	buf_release(&input);
	return rc;
}

int store_has_commit(struct store *store, const char *hex, struct error *err)
{
	git_object_t type;
	size_t len;
	git_oid id;
	int rc = store_repo(store, err);

	if (rc < 0)
		return rc;
	return strlen(hex) == GIT_OID_HEXSZ && git_oid_fromstr(&id, hex) == 0 &&
	       git_odb_read_header(&len, &type, store->odb, &id) == 0 && type == GIT_OBJECT_COMMIT;
}

/* git says N both for a commit without signature and for one whose signature it has no means to check. */
static int carries_signature(struct store *store, const char *hex)
{
	git_buf signature = {0}, data = {0};
	git_oid id;
	int yes = git_oid_fromstr(&id, hex) == 0 &&
		  git_commit_extract_signature(&signature, &data, store->repo, &id, NULL) == 0;

	git_buf_dispose(&signature);
	git_buf_dispose(&data);
	return yes;
}

int store_signatures(struct store *store, const char *tip,
		     int (*fn)(void *context, const char *commit, const char *author, char verdict), void *context,
		     struct error *err)
{
	const char *argv[] = {"-c", "log.showSignature=false",   "log", "--no-color", "--no-notes",
			      "-z", "--format=%H%x00%G?%x00%an", tip,   "--",         NULL};
	struct buf text = BUF_INIT;
	struct words words = {0};
	const char *commit;
	int rc = store_repo(store, err);

	if (!rc)
		rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);
	if (!rc)
		words = (struct words){text.text, text.text + text.len};
	while (!rc && (commit = word(&words))) {
		const char *verdict = word(&words), *author = word(&words);

		if (author && (*verdict != 'N' || carries_signature(store, commit)))
			rc = fn(context, commit, author, *verdict);
	}
	buf_release(&text);
	return rc;
}

int store_signs(struct store *store, struct error *err)
{
	int rc = store_settings(store, err);

	return rc < 0 ? rc : store->settings.sign;
}

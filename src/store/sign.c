/*
 * Commit objects. Signing is left to `git commit-tree -S`: it knows every format, program and key command that the
 * configuration can name, for one process more.
 */
#include "store/commit.h"
#include "store/quarantine.h"
#include "base/mem.h"

#include <assert.h>
#include <git2/sys/commit.h>

enum { SIGNER_SECONDS = 30, PARENTS_MOST = 2 };

static int make_plain(git_oid *out, struct store *store, const struct commit_plan *plan, struct error *err)
{
	const git_oid **parent = mem_array(plan->parents, sizeof(const git_oid *));
	git_signature *author = NULL, *committer = NULL;
	int rc = parent ? 0 : error_nomem(err);

	for (size_t i = 0; !rc && i < plan->parents; i++)
		parent[i] = &plan->parent[i];
	if (!rc)
		rc = store_signature(&author, &store->author, err);
	if (!rc)
		rc = store_signature(&committer, &store->committer, err);
	if (rc < 0)
		goto out;
	rc = git_commit_create_from_ids(out, store->repo, NULL, author, committer, NULL, plan->message, plan->tree,
					plan->parents, parent);
	if (rc < 0)
		rc = git_fail(err, rc, "cannot make a commit");
out:
	git_signature_free(author);
	git_signature_free(committer);
	free(parent);
	return rc;
}

/* NAME=VALUE for git: the identity that git_var gave, so that a commit has the same with and without a signature. */
static int identity_environment(char *entry[4], const struct store *store, struct error *err)
{
	const struct ident *who[] = {&store->author, &store->committer};
	static const char *const role[] = {"AUTHOR", "COMMITTER"};

	for (size_t i = 0; i < 2; i++) {
		entry[2 * i] = mem_printf("GIT_%s_NAME=%s", role[i], who[i]->name);
		entry[2 * i + 1] = mem_printf("GIT_%s_EMAIL=%s", role[i], who[i]->mail);
		if (!entry[2 * i] || !entry[2 * i + 1])
			return error_nomem(err);
	}
	return 0;
}

static int make_signed(git_oid *out, struct store *store, const struct commit_plan *plan, struct error *err)
{
	char tree[OID_HEX], parent[PARENTS_MOST][OID_HEX], *environment[7] = {0};
	const char *argv[8 + 2 * PARENTS_MOST] = {"-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S", "-F", "-",
						  tree};
	size_t n = 7;
	struct quarantine quarantine = {0};
	struct error said = {0};
	struct buf text = BUF_INIT;
	int rc;

	git_oid_tostr(tree, sizeof(tree), plan->tree);
	assert(plan->parents <= PARENTS_MOST); /* the chain's links have more, and are never signed */
	for (size_t i = 0; i < plan->parents; i++) {
		argv[n++] = "-p";
		argv[n++] = git_oid_tostr(parent[i], OID_HEX, &plan->parent[i]);
	}
	rc = identity_environment(environment, store, err);
	if (!rc)
		rc = pile_flush(store->pile, err);
	if (!rc)
		rc = quarantine_open(&quarantine, store, err);
	if (rc < 0)
		goto out;
	memcpy(&environment[4], quarantine.environment, 2 * sizeof(*environment)); /* lent */
	rc = git_run(store,
		     &(struct git_call){.argv = argv,
					.environment = (const char *const *)environment,
					.input = plan->message,
					.input_len = strlen(plan->message),
					.seconds = SIGNER_SECONDS,
					.out = &text},
		     &said);
	if (rc < 0)
		rc = error_set(err, ERR_SIGNER, "the commit could not be signed: %s", said.text);
	else if (text.len < GIT_OID_HEXSZ || git_oid_fromstrn(out, text.text, GIT_OID_HEXSZ) < 0)
		rc = error_set(err, ERR_MACHINE, "git commit-tree says '%.60s'", text.text);
	else
		rc = quarantine_adopt(&quarantine, store, err);
out:
	for (size_t i = 0; i < 4; i++)
		free(environment[i]);
	quarantine_release(&quarantine);
	buf_release(&text);
	return rc;
}

int commit_make(git_oid *out, struct store *store, const struct commit_plan *plan, struct error *err)
{
	if (plan->sign && store->settings.sign)
		return make_signed(out, store, plan, err);
	return make_plain(out, store, plan, err);
}

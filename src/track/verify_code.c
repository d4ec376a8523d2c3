/* The code states that runs were made from: there, whole, and held by the chain. And what signatures say. */
#include "track/verify_work.h"
#include "store/audit.h"
#include "base/mem.h"

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct verify_run *)a)->id, ((const struct verify_run *)b)->id);
}

/* The walk is newest first: the last word on a run is the commit that brought it. */
static int take_commit(void *context, const char *id, const char *commit)
{
	struct verify *verify = context;
	struct verify_run key = {0}, *run;

	snprintf(key.id, sizeof(key.id), "%s", id);
	run = verify->runs ? bsearch(&key, verify->run, verify->runs, sizeof(key), by_id) : NULL;
	if (run)
		snprintf(run->commit, sizeof(run->commit), "%s", commit);
	return 0;
}

/* Say which of code[from .. to) lack files: git stops at the first that it misses, so halves are tried. */
static int name_incomplete(struct verify *verify, const struct names *code, size_t from, size_t to)
{
	struct names part = {.name = code->name + from, .n = to - from};
	char *what = NULL;
	int rc = store_incomplete(&what, verify->store, &part, verify->err);

	if (rc == 1 && part.n > 1) {
		rc = name_incomplete(verify, code, from, from + part.n / 2);
		if (!rc)
			rc = name_incomplete(verify, code, from + part.n / 2, to);
	} else if (rc == 1) {
		const char *id = NULL;

		for (size_t i = 0; i < verify->runs && !id; i++)
			if (!strcmp(verify->run[i].code, part.name[0]))
				id = verify->run[i].id;
		rc = verify_problem(verify, id, NULL, NULL, "the code that it was made from, %.10s, is not whole: %s",
				    part.name[0], what);
	}
	free(what);
	return rc;
}

static int check_code(struct verify *verify, const struct names *kept, const struct verify_run *run,
		      struct names *present, size_t *elsewhere)
{
	int held = names_has(kept, run->code), ours = *run->commit && names_has(kept, run->commit);
	int rc = store_has_commit(verify->store, run->code, verify->err);

	if (rc < 0)
		return rc;
	if (!rc && (held || ours))
		return verify_problem(verify, run->id, NULL, NULL, "the code that it was made from, %.10s, is gone",
				      run->code);
	if (!rc) {
		(*elsewhere)++;
		return 0;
	}
	verify->report->code_states++;
	rc = names_add(present, run->code, verify->err);
	if (!rc && ours && !held)
		rc = verify_problem(
			verify, run->id, NULL, NULL,
			"the code that it was made from, %.10s, is not held by refs/assay/keep: a `git gc` can remove "
			"it",
			run->code);
	return rc;
}

int verify_code(struct verify *verify)
{
	struct names kept = {0}, present = {0};
	size_t elsewhere = 0;
	int rc = store_kept(&kept, verify->store, verify->err);

	if (verify->runs)
		qsort(verify->run, verify->runs, sizeof(*verify->run), by_id);
	if (!rc && *verify->tip)
		rc = store_run_commits(verify->store, NULL, take_commit, verify, verify->err);
	for (size_t i = 0; !rc && i < verify->runs; i++)
		if (*verify->run[i].code)
			rc = check_code(verify, &kept, &verify->run[i], &present, &elsewhere);
	names_sort(&present);
	verify->report->code_states = present.n;
	if (!rc && present.n)
		rc = name_incomplete(verify, &present, 0, present.n);
	if (!rc && elsewhere)
		rc = verify_note(
			verify,
			"the code of %zu %s is not in this clone; `assay sync` brings it where the other side has "
			"it",
			elsewhere, elsewhere == 1 ? "run" : "runs");
	names_free(&kept);
	names_free(&present);
	return rc;
}

struct signatures {
	struct verify *verify;
	size_t unknown;
};

static int take_signature(void *context, const char *commit, const char *author, char verdict)
{
	struct signatures *signatures = context;

	if (verdict == 'B' || verdict == 'R')
		return verify_problem(signatures->verify, NULL, commit, author,
				      verdict == 'B' ? "its signature is not that of what it holds"
						     : "it is signed by a key that was revoked");
	if (verdict == 'G' || verdict == 'U')
		signatures->verify->report->signatures++;
	else
		signatures->unknown++;
	return 0;
}

int verify_signatures(struct verify *verify)
{
	struct signatures signatures = {.verify = verify};
	int rc = *verify->tip ? store_signatures(verify->store, verify->tip, take_signature, &signatures, verify->err)
			      : 0;

	if (!rc && signatures.unknown)
		rc = verify_note(
			verify,
			"%zu %s could not be checked: git does not know the key (gpg.ssh.allowedSignersFile, or "
			"the keyring)",
			signatures.unknown, signatures.unknown == 1 ? "signature" : "signatures");
	if (!rc && !signatures.unknown && !verify->report->signatures && *verify->tip) {
		rc = store_signs(verify->store, verify->err);
		if (rc == 1)
			rc = verify_note(verify, "commits are to be signed here, and none of the runs' is");
	}
	return rc;
}

/* Commits are signed where git's configuration asks for it; a signer that fails leaves everything as it was. */
#include "store/fixture.h"

#include <sys/stat.h>

static int have(const char *program)
{
	const char *argv[] = {"sh", "-c", "command -v \"$0\"", program, NULL};
	struct process_result result;

	return process_run(&result, &(struct process_options){.argv = argv}, NULL) == 0 && result.exit == 0;
}

static void ssh_signatures_are_good_to_git(void **state)
{
	struct fixture fixture;
	char key[160], pub[168], line[400];
	struct buf text = BUF_INIT;
	struct error err = {0};

	(void)state;
	if (!have("ssh-keygen"))
		skip();
	fixture_make(&fixture, "my repo");
	snprintf(key, sizeof(key), "%s/key of mine", fixture.dir);
	snprintf(pub, sizeof(pub), "%s.pub", key);
	free(command_says(fixture.dir,
			  (const char *const[]){"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key, NULL}));
	check_ok(file_read(&text, pub, &err), err);
	snprintf(line, sizeof(line), "tester@example.org %s", text.text);
	write_text(fixture.dir, "signers", line);
	snprintf(line, sizeof(line), "%s/signers", fixture.dir);
	git_quiet(&fixture, "config", "commit.gpgSign", "true");
	git_quiet(&fixture, "config", "gpg.format", "ssh");
	git_quiet(&fixture, "config", "user.signingKey", pub);
	git_quiet(&fixture, "config", "gpg.ssh.allowedSignersFile", line);
	commit_runs(fixture.repo, 1, 2);
	check_git(&fixture, "G assay: run 2\nG assay: run 1", "log", "--format=%G? %s", "assay/runs");
	git_quiet(&fixture, "verify-commit", "assay/runs");
	check_git(&fixture, "", "fsck", "--strict");
	buf_release(&text);
	fixture_remove(&fixture);
}

/* A program in place of gpg; name is what its folder has. */
static void set_signer(const struct fixture *fixture, const char *script)
{
	char path[160];

	snprintf(path, sizeof(path), "%s/signer", fixture->dir);
	write_text(fixture->dir, "signer", script);
	assert_int_equal(chmod(path, 0700), 0);
	git_quiet(fixture, "config", "commit.gpgSign", "true");
	git_quiet(fixture, "config", "gpg.program", path);
}

static void openpgp_signatures_come_from_the_program_that_is_set(void **state)
{
	struct fixture fixture;

	(void)state;
	fixture_make(&fixture, "repo");
	set_signer(&fixture, "#!/bin/sh\ncat >/dev/null\necho '[GNUPG:] SIG_CREATED ' >&2\n"
			     "printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nabc\\n-----END PGP SIGNATURE-----\\n'\n");
	commit_runs(fixture.repo, 1, 1);
	check_said(command_says(fixture.repo,
				(const char *const[]){"sh", "-c", "git cat-file commit assay/runs | grep -A 2 ^gpgsig",
						      NULL}),
		   "gpgsig -----BEGIN PGP SIGNATURE-----\n \n abc");
	check_git(&fixture, "", "fsck", "--strict");
	fixture_remove(&fixture);
}

static void a_signer_that_fails_changes_nothing_and_is_said(void **state)
{
	struct store_run run;
	struct test_run memory;
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *why;

	(void)state;
	fixture_make(&fixture, "repo");
	set_signer(&fixture, "#!/bin/sh\necho 'no secret key' >&2\nexit 2\n");
	store = open_store(fixture.repo);
	run = test_run(&memory, 1);
	assert_int_equal(store_commit_runs(store, &run, 1, &why, &err), 1);
	assert_non_null(strstr(why, "could not be signed"));
	free(why);
	check_git(&fixture, "", "for-each-ref", "refs/heads/assay", "refs/assay");
	store_free(store);
	/* the next command tries again */
	git_quiet(&fixture, "config", "commit.gpgSign", "false");
	commit_runs(fixture.repo, 1, 1);
	check_git(&fixture, "1", "rev-list", "--count", "assay/runs");
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ssh_signatures_are_good_to_git),
		cmocka_unit_test(openpgp_signatures_come_from_the_program_that_is_set),
		cmocka_unit_test(a_signer_that_fails_changes_nothing_and_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

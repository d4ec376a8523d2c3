/* Which files differ between the code of two commits. */
#include "store/fixture.h"

static int list(void *context, const char *path, const char *from, const char *to)
{
	buf_printf(context, "%s%s:%c%c", ((struct buf *)context)->len ? " " : "", path, from ? '1' : '0',
		   to ? '1' : '0');
	if (from)
		assert_int_equal(strlen(from), 40);
	return 0;
}

static int stop(void *context, const char *path, const char *from, const char *to)
{
	(void)path;
	(void)from;
	(void)to;
	++*(int *)context;
	return 7;
}

static char *commit_all(struct fixture *fixture)
{
	git_quiet(fixture, "add", "-A");
	git_quiet(fixture, "commit", "-q", "--allow-empty", "-m", "step");
	return git(fixture, "rev-parse", "HEAD");
}

static void changed_files_come_sorted_with_both_blobs_and_equal_ones_do_not(void **state)
{
	struct buf text = BUF_INIT;
	struct error err = {0};
	struct fixture fixture;
	struct store *store;
	char *first, *second;
	int calls = 0;

	(void)state;
	fixture_make(&fixture, "repo");
	free(command_says(fixture.repo, (const char *const[]){"mkdir", "lib", "lib/deep", "same", NULL}));
	write_text(fixture.repo, "lib/deep/a.py", "1\n");
	write_text(fixture.repo, "lib/gone.py", "1\n");
	write_text(fixture.repo, "same/b.py", "1\n");
	write_text(fixture.repo, "mode.sh", "1\n");
	write_text(fixture.repo, "kind", "1\n");
	first = commit_all(&fixture);
	write_text(fixture.repo, "lib/deep/a.py", "2\n");
	write_text(fixture.repo, "new.py", "1\n");
	git_quiet(&fixture, "rm", "-q", "lib/gone.py", "kind");
	free(command_says(fixture.repo, (const char *const[]){"ln", "-s", "mode.sh", "kind", NULL}));
	free(command_says(fixture.repo, (const char *const[]){"chmod", "+x", "mode.sh", NULL}));
	second = commit_all(&fixture);
	store = open_store(fixture.repo);
	check_ok(store_code_changes(store, first, second, list, &text, &err), err);
	assert_string_equal(text.text, "kind:11 lib/deep/a.py:11 lib/gone.py:10 new.py:01");
	buf_clear(&text);
	check_ok(store_code_changes(store, second, second, list, &text, &err), err);
	assert_int_equal(text.len, 0);
	assert_int_equal(store_code_changes(store, first, second, stop, &calls, &err), 7);
	assert_int_equal(calls, 1);
	buf_release(&text);
	store_free(store);
	free(first);
	free(second);
	fixture_remove(&fixture);
}

static void code_that_is_not_in_the_clone_is_not_found(void **state)
{
	static const char nowhere[] = "1234567890123456789012345678901234567890";
	struct fixture fixture;
	struct error err = {0};
	struct store *store;
	char *head;
	int calls = 0;

	(void)state;
	fixture_make(&fixture, "repo");
	head = git(&fixture, "rev-parse", "HEAD");
	store = open_store(fixture.repo);
	assert_int_equal(store_code_changes(store, head, nowhere, stop, &calls, &err), ERR_NOT_FOUND);
	error_clear(&err);
	assert_int_equal(store_code_changes(store, nowhere, head, stop, &calls, &err), ERR_NOT_FOUND);
	error_clear(&err);
	assert_int_equal(store_code_changes(store, "text", head, stop, &calls, &err), ERR_NOT_FOUND);
	assert_int_equal(calls, 0);
	store_free(store);
	free(head);
	fixture_remove(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changed_files_come_sorted_with_both_blobs_and_equal_ones_do_not),
		cmocka_unit_test(code_that_is_not_in_the_clone_is_not_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

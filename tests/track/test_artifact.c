/* Where artifacts go, and that what is recorded is what is there. */
#include "store/fixture.h"
#include "track/artifact.h"

#include <fcntl.h>
#include <sys/stat.h>

struct place { /* a repository, a folder with a run's files, its final/ */
	struct fixture fixture;
	struct store *store;
	struct project *project;
	char dir[160], final[160];
};

static void place_make(struct place *place)
{
	struct error err = {0};

	fixture_make(&place->fixture, "repo");
	place->store = open_store(place->fixture.repo);
	check_ok(project_load(&place->project, place->fixture.repo, place->fixture.repo, &err), err);
	snprintf(place->dir, sizeof(place->dir), "%s/dir", place->fixture.dir);
	snprintf(place->final, sizeof(place->final), "%s/final", place->fixture.dir);
	check_ok(dir_make(place->dir, &err), err);
	check_ok(dir_make(place->final, &err), err);
}

static void place_remove(struct place *place)
{
	project_free(place->project);
	store_free(place->store);
	fixture_remove(&place->fixture);
}

/* A file of n bytes, the same for the same letter; its path in *path. */
static void fill_file(const struct place *place, const char *name, char letter, size_t n, char path[200])
{
	char *bytes = mem_array(n + 1, 1);
	struct error err = {0};

	assert_non_null(bytes);
	memset(bytes, letter, n + 1);
	snprintf(path, 200, "%s/%s", place->dir, name);
	check_ok(file_write(path, bytes, n, &err), err);
	free(bytes);
}

static void check_bytes(const char *path, char letter, size_t n)
{
	struct buf text = BUF_INIT;
	struct error err = {0};

	check_ok(file_read(&text, path, &err), err);
	assert_int_equal(text.len, n);
	for (size_t i = 0; i < n; i += 1000)
		assert_int_equal(text.text[i], letter);
	buf_release(&text);
}

static void up_to_the_limit_a_file_goes_into_git_as_it_is(void **state)
{
	struct artifact artifact;
	struct place place;
	struct error err = {0};
	char from[200], want[SHA256_HEX], *to, *said;
	json_t *list = json_array();

	(void)state;
	place_make(&place);
	fill_file(&place, "model.bin", 'm', 1 << 20, from);
	check_ok(
		artifact_place(&artifact, place.store, place.project, from, "artifacts/a/model.bin", place.final, &err),
		err);
	assert_int_equal(artifact.where, ARTIFACT_GIT);
	assert_string_equal(artifact.path, "artifacts/a/model.bin");
	assert_int_equal(artifact.bytes, 1 << 20);
	to = path_join(place.final, artifact.path);
	check_bytes(to, 'm', 1 << 20);
	check_bytes(from, 'm', 1 << 20);
	said = command_says(place.dir, (const char *const[]){"sha256sum", to, NULL});
	snprintf(want, sizeof(want), "%.64s", said);
	free(said);
	assert_string_equal(artifact.sha256, want);
	check_ok(artifact_record(list, &artifact, &err), err);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 0), "where")), "git");
	json_decref(list);
	free(artifact.path);
	free(to);
	place_remove(&place);
}

static void a_larger_file_stays_on_this_machine_once_for_each_content(void **state)
{
	struct artifact first, second;
	struct place place;
	struct error err = {0};
	char one[200], two[200], *found, *warning, *note;
	struct stat st;

	(void)state;
	place_make(&place);
	fill_file(&place, "one", 'x', (1 << 20) + 1, one);
	fill_file(&place, "two", 'x', (1 << 20) + 1, two);
	check_ok(artifact_place(&first, place.store, place.project, one, "artifacts/one", place.final, &err), err);
	check_ok(artifact_place(&second, place.store, place.project, two, "artifacts/two", place.final, &err), err);
	assert_int_equal(first.where, ARTIFACT_LOCAL);
	assert_string_equal(first.sha256, second.sha256);
	assert_string_equal(second.path, "artifacts/two");
	found = artifact_file(place.store, ARTIFACT_LOCAL, first.sha256, &err);
	assert_non_null(found);
	check_bytes(found, 'x', (1 << 20) + 1);
	assert_int_equal(stat(found, &st), 0);
	assert_int_equal(st.st_mode & 0222, 0);
	check_said(command_says(place.fixture.repo,
				(const char *const[]){"sh", "-c", "find .git/assay/objects -type f | wc -l", NULL}),
		   "1");
	check_ok(artifact_warning(&warning, &note, place.store, (struct artifact[]){first, second}, 2, &err), err);
	assert_string_equal(note, "artifacts/one and 1 more (2.1 MB) are kept on this machine alone");
	assert_non_null(strstr(warning, "/repo/.git/assay/objects"));
	assert_non_null(strstr(warning, "lfs: true"));
	free(warning);
	free(note);
	first.where = ARTIFACT_GIT;
	check_ok(artifact_warning(&warning, &note, place.store, &first, 1, &err), err);
	assert_null(note);
	assert_null(warning);
	free(found);
	free(first.path);
	free(second.path);
	place_remove(&place);
}

/* A daemon that the command left may write on; what is kept must stay what was hashed. */
static void a_file_that_somebody_writes_into_is_copied(void **state)
{
	struct artifact artifact;
	struct place place;
	struct error err = {0};
	char from[200], *found;
	struct stat st;
	int fd;

	(void)state;
	place_make(&place);
	fill_file(&place, "open", 'o', 3 << 20, from);
	fd = open(from, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	check_ok(artifact_place(&artifact, place.store, place.project, from, "artifacts/open", place.final, &err), err);
	assert_int_equal(pwrite(fd, "later", 5, 0), 5);
	close(fd);
	assert_int_equal(stat(from, &st), 0);
	assert_int_equal(st.st_mode & 0200, 0200);
	found = artifact_file(place.store, ARTIFACT_LOCAL, artifact.sha256, &err);
	check_bytes(found, 'o', 3 << 20);
	free(found);
	free(artifact.path);

	/* and one that has another name elsewhere */
	fill_file(&place, "named", 'n', 3 << 20, from);
	free(command_says(place.dir, (const char *const[]){"ln", "named", "elsewhere", NULL}));
	check_ok(artifact_place(&artifact, place.store, place.project, from, "artifacts/n", place.final, &err), err);
	free(command_says(place.dir, (const char *const[]){"sh", "-c", "printf later >>elsewhere", NULL}));
	found = artifact_file(place.store, ARTIFACT_LOCAL, artifact.sha256, &err);
	check_bytes(found, 'n', 3 << 20);
	free(found);
	free(artifact.path);
	place_remove(&place);
}

static void links_and_paths_that_lead_out_are_refused(void **state)
{
	static const char *const bad[] = {"../x", "artifacts/../../x", "/etc/x", "artifacts//x", "artifacts/.", ""};
	struct artifact artifact = {.path = NULL};
	struct place place;
	struct error err = {0};
	char from[200], link_path[200];

	(void)state;
	place_make(&place);
	fill_file(&place, "plain", 'p', 10, from);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(artifact_place(&artifact, place.store, place.project, from, bad[i], place.final, &err),
				 ERR_INPUT);
		error_clear(&err);
	}
	snprintf(link_path, sizeof(link_path), "%s/link", place.dir);
	assert_int_equal(symlink("/etc/passwd", link_path), 0);
	assert_int_equal(
		artifact_place(&artifact, place.store, place.project, link_path, "artifacts/l", place.final, &err),
		ERR_INPUT);
	assert_non_null(strstr(err.text, "not followed"));
	error_clear(&err);
	assert_int_equal(mkfifo(link_path, 0600), -1);
	assert_int_equal(unlink(link_path), 0);
	assert_int_equal(mkfifo(link_path, 0600), 0);
	assert_int_equal(
		artifact_place(&artifact, place.store, place.project, link_path, "artifacts/l", place.final, &err),
		ERR_INPUT);
	assert_null(artifact.path);
	place_remove(&place);
}

static void a_file_that_is_not_here_is_said_to_be_missing(void **state)
{
	struct place place;
	struct error err = {0};

	(void)state;
	place_make(&place);
	assert_null(artifact_file(place.store, ARTIFACT_LOCAL,
				  "0000000000000000000000000000000000000000000000000000000000000000", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	error_clear(&err);
	assert_null(artifact_file(place.store, ARTIFACT_LOCAL, "../../../../../etc/passwd", &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	place_remove(&place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(up_to_the_limit_a_file_goes_into_git_as_it_is),
		cmocka_unit_test(a_larger_file_stays_on_this_machine_once_for_each_content),
		cmocka_unit_test(a_file_that_somebody_writes_into_is_copied),
		cmocka_unit_test(links_and_paths_that_lead_out_are_refused),
		cmocka_unit_test(a_file_that_is_not_here_is_said_to_be_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

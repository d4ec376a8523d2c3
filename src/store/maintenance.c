/* git's own housekeeping, as `git commit` starts it, but never waited for. */
#include "store/commit.h"
#include "base/clock.h"
#include "base/mem.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>

extern char **environ;

void maintenance_start(const struct store *store)
{
	char *git_dir = mem_printf("--git-dir=%s", store->common_dir);
	char *argv[] = {(char[]){"git"},     git_dir, (char[]){"maintenance"}, (char[]){"run"}, (char[]){"--auto"},
			(char[]){"--quiet"}, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	pid_t pid;

	if (!store->settings.maintenance || !git_dir || posix_spawn_file_actions_init(&files) != 0) {
		free(git_dir);
		return;
	}
	/* its own session, no terminal, no pipe that somebody reads to the end: nobody waits for it by accident */
	if (posix_spawnattr_init(&attributes) == 0) {
		if (posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID) == 0 &&
		    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0) == 0 &&
		    posix_spawn_file_actions_adddup2(&files, 0, 1) == 0 &&
		    posix_spawn_file_actions_adddup2(&files, 0, 2) == 0 &&
		    posix_spawn_file_actions_addclosefrom_np(&files, 3) == 0)
			(void)posix_spawnp(&pid, "git", &files, &attributes, argv, environ);
		posix_spawnattr_destroy(&attributes);
	}
	posix_spawn_file_actions_destroy(&files);
	free(git_dir);
}

void maintenance_sweep(const struct store *store)
{
	static const double old_seconds = 24 * 3600;
	static const char *const left[] = {"objects-", "index-"};
	struct names names = {0};
	int rc = dir_list(&names, store->assay_dir, NULL);

	for (size_t i = 0; !rc && i < names.n; i++) {
		struct stat st;
		char *path;

		if (strncmp(names.name[i], left[0], strlen(left[0])) != 0 &&
		    strncmp(names.name[i], left[1], strlen(left[1])) != 0)
			continue;
		path = path_join(store->assay_dir, names.name[i]);
		if (path && !lstat(path, &st) && difftime(clock_now(), st.st_mtime) > old_seconds)
			(void)!dir_remove(path, NULL); /* what stays is tried again the next time */
		free(path);
	}
	names_free(&names);
}

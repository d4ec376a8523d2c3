/* Where the packages of a command's Python are: see environment_work.h. Looked up as the system and pyenv do; none is started. */
#include "track/environment_work.h"

#include "base/mem.h"

#include <unistd.h>

enum { FIRST_LINE = 256 };

static int is_python(const char *path)
{
	const char *base = path_base(path);

	return !strncmp(base, "python", strlen("python")) || !strncmp(base, "pypy", strlen("pypy"));
}

/* Where a program is: as given if it has a slash, else by PATH. NULL if nowhere (or without memory). The caller's. */
static char *find_program(const char *name, const char *cwd)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return path_join(cwd ? cwd : "", name);
	while (path && *path) {
		size_t len = strcspn(path, ":");
		char *dir = mem_text_n(path, len), *full = dir ? path_join(dir, name) : NULL;

		free(dir);
		if (full && access(full, X_OK) == 0 && !dir_exists(full))
			return full;
		free(full);
		path += len + (path[len] == ':');
	}
	return NULL;
}

/* The interpreter that a script names in its first line: #!/venv/bin/python or #!/usr/bin/env python3. NULL if none. */
static char *interpreter_of(const char *script, const char *cwd)
{
	char line[FIRST_LINE], *program, *end;
	FILE *file = file_is_plain(script) ? fopen(script, "re") : NULL;
	int has_line = file && fgets(line, sizeof(line), file) && line[0] == '#' && line[1] == '!';

	if (file && fclose(file))
		has_line = 0;
	if (!has_line)
		return NULL;
	program = line + 2 + strspn(line + 2, " \t");
	end = program + strcspn(program, " \t\r\n");
	if (*end && (size_t)(end - program) >= 4 && !memcmp(end - 4, "/env", 4)) {
		program = end + strspn(end, " \t");
		if (!strncmp(program, "-S", 2))
			program += 2 + strspn(program + 2, " \t");
		end = program + strcspn(program, " \t\r\n");
	}
	*end = '\0';
	return is_python(program) ? find_program(program, cwd) : NULL;
}

/* The part of `path` before its `n`th last slash; NULL where there are not so many. The caller's. */
static char *folder_above(const char *path, int n)
{
	size_t end = strlen(path);

	for (; n; n--) {
		while (end && path[end - 1] != '/')
			end--;
		if (!end)
			return NULL;
		while (end > 1 && path[end - 1] == '/')
			end--;
	}
	return mem_text_n(path, end);
}

static int has_file(const char *dir, const char *name)
{
	char *path = path_join(dir, name);
	int there = path && file_exists(path);

	free(path);
	return there;
}

static int has_packages(const char *prefix, const char *library)
{
	char *packages = mem_printf("%s/lib/%s/site-packages", prefix, library);
	int there = packages && dir_exists(packages);

	free(packages);
	return there;
}

/* The environment of an interpreter: the folder above its bin/, if it is a virtual one or one of conda; NULL if not. */
static char *environment_around(const char *interpreter)
{
	char *prefix = folder_above(interpreter, 2);

	if (prefix && (has_file(prefix, "pyvenv.cfg") || has_file(prefix, "conda-meta")))
		return prefix;
	free(prefix);
	return NULL;
}

/* The same for an interpreter that was built into a folder of its own (/usr/local, pyenv): one with a site-packages. */
static char *environment_built(const char *interpreter)
{
	char *real = realpath(interpreter, NULL), *prefix = real ? folder_above(real, 2) : NULL;

	if (prefix && !has_packages(prefix, path_base(real))) {
		free(prefix);
		prefix = NULL;
	}
	free(real);
	return prefix;
}

/* The first word of a file, "3.11.7" of pyenv's; NULL if there is none. The caller's. */
static char *first_word(const char *dir, const char *name)
{
	char *path = path_join(dir, name), *line = path ? value_in_file(path, "") : NULL;

	free(path);
	if (line)
		line[strcspn(line, " \t:#")] = '\0';
	if (line && *line)
		return line;
	free(line);
	return NULL;
}

/* The version that pyenv would choose: of the variable, of the nearest .python-version upward, of the user. The caller's. */
static char *pyenv_version(const char *root, const char *cwd)
{
	const char *given = getenv("PYENV_VERSION");
	char *dir, *version = NULL;

	if (given && *given)
		return mem_text_n(given, strcspn(given, ":"));
	dir = realpath(cwd ? cwd : ".", NULL);
	while (dir && !version) {
		char *above;

		version = first_word(dir, ".python-version");
		above = strcmp(dir, "/") != 0 ? folder_above(dir, 1) : NULL;
		free(dir);
		dir = above;
	}
	free(dir);
	return version ? version : first_word(root, "version");
}

/* A shim of pyenv (ROOT/shims/python3, a shell script) stands for an interpreter: that one; else the same path. Takes
 * `program`. */
static char *behind_shim(char *program, const char *cwd)
{
	char *shims = folder_above(program, 1), *root = shims ? folder_above(shims, 1) : NULL, *version = NULL,
	     *found = NULL;

	if (root && !strcmp(path_base(shims), "shims"))
		version = pyenv_version(root, cwd);
	if (version)
		found = mem_printf("%s/versions/%s/bin/%s", root, version, path_base(program));
	free(version);
	free(root);
	free(shims);
	if (!found || !file_exists(found)) {
		free(found);
		return program;
	}
	free(program);
	return found;
}

struct environment {
	char *prefix; /* its folder; NULL: none is known */
	char *interpreter; /* the one that the command names; NULL: it names none */
};

static void find_environment(struct environment *out, const char *const *argv, const char *cwd)
{
	char *program = find_program(argv[0], cwd), *named = NULL;
	const char *active = getenv("VIRTUAL_ENV");

	*out = (struct environment){0};
	if (program && !is_python(argv[0]))
		named = interpreter_of(program, cwd);
	if (named || (program && is_python(argv[0]))) {
		out->interpreter = behind_shim(named ? named : program, cwd);
		if (named)
			free(program);
		out->prefix = out->interpreter ? environment_around(out->interpreter) : NULL;
		if (out->interpreter && !out->prefix)
			out->prefix = environment_built(out->interpreter);
		return;
	}
	free(program);
	if (!active || !*active)
		active = getenv("CONDA_PREFIX");
	if (active && *active) {
		out->prefix = mem_text(active);
		return;
	}
	program = find_program("python3", cwd);
	program = program ? behind_shim(program, cwd) : NULL;
	out->prefix = program ? environment_around(program) : NULL;
	free(program);
}

/* The folder below lib/ with the packages of an interpreter, "python3.11"; of an unknown one: the last by name. */
static char *find_library(const struct environment *environment)
{
	char *real = environment->interpreter ? realpath(environment->interpreter, NULL) : NULL,
	     *found = real && has_packages(environment->prefix, path_base(real)) ? mem_text(path_base(real)) : NULL,
	     *lib = path_join(environment->prefix, "lib");
	struct names entries = {0};

	if (!found && lib && dir_list(&entries, lib, NULL) == 0)
		for (size_t i = entries.n; i && !found; i--)
			if (is_python(entries.name[i - 1]) && has_packages(environment->prefix, entries.name[i - 1]))
				found = mem_text(entries.name[i - 1]);
	names_free(&entries);
	free(lib);
	free(real);
	return found;
}

void python_find(struct python_place *out, const char *const *argv, const char *cwd)
{
	struct environment environment;

	find_environment(&environment, argv, cwd);
	out->prefix = environment.prefix;
	out->library = environment.prefix ? find_library(&environment) : NULL;
	free(environment.interpreter);
}

/* The packages that a command's Python would import: see environment_work.h. */
#include "track/environment_work.h"

#include "base/mem.h"
#include "format/json.h"

#include <unistd.h>

enum { FIRST_LINE = 256 };

static const char packages_end[] = ".dist-info";

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
		out->interpreter = named ? named : mem_text(program);
		out->prefix = out->interpreter ? environment_around(out->interpreter) : NULL;
		if (out->interpreter && !out->prefix)
			out->prefix = environment_built(out->interpreter);
		free(program);
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
	out->prefix = program ? environment_around(program) : NULL;
	free(program);
}

/* Python's own version: pyvenv.cfg has it, conda names it, else the folder of its library says 3.11. */
static char *find_version(const char *prefix, const char *library)
{
	char *config = path_join(prefix, "pyvenv.cfg"), *version = NULL, *end;

	if (config)
		version = value_in_file(config, "\nversion ");
	if (config && !version)
		version = value_in_file(config, "\nversion_info ");
	free(config);
	if (!version)
		return mem_text(library + strcspn(library, "0123456789"));
	end = strstr(version, ".final");
	if (end)
		*end = '\0';
	return version;
}

/* PEP 503: lower case, and each run of - _ . is one dash. In place. */
static void normalise(char *name)
{
	char *to = name;

	for (const char *from = name; *from; from++) {
		if (strchr("-_.", *from)) {
			if (to == name || to[-1] != '-')
				*to++ = '-';
		} else {
			*to++ = (char)(*from >= 'A' && *from <= 'Z' ? *from + 32 : *from);
		}
	}
	*to = '\0';
}

/* "scikit_learn-1.3.0.dist-info" is scikit-learn 1.3.0. `entry` is changed. */
static int add_package(json_t *packages, char *entry, struct error *err)
{
	size_t len = strlen(entry), end = sizeof(packages_end) - 1;
	char *version;

	if (len <= end || strcmp(entry + len - end, packages_end) != 0)
		return 0;
	entry[len - end] = '\0';
	version = strrchr(entry, '-');
	if (!version || version == entry || !version[1])
		return 0;
	*version++ = '\0';
	normalise(entry);
	return json_set_text(packages, entry, version, err);
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

static int add_all(json_t *packages, const char *prefix, const char *library, struct error *err)
{
	char *dir = mem_printf("%s/lib/%s/site-packages", prefix, library), *version = find_version(prefix, library);
	struct names entries = {0};
	int rc = dir && version ? dir_list(&entries, dir, err) : error_nomem(err);

	for (size_t i = 0; i < entries.n && !rc; i++)
		rc = add_package(packages, entries.name[i], err);
	if (!rc && *version)
		rc = json_set_text(packages, "python", version, err);
	names_free(&entries);
	free(version);
	free(dir);
	return rc;
}

int python_packages(json_t *packages, int *shared, const char *const *argv, const char *cwd, struct error *err)
{
	struct environment environment;
	char *library, *config, *system;
	int rc = 0;

	find_environment(&environment, argv, cwd);
	library = environment.prefix ? find_library(&environment) : NULL;
	config = environment.prefix ? path_join(environment.prefix, "pyvenv.cfg") : NULL;
	system = config ? value_in_file(config, "\ninclude-system-site-packages ") : NULL;
	*shared = system && !strcmp(system, "true");
	if (library)
		rc = add_all(packages, environment.prefix, library, err);
	if (!rc)
		rc = library != NULL;
	if (rc <= 0)
		json_object_clear(packages);
	free(system);
	free(config);
	free(library);
	free(environment.prefix);
	free(environment.interpreter);
	return rc;
}

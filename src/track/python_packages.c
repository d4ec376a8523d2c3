/* The packages that a command's Python would import: see environment_work.h. */
#include "track/environment_work.h"

#include "base/mem.h"
#include "format/json.h"

static const char packages_end[] = ".dist-info";

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
	struct python_place place;
	char *config, *system;
	int rc = 0;

	python_find(&place, argv, cwd);
	config = place.prefix ? path_join(place.prefix, "pyvenv.cfg") : NULL;
	system = config ? value_in_file(config, "\ninclude-system-site-packages ") : NULL;
	*shared = system && !strcmp(system, "true");
	if (place.library)
		rc = add_all(packages, place.prefix, place.library, err);
	if (!rc)
		rc = place.library != NULL;
	if (rc <= 0)
		json_object_clear(packages);
	free(system);
	free(config);
	free(place.library);
	free(place.prefix);
	return rc;
}

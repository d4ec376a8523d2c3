/* What the files of environment share. `root` goes before every absolute path that they read: "", or a test's folder. */
#ifndef ASSAY_TRACK_ENVIRONMENT_WORK_H
#define ASSAY_TRACK_ENVIRONMENT_WORK_H

#include "base/file.h"

#include <jansson.h>

/* The value after `key` up to its line's end, blanks, quotes, `:` and `=` around it taken off; NULL if it is not there. A key
 * that begins with a newline is found at the beginning of a line only. The caller's. */
char *value_in_file(const char *path, const char *key) MUST_CHECK;

/*
 * The names of the graphics processors that can compute, in the driver's order: NVIDIA's by its driver, else by nvidia-smi
 * where the device is there (2 s at most), AMD's by theirs. An empty list where none is known.
 */
MUST_CHECK int gpu_list(struct names *out, const char *root, struct error *err);

/*
 * The environment that a command's Python belongs to. The interpreter: argv[0], or that of the script argv[0], looked up in PATH,
 * a shim of pyenv by what it stands for; for other programs the active environment (VIRTUAL_ENV, CONDA_PREFIX), else the
 * python3 of PATH. It has an environment if it lies in one (pyvenv.cfg, conda-meta) or has a site-packages of its own.
 */
struct python_place {
	char *prefix; /* its folder; NULL: none is known. The caller's */
	char *library; /* the folder below lib/ whose site-packages it uses, "python3.11"; NULL: none. The caller's */
};
void python_find(struct python_place *out, const char *const *argv, const char *cwd);

/*
 * Put the version of Python and of each package of python_find()'s environment into `packages`. They are read from names of
 * folders: a few milliseconds for hundreds. 1 if there is one, 0 if not: `packages` is empty then. *shared: 1 if it also
 * uses the packages of the system, which are not listed.
 */
MUST_CHECK int python_packages(json_t *packages, int *shared, const char *const *argv, const char *cwd,
			       struct error *err);

#endif

/* Which word of a command names what runs: see program.h. */
#include "record/program.h"

#include "base/file.h"

/* Versions (python3.11) are cut off before. */
static const char *const interpreters[] = {"python",  "pypy",  "sh",     "bash", "dash", "zsh",   "ksh",  "fish",
					   "node",    "deno",  "bun",    "ruby", "perl", "php",   "lua",  "R",
					   "Rscript", "julia", "octave", "gawk", "awk",  "tclsh", "guile"};
static const char *const suffixes[] = {".py", ".sh", ".bash", ".zsh", ".r", ".R",   ".jl",    ".js",  ".mjs", ".ts",
				       ".rb", ".pl", ".lua",  ".php", ".m", ".awk", ".ipynb", ".tcl", ".scm"};

/* The length of a name without its version. */
static size_t name_length(const char *base)
{
	return strcspn(base, "0123456789.");
}

int program_is_interpreter(const char *program)
{
	const char *base = path_base(program);
	size_t len = name_length(base);

	for (size_t i = 0; i < sizeof(interpreters) / sizeof(*interpreters); i++)
		if (strlen(interpreters[i]) == len && !strncmp(base, interpreters[i], len))
			return 1;
	return 0;
}

int program_same_interpreter(const char *a, const char *b)
{
	size_t len = name_length(path_base(a));

	return program_is_interpreter(a) && program_is_interpreter(b) && len == name_length(path_base(b)) &&
	       !strncmp(path_base(a), path_base(b), len);
}

static int is_script(const char *word)
{
	const char *suffix = strrchr(path_base(word), '.');

	for (size_t i = 0; suffix && i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (!strcmp(suffix, suffixes[i]))
			return 1;
	return 0;
}

const char *program_script(const char *const *argv, int *is_module)
{
	*is_module = 0;
	for (size_t i = 1; argv[i]; i++)
		if (argv[i][0] != '-' && is_script(argv[i]))
			return argv[i];
	if (!program_is_interpreter(argv[0]))
		return argv[0];
	for (size_t i = 1; argv[i]; i++) {
		if (!strcmp(argv[i], "-m") && argv[i + 1]) {
			*is_module = 1;
			return argv[i + 1];
		}
		if (!strcmp(argv[i], "-c") || !strcmp(argv[i], "-e"))
			return argv[0];
		if (argv[i][0] != '-')
			return argv[i];
	}
	return argv[0];
}

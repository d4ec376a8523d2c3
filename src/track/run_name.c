/* The name of a run that was given none: that of the script it runs, else of the program. */
#include "track/run_work.h"

#include "base/mem.h"

/* Programs that run a script which their first argument names. Versions (python3.11) are cut off before. */
static const char *const interpreters[] = {"python",  "pypy",  "sh",     "bash", "dash", "zsh",   "ksh",  "fish",
					   "node",    "deno",  "bun",    "ruby", "perl", "php",   "lua",  "R",
					   "Rscript", "julia", "octave", "gawk", "awk",  "tclsh", "guile"};
static const char *const suffixes[] = {".py", ".sh", ".bash", ".zsh", ".r", ".R",   ".jl",    ".js",  ".mjs", ".ts",
				       ".rb", ".pl", ".lua",  ".php", ".m", ".awk", ".ipynb", ".tcl", ".scm"};

static int is_interpreter(const char *program)
{
	size_t len = strcspn(program, "0123456789.");

	for (size_t i = 0; i < sizeof(interpreters) / sizeof(*interpreters); i++)
		if (strlen(interpreters[i]) == len && !strncmp(program, interpreters[i], len))
			return 1;
	return 0;
}

static int is_script(const char *word)
{
	const char *suffix = strrchr(path_base(word), '.');

	for (size_t i = 0; suffix && i < sizeof(suffixes) / sizeof(*suffixes); i++)
		if (!strcmp(suffix, suffixes[i]))
			return 1;
	return 0;
}

/* The word that names what runs: a script, a module behind -m, else the program itself. */
static const char *script_of(const char *const *argv, int *is_module)
{
	*is_module = 0;
	for (size_t i = 1; argv[i]; i++)
		if (argv[i][0] != '-' && is_script(argv[i]))
			return argv[i];
	if (!is_interpreter(path_base(argv[0])))
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

/* A name has no control characters, no '/', and 100 bytes at most; short ones of hex digits alone would name a handle. */
static char *mend(const char *text, size_t len)
{
	struct buf name = BUF_INIT;
	struct error wrong = {0};

	for (size_t i = 0, step; i < len && name.len < 60; i += step) {
		unsigned code = 0;

		step = utf8_next(text + i, len - i, &code);
		if (step && code >= 0x20 && (code < 0x7f || code >= 0xa0) && code != '/')
			buf_put(&name, text + i, step);
		else
			buf_putc(&name, '-');
		step = step ? step : 1;
	}
	if (!name.failed && run_name_check(name.text, &wrong) < 0) {
		char *other = mem_printf("run-%s", name.text); /* "run-best", "run-beef" */

		buf_release(&name);
		return other;
	}
	return buf_detach(&name);
}

int run_default_name(char **out, const char *const *argv, struct error *err)
{
	int is_module;
	const char *base = path_base(script_of(argv, &is_module)), *dot = strrchr(base, '.');
	size_t len = !is_module && dot && dot != base ? (size_t)(dot - base) : strlen(base);

	*out = mend(base, len);
	return *out ? 0 : error_nomem(err);
}

/* The name of a run that was given none: that of the script it runs, else of the program. */
#include "track/run_work.h"

#include "base/mem.h"
#include "record/program.h"

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
	const char *base = path_base(program_script(argv, &is_module)), *dot = strrchr(base, '.');
	size_t len = !is_module && dot && dot != base ? (size_t)(dot - base) : strlen(base);

	*out = mend(base, len);
	return *out ? 0 : error_nomem(err);
}

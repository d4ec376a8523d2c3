/*
 * selection FILE [TRIALS]: pick the best of many models whose truth is known, TRIALS times each world (300 where there are
 * 500 models, four times as often with fewer), and write FILE in the form of src/site/page/selection_rates.def.
 */
#include "simulate/selection_world.h"

#include "base/buf.h"
#include "base/file.h"

#include <stdlib.h>

static const struct selection_world world[] = {
	{.name = "equal", .m = 5, .rows = 1409},
	{.name = "equal", .m = 5, .rows = 1409, .alike = 1},
	{.name = "equal", .m = 50, .rows = 1409},
	{.name = "equal", .m = 50, .rows = 1409, .alike = 1},
	{.name = "equal", .m = 500, .rows = 1409},
	{.name = "equal", .m = 500, .rows = 1409, .alike = 1},
	{.name = "one ahead", .m = 50, .rows = 1409, .ahead = 0.05},
	{.name = "one ahead", .m = 50, .rows = 1409, .ahead = 0.05, .alike = 1},
	{.name = "one a little ahead", .m = 50, .rows = 1409, .ahead = 0.015},
	{.name = "one a little ahead", .m = 50, .rows = 1409, .ahead = 0.015, .alike = 1},
	{.name = "spread", .m = 50, .rows = 1409, .spread = 0.06},
	{.name = "spread", .m = 50, .rows = 1409, .spread = 0.06, .alike = 1},
};

int main(int argc, char **argv)
{
	size_t trials = argc > 2 ? strtoul(argv[2], NULL, 10) : 300;
	struct buf lines = BUF_INIT;
	struct error err = {0};
	int rc = 0;

	if (argc < 2 || argc > 3 || trials == 0) {
		fprintf(stderr, "usage: selection FILE [TRIALS]\n");
		return 2;
	}
	buf_puts(&lines, "/* Written by `make simulate` (tests/simulate/README.md); see struct pick_rate. */\n");
	for (size_t i = 0; rc == 0 && i < sizeof(world) / sizeof(*world); i++) {
		const struct selection_world *w = &world[i];
		struct selection_outcome o = {0};

		rc = selection_trials(&o, w, 0, w->m > 100 ? trials : 4 * trials, 4, &err);
		buf_printf(&lines,
			   "PICKED(\"%s\", %zu, %zu, %d, %zu, %zu, %zu, %.4f, %.4f, %.3f, %zu, %.4f, %.4f, %.4f)\n",
			   w->name, w->m, w->rows, w->alike, o.trials, o.plain, o.corrected,
			   o.plain_off / (double)o.trials, o.off / (double)o.trials, o.width / (double)o.trials,
			   o.placed, o.kept / (double)o.placed, o.held / (double)o.placed, o.could / (double)o.placed);
		fprintf(stderr, "%s of %zu%s: %.1f %% plain, %.1f %% corrected\n", w->name, w->m,
			w->alike ? ", alike" : "", 100 * (double)o.plain / (double)o.trials,
			100 * (double)o.corrected / (double)o.trials);
	}
	if (rc == 0)
		rc = buf_check(&lines, &err);
	if (rc == 0)
		rc = file_write(argv[1], lines.text, lines.len, &err);
	if (rc < 0)
		fprintf(stderr, "selection: %s\n", err.text);
	buf_release(&lines);
	return rc < 0 ? 3 : 0;
}

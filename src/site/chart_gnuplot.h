/* One gnuplot fed many scripts. Private to chart*.c. */
#ifndef ASSAY_SITE_CHART_GNUPLOT_H
#define ASSAY_SITE_CHART_GNUPLOT_H

#include "base/file.h"

struct gnuplot_job {
	const char *script; /* commands that end in a plot; NULL: nothing to do */
	double height; /* of the picture, in pixels */
};

/*
 * Run n scripts. finished(context, i, svg, problem) is called once for each job that has a script, in order: svg is the
 * text of its file, or NULL and problem the reason. What makes gnuplot end costs the script it was at; after that one
 * another gnuplot goes on.
 * 0, ERR_MACHINE where no private folder can be made, or what finished() returned below 0.
 */
MUST_CHECK int gnuplot_run(const struct gnuplot_job *job, size_t n,
			   int (*finished)(void *context, size_t i, const char *svg, const char *problem),
			   void *context, struct error *err);

#endif

/* What every unit test includes: cmocka with its needs, and a comparison of doubles that does not go through float. */
#ifndef ASSAY_TESTS_CHECK_H
#define ASSAY_TESTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* |got - want| <= tolerance * max(1, |want|); NaN equals NaN only. */
#define check_close(got, want, tolerance) check_close_at((got), (want), (tolerance), #got, __FILE__, __LINE__)
static inline void check_close_at(double got, double want, double tolerance, const char *what, const char *file,
				  int line)
{
	double scale = fabs(want) > 1 ? fabs(want) : 1;

	if ((isnan(got) && isnan(want)) || fabs(got - want) <= tolerance * scale)
		return;
	print_error("%s = %.17g, not %.17g (tolerance %g)\n", what, got, want, tolerance);
	_fail(file, line);
}

/* rc is 0, or the error's text is shown. */
#define check_ok(rc, err) check_ok_at((rc), (err).text, #rc, __FILE__, __LINE__)
static inline void check_ok_at(int rc, const char *text, const char *what, const char *file, int line)
{
	if (rc == 0)
		return;
	print_error("%s = %d: %s\n", what, rc, text);
	_fail(file, line);
}

#endif

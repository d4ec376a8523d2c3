/* Time: only for records, durations and progress, never for a result. */
#ifndef ASSAY_BASE_CLOCK_H
#define ASSAY_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_TEXT 21 /* "2026-11-24T10:30:15Z" and a NUL */

double clock_seconds(void); /* monotonic */
double clock_cpu_seconds(void); /* of this process, all threads */
time_t clock_now(void); /* seconds since 1970, UTC */
void clock_text(char out[CLOCK_TEXT], time_t when); /* RFC 3339, UTC */

#endif

#include "base/clock.h"

static double seconds(clockid_t id)
{
	struct timespec now = {0};

	clock_gettime(id, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double clock_seconds(void)
{
	return seconds(CLOCK_MONOTONIC);
}

double clock_cpu_seconds(void)
{
	return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

time_t clock_now(void)
{
	return time(NULL);
}

void clock_text(char out[CLOCK_TEXT], time_t when)
{
	struct tm tm;

	gmtime_r(&when, &tm);
	strftime(out, CLOCK_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

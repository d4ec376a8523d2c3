/* The commit message of a run. Names are a stranger's text: no newline of theirs may start a trailer. */
#include "record/run.h"

#include <math.h>

static void put_text(struct buf *out, const char *text)
{
	buf_terminal(out, text, strlen(text));
}

static void put_trailer(struct buf *out, const char *key, const char *value)
{
	if (!*value)
		return;
	buf_printf(out, "%s: ", key);
	put_text(out, value);
	buf_putc(out, '\n');
}

/* Three decimals where they say something, else four digits. */
static void put_number(struct buf *out, double value, const char *plain, const char *wide)
{
	double size = fabs(value);

	buf_printf(out, size != 0 && (size < 0.001 || size >= 1000) ? wide : plain, value);
}

int run_message(struct buf *out, const struct run *run, const char *headline, double difference, struct error *err)
{
	const char *status = run_text(run, "status"), *snapshot = run_text(run, "code.snapshot");
	double value;

	buf_puts(out, "assay: ");
	put_text(out, run_name(run));
	buf_puts(out, " on ");
	put_text(out, run_experiment(run));
	if (strcmp(status, "finished") != 0) {
		buf_puts(out, ": ");
		put_text(out, status);
	} else if (headline && run_metric(&value, run, headline)) {
		buf_puts(out, ": ");
		put_text(out, headline);
		buf_putc(out, ' ');
		put_number(out, value, "%.3f", "%.4g");
		if (!isnan(difference)) {
			buf_puts(out, " (");
			put_number(out, difference, "%+.3f", "%+.4g");
			buf_putc(out, ')');
		}
	}
	buf_puts(out, "\n\n");
	put_trailer(out, "Assay-Run", run_id(run));
	put_trailer(out, "Assay-Experiment", run_experiment(run));
	put_trailer(out, "Assay-Status", status);
	put_trailer(out, "Assay-Code", *snapshot ? snapshot : run_text(run, "code.commit"));
	return buf_check(out, err);
}

/* The progress bar: see progress_bar.h. */
#include "command/progress_bar.h"

#include "base/clock.h"

#include <unistd.h>

enum { BAR_CELLS = 24, LABEL_CELLS = 28 };
static const double between_draws_seconds = 0.05;

static void write_left(struct buf *out, double seconds)
{
	long long s = (long long)(seconds + 0.5);

	if (s >= 3600)
		buf_printf(out, "%lld:%02lld:%02lld left", s / 3600, s / 60 % 60, s % 60);
	else
		buf_printf(out, "%lld:%02lld left", s / 60, s % 60);
}

static void draw(struct progress_bar *bar, const char *what, double share, double now)
{
	int full = (int)(share * BAR_CELLS + 0.5);
	struct buf out = BUF_INIT, label = BUF_INIT;

	buf_terminal(&label, what, strlen(what));
	buf_puts(&out, "\r\033[K");
	if (bar->terminal.columns >= BAR_CELLS + LABEL_CELLS + 24)
		buf_printf(&out, "%-*.*s ", LABEL_CELLS, LABEL_CELLS, label.text);
	buf_putc(&out, '[');
	for (int i = 0; i < BAR_CELLS; i++)
		buf_putc(&out, i < full ? '#' : '.');
	buf_printf(&out, "] %3.0f %%", share * 100);
	if (share > 0.02 && now - bar->started > 0.2) {
		buf_puts(&out, "  ");
		write_left(&out, (now - bar->started) / share * (1 - share));
	}
	if (!out.failed && !label.failed)
		fputs(out.text, stderr);
	fflush(stderr);
	bar->line = 1;
	bar->drawn = now;
	buf_release(&label);
	buf_release(&out);
}

static void step(struct progress *progress, const char *what, double done, double total)
{
	struct progress_bar *bar = (struct progress_bar *)(void *)progress;
	double now = clock_seconds(), share = total > 0 ? done / total : 0;

	/* A new step is shown at once, however short it may be. */
	if (now - bar->drawn < between_draws_seconds && !strncmp(bar->what, what, sizeof(bar->what) - 1))
		return;
	snprintf(bar->what, sizeof(bar->what), "%s", what);
	draw(bar, what, share < 0 ? 0 : share > 1 ? 1 : share, now);
}

struct progress *progress_bar_start(struct progress_bar *bar)
{
	*bar = (struct progress_bar){.progress = {.step = step}, .started = clock_seconds()};
	terminal_look(&bar->terminal, STDERR_FILENO);
	return bar->terminal.is_terminal ? &bar->progress : NULL;
}

void progress_bar_end(struct progress_bar *bar)
{
	if (!bar->line)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	bar->line = 0;
}

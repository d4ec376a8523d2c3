/* `assay status` as people read it. */
#include "command/status.h"
#include "command/figure.h"
#include "command/run_table.h"

#include "base/clock.h"

enum { LABEL = 13, INDENT = 2, MOST_IN_FLIGHT = 20 };

struct page {
	struct buf *out;
	const struct status *status;
	const struct terminal *terminal;
};

/* "  label        text, broken under itself"; the text is untrusted. */
static void line(const struct page *page, const char *label, enum paint paint, const char *text)
{
	struct buf safe = BUF_INIT, name = BUF_INIT;

	buf_terminal(&safe, text, strlen(text));
	buf_puts(&name, label);
	while (!name.failed && name.len < LABEL)
		buf_putc(&name, ' ');
	buf_puts(page->out, "  ");
	terminal_paint(page->out, page->terminal, paint, name.text);
	terminal_wrap(page->out, safe.text, LABEL + INDENT, LABEL + INDENT, page->terminal->columns);
	buf_putc(page->out, '\n');
	page->out->failed |= safe.failed || name.failed;
	buf_release(&safe);
	buf_release(&name);
}

static void put_name(struct buf *out, const struct seen_run *seen)
{
	buf_printf(out, "%s (%.7s)", run_name(&seen->run), id_handle(run_id(&seen->run)));
}

static void put_head(const struct page *page, const struct experiment *experiment)
{
	struct buf text = BUF_INIT;

	buf_terminal(&text, experiment->name, strlen(experiment->name));
	buf_putc(page->out, '\n');
	terminal_paint(page->out, page->terminal, PAINT_STRONG, text.text);
	page->out->failed |= text.failed;
	buf_clear(&text);
	if (experiment->question) {
		buf_puts(page->out, "  ");
		buf_terminal(&text, experiment->question, strlen(experiment->question));
		terminal_wrap(page->out, text.text, strlen(experiment->name) + 2, INDENT, page->terminal->columns);
		page->out->failed |= text.failed;
	}
	if (strcmp(experiment->status, "open") != 0)
		buf_printf(page->out, "  (%s)", experiment->status);
	buf_putc(page->out, '\n');
	buf_release(&text);
}

static void put_stages(const struct page *page, const struct experiment_standing *standing, struct buf *text)
{
	size_t done = 0;

	for (size_t i = 0; i < STAGES; i++)
		if (standing->stage[i].done)
			buf_printf(text, "%s%s", done++ ? ", " : "", standing->stage[i].name);
	buf_puts(text, done ? " done" : "none done");
	if (*standing->next)
		buf_printf(text, "; next: %s", standing->next);
	line(page, "stages", PAINT_QUIET, text->text);
	buf_clear(text);
}

static enum paint paint_of_word(const char *word)
{
	return !strcmp(word, "confirmed") ? PAINT_GOOD : !strcmp(word, "refuted") ? PAINT_BAD : PAINT_QUIET;
}

static void put_hypothesis(const struct page *page, const struct status_item *item, struct buf *text)
{
	const struct hypothesis *hypothesis = &item->hypothesis;
	const struct experiment *experiment = item->experiment;
	const char *word = hypothesis->verdict;

	if (!experiment->n_expects)
		return;
	buf_puts(text, !strcmp(word, "too_few") ? "too few to judge" : word);
	buf_puts(text, ": expected");
	for (size_t i = 0; i < experiment->n_expects; i++)
		buf_printf(text, "%s %s %s", i ? "," : "", experiment->expects[i].metric, experiment->expects[i].what);
	if (hypothesis->judged) {
		buf_puts(text, "; judged on ");
		put_name(text, hypothesis->judged);
	}
	if (hypothesis->judged && hypothesis->picked)
		buf_printf(text, ", picked as the best of %zu", hypothesis->runs);
	line(page, "hypothesis", paint_of_word(word), text->text);
	buf_clear(text);
}

static void put_criteria(const struct page *page, const struct experiment_standing *standing, struct buf *text)
{
	if (!standing->of || !standing->subject)
		return;
	buf_printf(text, "%zu of %zu met by ", standing->met, standing->of);
	put_name(text, standing->subject);
	line(page, "criteria", standing->met == standing->of ? PAINT_GOOD : PAINT_QUIET, text->text);
	buf_clear(text);
}

static void put_practices(const struct page *page, const struct experiment_standing *standing, struct buf *text)
{
	static const enum paint paint[] = {[PRACTICE_MET] = PAINT_GOOD,
					   [PRACTICE_PARTLY] = PAINT_LOUD,
					   [PRACTICE_UNMET] = PAINT_BAD,
					   [PRACTICE_UNKNOWN] = PAINT_QUIET};

	for (size_t i = 0; i < PRACTICES; i++) {
		const struct practice *practice = &standing->practice[i];

		if (practice->state == PRACTICE_UNKNOWN && !standing->runs)
			continue; /* there is nothing to know yet */
		buf_printf(text, "%s: %s", practice->name, practice->sentence);
		line(page, practice_state_word(practice->state), paint[practice->state], text->text);
		buf_clear(text);
	}
}

/* What was changed of the plan, and after which run. */
static void put_changes(const struct page *page, const struct plan_order *plan, struct buf *text)
{
	for (size_t i = 0; i < plan->changes; i++) {
		plan_change_sentence(text, &plan->change[i]);
		line(page, i ? "" : "changed", PAINT_QUIET, text->text);
		buf_clear(text);
	}
}

static void put_item(const struct page *page, const struct status_item *item, struct buf *text)
{
	put_head(page, item->experiment);
	put_stages(page, &item->standing, text);
	put_hypothesis(page, item, text);
	put_criteria(page, &item->standing, text);
	put_practices(page, &item->standing, text);
	if (page->status->one)
		put_changes(page, &item->plan, text);
	if (!item->command.len) {
		line(page, "next", PAINT_STRONG, "nothing that assay could do; `status: closed` in its file ends it");
		return;
	}
	line(page, "next", PAINT_STRONG, item->command.text);
	line(page, "", PAINT_QUIET, item->why);
}

static void put_in_flight(const struct page *page, struct buf *text)
{
	const struct runs *runs = &page->status->session.runs;
	size_t n = 0;

	for (size_t i = 0; i < runs->n; i++) {
		const struct seen_run *seen = &runs->item[i];

		if (seen->where == WHERE_GIT || n++ >= MOST_IN_FLIGHT)
			continue;
		if (n == 1)
			buf_putc(page->out, '\n');
		put_name(text, seen);
		buf_printf(text, " of %s", run_experiment(&seen->run));
		if (seen->where == WHERE_RUNNING) {
			buf_puts(text, ", started ");
			if (page->terminal->is_terminal)
				figure_age(text, run_text(&seen->run, "started"), clock_now());
			else
				buf_puts(text, run_text(&seen->run, "started"));
		} else {
			buf_puts(text, ", not in git yet: `assay recover` commits it");
		}
		line(page, seen->where == WHERE_RUNNING ? "running" : "waiting", PAINT_LOUD, text->text);
		buf_clear(text);
	}
	if (n > MOST_IN_FLIGHT) {
		buf_printf(text, "and %zu more", n - MOST_IN_FLIGHT);
		line(page, "", PAINT_QUIET, text->text);
		buf_clear(text);
	}
}

static void put_remote(const struct page *page, struct buf *text)
{
	const struct store_unsent *unsent = &page->status->unsent;

	if (!page->status->session.runs.n)
		return;
	buf_putc(page->out, '\n');
	if (!unsent->remote) {
		line(page, "remote", PAINT_QUIET, "none: the runs are in this repository alone");
		return;
	}
	if (unsent->runs || unsent->commits) {
		buf_printf(text, "not on %s yet: ", unsent->remote);
		if (unsent->runs)
			buf_printf(text, "%zu %s", unsent->runs, unsent->runs == 1 ? "run" : "runs");
		if (unsent->commits)
			buf_printf(text, "%s%zu %s of code that %s made from", unsent->runs ? ", " : "",
				   unsent->commits, unsent->commits == 1 ? "commit" : "commits",
				   unsent->runs == 1 ? "it was" : "runs were");
		buf_puts(text, ": `assay sync` takes them there");
	} else {
		buf_printf(text, "%s has all runs, as git saw it last", unsent->remote);
	}
	line(page, "remote", PAINT_QUIET, text->text);
	buf_clear(text);
}

static void put_top(const struct page *page, struct buf *text)
{
	const struct status *status = page->status;
	const struct session *session = &status->session;

	figure_count(text, (double)session->runs.n);
	buf_printf(text, " %s on %s", session->runs.n == 1 ? "run" : "runs", store_branch(session->store));
	if (status->closed)
		buf_printf(text, "; %zu %s not shown (--all)", status->closed,
			   status->closed == 1 ? "experiment that is closed is" : "experiments that are closed are");
	buf_terminal(page->out, text->text, text->len);
	buf_putc(page->out, '\n');
	buf_clear(text);
	if (!status->n && !session->runs.n && !status->closed) {
		buf_puts(page->out, "\nno experiment yet\n");
		line(page, "next", PAINT_STRONG,
		     session->project->data.file ? "assay baseline" : "assay baseline --data FILE.csv --target COLUMN");
		line(page, "", PAINT_QUIET, "trains what every idea has to beat; `assay new NAME` states one first");
	}
}

int status_page(struct buf *out, const struct status *status, const struct terminal *terminal, struct error *err)
{
	const struct page page = {out, status, terminal};
	struct buf text = BUF_INIT;
	int rc;

	put_top(&page, &text);
	for (size_t i = 0; i < status->n; i++)
		put_item(&page, &status->item[i], &text);
	put_in_flight(&page, &text);
	put_remote(&page, &text);
	rc = buf_check(&text, err);
	buf_release(&text);
	return rc;
}

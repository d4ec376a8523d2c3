#include "command/run_tell.h"

#include "command/figure.h"
#include "command/message.h"
#include "command/run_table.h"

#include "format/json.h"
#include "judge/words.h"
#include "record/repetition.h"

#include <signal.h>
#include <sys/resource.h>

/* The first declared metric that the run has, else any; NULL: it has none. */
static const char *first_metric(const struct run *run, const struct experiment *experiment,
				const struct project *project)
{
	size_t n;
	const struct declared_metric *metric = experiment_metrics(&n, experiment, project);
	const char *name, *first = NULL;
	const json_t *value;
	double number;

	for (size_t i = 0; i < n; i++)
		if (run_metric(&number, run, metric[i].name))
			return metric[i].name;
	json_object_foreach((json_t *)(size_t)run_field(run, "reported"), name, value)
		first = !first || strcmp(name, first) < 0 ? name : first;
	return first;
}

/* "run train (3f2a91b), 5 seeds: f1 0.861, standard deviation 0.004, this recipe is better, on this training set" */
static void tell_run(const struct seen_run *seen, const struct experiment *experiment, const struct project *project)
{
	const struct run *run = &seen->run;
	const char *metric = first_metric(run, experiment, project), *status = run_text(run, "status");
	const char *verdict = metric ? run_verdict(run, metric, NULL) : NULL;
	const char *scope = json_string_value(json_object_get(run_comparison(run, "baseline"), "scope"));
	const json_t *spread = metric ? json_object_get(run_field(run, "spread"), metric) : NULL;
	const char *of = repetition_word(run_repetition(run));
	size_t n = json_array_size(run_field(run, "children"));
	struct buf text = BUF_INIT;
	double value;

	buf_printf(&text, "run %s (%.7s)", run_name(run), id_handle(run_id(run)));
	if (n)
		buf_printf(&text, ", %zu %.*s", n, (int)(strlen(of) - (n == 1)), of);
	if (strcmp(status, "finished") != 0)
		buf_printf(&text, " %s", status);
	if (metric && run_metric(&value, run, metric)) {
		buf_printf(&text, ": %s ", metric);
		figure_score(&text, metric, value, 1);
		buf_puts(&text, run_is_measured(run, metric) ? "" : " reported");
	}
	if (spread && json_number(&value, spread)) {
		buf_puts(&text, ", standard deviation ");
		figure_score(&text, metric, value, 1);
	}
	if (verdict)
		buf_printf(&text, "; %s", judge_words(scope, verdict));
	if (!text.failed)
		message_note("%s", text.text);
	buf_release(&text);
}

static void tell_snapshot(const struct run_report *report)
{
	struct buf text = BUF_INIT;

	if (report->snapshot_files) {
		buf_printf(&text, "kept with the run: %zu changed file%s of yours, ", report->snapshot_files,
			   report->snapshot_files == 1 ? "" : "s");
		figure_bytes(&text, (double)report->snapshot_bytes);
		if (!text.failed)
			message_note("%s", text.text);
	}
	if (report->left_out.n)
		message_note("the snapshot of your changed files leaves out %s%s", report->left_out.name[0],
			     report->left_out.n > 1 ? " and others: `assay show` names them" : "");
	buf_release(&text);
}

void run_tell(const struct run_report *report, int quiet, const struct experiment *experiment,
	      const struct project *project)
{
	if (!quiet) {
		for (size_t i = 0; i < report->notes.n; i++)
			message_note("%s", report->notes.name[i]);
		tell_snapshot(report);
		if (report->made.n) /* of seeds the parent */
			tell_run(&report->made.item[0], experiment, project);
		for (size_t i = 0; i < report->changed.n; i++)
			message_note("%s", report->changed.name[i]);
	}
	for (size_t i = 0; i < report->warnings.n; i++)
		message_warning("%s", report->warnings.name[i]);
	if (report->waiting)
		message_warning("the run is not in git yet: %s; the next command that writes commits it",
				report->waiting);
}

void run_end_by(int number)
{
	const struct rlimit no_core = {0, 0};
	sigset_t set;

	fflush(NULL);
	(void)!setrlimit(RLIMIT_CORE, &no_core);
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
}

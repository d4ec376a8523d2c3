/* See next_step.h: the first thing that is missing, in the order of the stages. */
#include "judge/next_step.h"

#include "base/mem.h"
#include "judge/command_words.h"

struct step {
	struct buf *out;
	const struct standing_input *input;
	const struct experiment_standing *standing;
	const struct project *project;
};

static const char *name_of(const struct step *step)
{
	return step->input->experiment->name;
}

/* " -e NAME" where it has to be said: there is another usual one. */
static void put_experiment(const struct step *step)
{
	const char *usual = step->project->experiment;

	if (usual && !strcmp(usual, name_of(step)))
		return;
	buf_puts(step->out, " -e ");
	command_quote(step->out, name_of(step), strlen(name_of(step)));
}

/* " --param NAME=VALUE" for each that the run was given: without them its command is another point. Secrets are not known. */
static void put_given(const struct step *step, const struct run *run)
{
	const json_t *given = run_field(run, "given.params"), *one;
	struct command_values values = {0};
	struct buf word = BUF_INIT;
	struct error none = {0};
	size_t i;

	json_array_foreach((json_t *)(size_t)given, i, one)
	{
		const char *name = json_string_value(one);
		const json_t *value = name ? json_object_get(run_field(run, "params"), name) : NULL;

		if (value && command_value_add(&values, name, value, value, &none) < 0)
			step->out->failed = 1;
	}
	for (i = 0; i < values.n; i++) {
		const struct command_value *value = &values.item[i];

		if (!value->text[SIDE_TO] || !strcmp(value->text[SIDE_TO], "***"))
			continue;
		buf_clear(&word);
		buf_printf(&word, "%s=%s", value->name, value->text[SIDE_TO]);
		buf_puts(step->out, " --param ");
		command_quote(step->out, word.text, word.len);
	}
	step->out->failed |= word.failed;
	buf_release(&word);
	command_values_release(&values);
}

/* "assay run -e NAME OPTIONS -- the command of that run", or COMMAND. */
static void put_run(const struct step *step, const char *options, const struct seen_run *of)
{
	const json_t *command = of ? run_field(&of->run, "command") : NULL, *word;
	int is_run = of && !strcmp(run_text(&of->run, "kind"), "run");
	size_t i;

	buf_puts(step->out, "assay run");
	put_experiment(step);
	buf_puts(step->out, options);
	if (!is_run || !json_array_size(command)) {
		buf_puts(step->out, " -- COMMAND");
		return;
	}
	put_given(step, &of->run);
	buf_puts(step->out, " --");
	json_array_foreach((json_t *)(size_t)command, i, word)
	{
		buf_putc(step->out, ' ');
		command_quote(step->out, json_string_value(word), json_string_length(word));
	}
}

static void put_handle(const struct step *step, const char *command, const struct seen_run *run)
{
	buf_printf(step->out, "assay %s %.7s", command, id_handle(run_id(&run->run)));
}

/* Write down, commit, train: what comes before the first run. */
static const char *before_runs(const struct step *step)
{
	const struct experiment *experiment = step->input->experiment;

	if (!experiment->path) {
		buf_printf(step->out, "assay new %s", name_of(step));
		return "writes down the question, what is expected, and what has to be met";
	}
	if (!step->standing->stage[0].done) {
		buf_printf(step->out, "${EDITOR:-vi} %s", experiment->path);
		return "state expects: and success_criteria:, so that the hypothesis can be confirmed or refuted";
	}
	if (step->input->plan->state == PLAN_NO_RUN && step->input->plan->uncommitted) {
		buf_printf(step->out, "git add %s && git commit -m \"What %s expects\"", experiment->path,
			   name_of(step));
		return "only what is committed before the first run is provably written before it";
	}
	if (!step->standing->baseline) {
		buf_puts(step->out, "assay baseline");
		buf_puts(step->out, step->project->data.file ? "" : " --data FILE.csv --target COLUMN");
		put_experiment(step);
		return "trains what every run has to beat";
	}
	return NULL;
}

static int is_reproduced(const struct step *step)
{
	const struct runs *runs = step->input->runs;

	for (size_t i = 0; i < runs->n; i++)
		if (!strcmp(run_text(&runs->item[i].run, "tags.reproduces"), run_id(&step->standing->subject->run)))
			return 1;
	return 0;
}

/* What `pick` writes for the pull request is there. */
static int is_picked(const struct step *step)
{
	char *path = mem_printf("%s/experiments/%s.results.md", step->project->root, name_of(step));
	int there = path && file_exists(path);

	step->out->failed |= !path;
	free(path);
	return there;
}

/* The hypothesis is confirmed or refuted: make sure of it, and write it down. */
static const char *once_decided(const struct step *step)
{
	if (!is_reproduced(step)) {
		put_handle(step, "reproduce", step->standing->subject);
		return "whether it comes out the same again";
	}
	if (!is_picked(step)) {
		put_handle(step, "pick", step->standing->subject);
		return "writes the result down for the pull request";
	}
	return "";
}

static size_t repetitions(const struct seen_run *seen)
{
	return json_array_size(run_field(&seen->run, "children"));
}

/* The newest finished run of that kind and experiment that was repeated, not cut short; NULL: there is none. */
static const struct seen_run *repeated(const struct step *step, const char *kind, const char *experiment)
{
	const struct runs *runs = step->input->runs;

	for (size_t i = runs->n; i-- > 0;) {
		const struct run *run = &runs->item[i].run;

		if (!strcmp(run_experiment(run), experiment) && !strcmp(run_text(run, "kind"), kind) &&
		    !strcmp(run_text(run, "status"), "finished") && repetitions(&runs->item[i]) > 1)
			return &runs->item[i];
	}
	return NULL;
}

/* Seeds on both sides tell how much of a difference is noise. */
static const char *while_undecided(const struct step *step)
{
	const struct seen_run *ours = repeated(step, "run", name_of(step)), *bar = step->standing->baseline;
	char option[64] = " --seeds 5";

	if (ours && json_array_size(run_field(&ours->run, "comparison"))) {
		put_handle(step, "show", ours);
		return "the hypothesis is undecided: it says what would decide it";
	}
	if (ours)
		snprintf(option, sizeof(option), " --%s %zu",
			 run_field(&ours->run, "data.split.count") ? "splits" : "seeds", repetitions(ours));
	if (ours && bar && !repeated(step, "baseline", run_experiment(&bar->run))) {
		buf_puts(step->out, "assay baseline -e ");
		command_quote(step->out, run_experiment(&bar->run), strlen(run_experiment(&bar->run)));
		buf_puts(step->out, option);
		return "the hypothesis is undecided: a run was repeated, and its baseline was not";
	}
	put_run(step, option, ours ? ours : step->standing->subject);
	return "the hypothesis is undecided: repeated on both sides, it shows how much of the difference is noise";
}

/* From the first run on. */
static const char *with_runs(const struct step *step)
{
	const struct experiment_standing *s = step->standing;
	const char *verdict = step->input->hypothesis->verdict;
	int undecided = !strcmp(verdict, "undecided") || !strcmp(verdict, "too_few");

	if (!strcmp(verdict, "confirmed") || !strcmp(verdict, "refuted"))
		return once_decided(step);
	if (!s->subject || !strcmp(run_text(&s->subject->run, "kind"), "baseline")) {
		put_run(step, "", NULL);
		return s->runs ? "no run has finished with the first metric yet" : "the first run of an idea of yours";
	}
	if (undecided)
		return while_undecided(step);
	if (s->of && s->met < s->of) {
		put_run(step, "", NULL);
		return "its criteria are not met yet: try the next idea";
	}
	return once_decided(step);
}

void next_step(struct buf *out, const char **why, const struct standing_input *input,
	       const struct experiment_standing *standing, const struct project *project)
{
	const struct step step = {out, input, standing, project};

	*why = before_runs(&step);
	if (!*why)
		*why = with_runs(&step);
}

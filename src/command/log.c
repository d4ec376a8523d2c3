/* assay log: what a command says of its run, from a shell or through a process of any language. */
#include "command/command.h"

#include "format/json.h"
#include "format/json_word.h"
#include "track/inbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <unistd.h>

struct options {
	double step;
	const char *as;
};

static const struct options defaults = {.step = NAN};

static const struct option options[] = {
	{"step", 0, OPTION_NUMBER, "N", "metric: the step; else the line's number", offsetof(struct options, step)},
	{"as", 0, OPTION_TEXT, "PATH", "artifact: its path below artifacts/; else the file's name",
	 offsetof(struct options, as)},
	{0},
};

/* A kind of thing to log: argument[0 .. n-1] follow its name. */
struct kind {
	const char *name;
	int (*log)(const char *dir, char *const *argument, const struct options *options, struct error *err);
	int least, most; /* arguments */
	const char *usage;
};

/* NAME=VALUE ... as one object on one line of a file. */
static int log_pairs(const char *dir, const char *file, char *const *argument, json_t *(*value_of)(const char *text),
		     struct error *err)
{
	json_t *object = json_object();
	int rc = object ? 0 : error_nomem(err);

	for (; *argument && !rc; argument++) {
		const char *value = NULL;
		char *name = NULL;

		rc = inbox_pair(&name, &value, *argument, err);
		if (!rc)
			rc = json_set(object, name, value_of(value), err);
		free(name);
	}
	if (!rc)
		rc = inbox_append(dir, file, object, err);
	json_decref(object);
	return rc;
}

static int log_param(const char *dir, char *const *argument, const struct options *given, struct error *err)
{
	(void)given;
	return log_pairs(dir, "params.jsonl", argument, json_word, err);
}

static int log_tag(const char *dir, char *const *argument, const struct options *given, struct error *err)
{
	(void)given;
	return log_pairs(dir, "tags.jsonl", argument, json_text, err);
}

static int log_metric(const char *dir, char *const *argument, const struct options *given, struct error *err)
{
	json_t *object = json_object();
	int rc = object ? 0 : error_nomem(err);

	if (!rc && !isnan(given->step))
		rc = json_set_number(object, "step", given->step, err);
	for (; *argument && !rc; argument++) {
		const char *text = NULL;
		char *name = NULL;
		double value = 0;

		rc = inbox_pair(&name, &text, *argument, err);
		if (!rc)
			rc = inbox_number(&value, name, text, err);
		if (!rc)
			rc = json_set_number(object, name, value, err);
		free(name);
	}
	if (!rc)
		rc = inbox_append(dir, "metrics.jsonl", object, err);
	json_decref(object);
	return rc;
}

/* FILE or "-", for reading; *fd is the caller's to close unless it is stdin. */
static int open_input(int *fd, const char *file, struct error *err)
{
	*fd = STDIN_FILENO;
	if (!file || !strcmp(file, "-"))
		return 0;
	*fd = open(file, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return 0;
	return errno == ENOENT ? error_set(err, ERR_INPUT, "%s is not there", file)
			       : error_errno(err, "cannot open %s", file);
}

static int log_params(const char *dir, char *const *argument, const struct options *given, struct error *err)
{
	int fd = -1, rc;

	(void)given;
	rc = open_input(&fd, argument[0], err);
	if (!rc)
		rc = inbox_params(dir, fd, strcmp(argument[0], "-") != 0 ? argument[0] : "standard input", err);
	if (fd > STDIN_FILENO)
		close(fd);
	return rc;
}

static int log_lines_of(const char *dir, char *const *argument, const struct options *given, struct error *err)
{
	struct inbox_lines lines = {0};
	int fd = -1, rc;

	(void)given;
	rc = open_input(&fd, argument[0], err);
	if (!rc)
		rc = inbox_metrics(&lines, dir, fd, argument[0] ? argument[0] : "standard input", err);
	if (!rc && lines.refused) {
		rc = error_set(err, ERR_INPUT,
			       "%zu of %zu lines are no JSON objects and were not logged, the first is line %zu",
			       lines.refused, lines.refused + lines.appended, lines.first_refused);
		error_hint(err, "a line is {\"step\": 3, \"loss\": 0.41}");
	}
	if (fd > STDIN_FILENO)
		close(fd);
	return rc;
}

static int log_artifacts(const char *dir, char *const *argument, const struct options *given, struct error *err)
{
	int rc = 0;

	if (given->as && argument[1])
		return error_set(err, ERR_INPUT, "--as is for one file");
	for (; *argument && !rc; argument++)
		rc = inbox_artifact(dir, *argument, given->as, err);
	return rc;
}

static const struct kind kinds[] = {
	{"param", log_param, 1, INT_MAX, "param NAME=VALUE..."},
	{"params", log_params, 1, 1, "params FILE|-"},
	{"metric", log_metric, 1, INT_MAX, "metric NAME=NUMBER... [--step N]"},
	{"metrics", log_lines_of, 0, 1, "metrics [FILE|-]"},
	{"tag", log_tag, 1, INT_MAX, "tag NAME=VALUE..."},
	{"artifact", log_artifacts, 1, INT_MAX, "artifact FILE... [--as PATH]"},
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static int check_use(const struct kind *kind, char *const *argument, const struct options *given, struct error *err)
{
	int n = 0, rc = 0;

	if (!kind) {
		rc = error_set(err, ERR_INPUT, "log does not know '%s'", argument[0]);
		error_hint(err, "log param, params, metric, metrics, tag or artifact");
		return rc;
	}
	while (argument[n + 1])
		n++;
	if (n < kind->least || n > kind->most)
		rc = error_set(err, ERR_INPUT, "log %s: %s", kind->name,
			       n < kind->least ? "what?" : "too many arguments");
	else if (!isnan(given->step) && kind->log != log_metric)
		rc = error_set(err, ERR_INPUT, "--step is for log metric");
	else if (given->as && kind->log != log_artifacts)
		rc = error_set(err, ERR_INPUT, "--as is for log artifact");
	error_hint(err, "usage: assay log %s", kind->usage);
	return rc;
}

static int run(const void *parsed, char *const *argument, struct error *err)
{
	const struct kind *kind = find_kind(argument[0]);
	char *dir = NULL;
	int rc;

	rc = check_use(kind, argument, parsed, err);
	if (!rc)
		rc = inbox_dir(&dir, err);
	if (!rc)
		rc = kind->log(dir, argument + 1, parsed, err);
	free(dir);
	return rc;
}

const struct command command_log = {
	.name = "log",
	.summary = "inside a run: log a parameter, a metric, a tag, an artifact",
	.arguments = "param|params|metric|metrics|tag|artifact ...",
	.least = 1,
	.most = INT_MAX,
	.details = "For commands that `assay run` started, from a shell or any language; what is logged is recorded "
		   "when the run ends. `param NAME=VALUE...`: numbers, true and false are taken as such. `params "
		   "FILE|-`: a "
		   "JSON or YAML file of them. `metric NAME=NUMBER...`: one step. `metrics`: many steps, from standard "
		   "input, a "
		   "JSON object a line. `tag NAME=VALUE...`: text. `artifact FILE...`: a file to keep with the run; "
		   "one of over "
		   "100 MB is recorded by its path and hash instead of copied.\n"
		   "The same as writing params.json, metrics.jsonl (a JSON object a line) and artifacts/ in the folder "
		   "that ASSAY_RUN_DIR names.",
	.example = "  assay log param lr=0.1 depth=6\n"
		   "  assay log metric loss=0.41 accuracy=0.87 --step 3\n"
		   "  train | assay log metrics\n"
		   "  assay log artifact plots/roc.svg --as roc.svg\n",
	.options = options,
	.defaults = &defaults,
	.size = sizeof(struct options),
	.run = run,
};

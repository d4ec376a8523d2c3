#include "record/project.h"
#include "base/mem.h"
#include "format/number.h"
#include "record/fields.h"
#include "record/id.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#define FILE_NAME "assay.yaml"

/* FORMATS' keys of each map; those marked are for later versions of the program: accepted and left alone. */
static const char *const top_keys[] = {"project",    "task",        "experiment", "data", "split", "metrics",
				       "evaluation", "predictions", "git",        "site", NULL};
static const char *const data_keys[] = {"file",     "target", "positive", "id", "groups",
					"features", "drop",   "missing",  NULL};
static const char *const split_keys[] = {"test",   "valid", "seed",    "group", "time", /* group and on: later */
					 "column", "folds", "repeats", NULL};
static const char *const evaluation_keys[] = {"labels", "id", "target", NULL};
static const char *const predictions_keys[] = {"rows", "ids", NULL};
static const char *const git_keys[] = {"branch", "artifact_limit", "snapshot", "lfs", NULL};
static const char *const site_keys[] = {"output", "theme", "url", "repository", "rows", NULL};

static int read_data(struct project *p, const struct fields *top, struct error *err)
{
	struct fields data = fields_below(top, "data");
	int rc = fields_check(&data, data_keys, err);

	if (!rc)
		rc = fields_text(&p->data.file, &data, "file", err);
	if (!rc)
		rc = fields_text(&p->data.target, &data, "target", err);
	if (!rc)
		rc = fields_text(&p->data.positive, &data, "positive", err);
	if (!rc)
		rc = fields_text(&p->data.id, &data, "id", err);
	if (!rc)
		rc = fields_names(&p->data.groups, &data, "groups", err);
	if (!rc)
		rc = fields_names(&p->data.features, &data, "features", err);
	if (!rc)
		rc = fields_names(&p->data.drop, &data, "drop", err);
	if (!rc)
		rc = fields_names(&p->data.missing, &data, "missing", err);
	if (!rc && p->data.file && !p->data.target) {
		rc = fields_error(&data, data.map, err, "data names a file and no target");
		error_hint(err, "add target: COLUMN");
	}
	return rc;
}

/* What the labels' own columns are called where `evaluation` does not say: as in the data. */
static int take_data(char **out, const struct project *p, const char *of_data, const struct fields *evaluation,
		     const char *key, struct error *err)
{
	if (*out || !p->evaluation.labels)
		return 0;
	if (!of_data) {
		fields_error(evaluation, evaluation->map, err, "evaluation names labels and no %s", key);
		error_hint(err, "add %s: COLUMN", key);
		return ERR_INPUT;
	}
	*out = mem_text(of_data);
	return *out ? 0 : error_nomem(err);
}

static int read_evaluation(struct project *p, const struct fields *top, struct error *err)
{
	struct fields evaluation = fields_below(top, "evaluation");
	int rc = fields_check(&evaluation, evaluation_keys, err);

	if (!rc)
		rc = fields_text(&p->evaluation.labels, &evaluation, "labels", err);
	if (!rc)
		rc = fields_text(&p->evaluation.id, &evaluation, "id", err);
	if (!rc)
		rc = fields_text(&p->evaluation.target, &evaluation, "target", err);
	if (!rc && !p->evaluation.labels && (p->evaluation.id || p->evaluation.target)) {
		rc = fields_error(&evaluation, evaluation.map, err, "evaluation names columns and no labels");
		error_hint(err, "add labels: FILE");
	}
	if (!rc)
		rc = take_data(&p->evaluation.id, p, p->data.id, &evaluation, "id", err);
	return rc ? rc : take_data(&p->evaluation.target, p, p->data.target, &evaluation, "target", err);
}

static int read_split(struct project *p, const struct fields *top, struct error *err)
{
	struct fields split = fields_below(top, "split");
	int rc = fields_check(&split, split_keys, err);

	if (!rc)
		rc = fields_number(&p->split.test, &split, "test", err);
	if (!rc)
		rc = fields_number(&p->split.valid, &split, "valid", err);
	if (!rc)
		rc = fields_whole(&p->split.seed, &split, "seed", LLONG_MAX, err);
	if (rc < 0)
		return rc;
	if (p->split.test <= 0 || p->split.valid < 0 || p->split.test + p->split.valid >= 1)
		return fields_error(&split, split.map, err,
				    "split: test and valid are shares: test above 0, both together below 1");
	return 0;
}

/* A size as people write it: 1048576, 500 kB, 1 MiB. */
static int read_size(unsigned long long *out, const struct fields *fields, const char *key, struct error *err)
{
	static const struct {
		const char *name;
		double bytes;
	} units[] = {{"", 1},     {"B", 1},        {"kB", 1e3},     {"KB", 1e3},    {"MB", 1e6},
		     {"GB", 1e9}, {"KiB", 0x1p10}, {"MiB", 0x1p20}, {"GiB", 0x1p30}};
	const struct yaml *at = fields_get(fields, key);
	const char *unit;
	double value;
	size_t digits;

	if (!at)
		return 0;
	digits = at->kind == YAML_SCALAR ? strspn(at->text, "0123456789.") : 0;
	if (digits && number_parse(&value, at->text, digits) == NUMBER_OK && value < 1e15) {
		unit = at->text + digits;
		unit += strspn(unit, " ");
		for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
			if (!strcmp(unit, units[i].name)) {
				*out = (unsigned long long)(value * units[i].bytes);
				return 0;
			}
	}
	fields_error(fields, at, err, "%s is not a size", key);
	error_hint(err, "write a number with B, kB, KiB, MB, MiB, GB or GiB: 1 MiB");
	return ERR_INPUT;
}

static int read_git(struct project *p, const struct fields *top, struct error *err)
{
	static const char *const rules[] = {
		[SNAPSHOT_TEXT] = "text",
		[SNAPSHOT_ALL] = "all",
		[SNAPSHOT_TRACKED] = "tracked",
		[SNAPSHOT_NONE] = "none",
		NULL,
	};
	struct fields git = fields_below(top, "git");
	size_t rule = p->git.snapshot;
	int rc = fields_check(&git, git_keys, err);

	if (!rc)
		rc = fields_text(&p->git.branch, &git, "branch", err);
	if (!rc)
		rc = read_size(&p->git.artifact_limit, &git, "artifact_limit", err);
	if (!rc)
		rc = fields_choice(&rule, &git, "snapshot", rules, err);
	if (!rc)
		rc = fields_flag(&p->git.lfs, &git, "lfs", err);
	p->git.snapshot = (enum store_snapshot)rule;
	return rc;
}

static int read_predictions(struct project *p, const struct fields *top, struct error *err)
{
	static const char *const ids[] = {"number", "hash", "keep", NULL};
	struct fields predictions = fields_below(top, "predictions");
	unsigned long long rows = p->predictions.rows;
	size_t choice = 0;
	int rc = fields_check(&predictions, predictions_keys, err);

	if (!rc)
		rc = fields_whole(&rows, &predictions, "rows", ULONG_MAX / 4096, err);
	if (!rc)
		rc = fields_choice(&choice, &predictions, "ids", ids, err);
	if (rc < 0)
		return rc;
	p->predictions.rows = (unsigned long)rows;
	p->predictions.ids = mem_text(ids[choice]);
	return p->predictions.ids ? 0 : error_nomem(err);
}

static int read_site(struct project *p, const struct fields *top, struct error *err)
{
	struct fields site = fields_below(top, "site");
	int rc = fields_check(&site, site_keys, err);

	if (!rc)
		rc = fields_text(&p->site.output, &site, "output", err);
	if (!rc)
		rc = fields_text(&p->site.theme, &site, "theme", err);
	if (!rc)
		rc = fields_text(&p->site.url, &site, "url", err);
	if (!rc)
		rc = fields_text(&p->site.repository, &site, "repository", err);
	if (!rc)
		rc = fields_flag(&p->site.rows, &site, "rows", err);
	return rc;
}

static int read_top(struct project *p, const struct fields *top, struct error *err)
{
	static const char *const tasks[] = {"classification", "regression", NULL};
	size_t task = sizeof(tasks) / sizeof(*tasks) - 1;
	int rc = fields_check(top, top_keys, err);

	if (!rc)
		rc = fields_text(&p->name, top, "project", err);
	if (!rc)
		rc = fields_choice(&task, top, "task", tasks, err);
	if (!rc && tasks[task]) {
		p->task = mem_text(tasks[task]);
		rc = p->task ? 0 : error_nomem(err);
	}
	if (!rc)
		rc = fields_text(&p->experiment, top, "experiment", err);
	if (!rc && p->experiment && experiment_name_check(p->experiment, err) < 0) {
		error_prefix(err, "%s:%zu", top->file, fields_get(top, "experiment")->line);
		rc = ERR_INPUT;
	}
	return rc ? rc : fields_metrics(&p->metric, &p->metrics, top, err);
}

static int read_file(struct project *p, const struct yaml *yaml, struct error *err)
{
	const struct fields top = {.map = yaml, .file = FILE_NAME};
	int rc = read_top(p, &top, err);

	if (!rc)
		rc = read_data(p, &top, err);
	if (!rc)
		rc = read_evaluation(p, &top, err);
	if (!rc)
		rc = read_split(p, &top, err);
	if (!rc)
		rc = read_predictions(p, &top, err);
	if (!rc)
		rc = read_git(p, &top, err);
	if (!rc)
		rc = read_site(p, &top, err);
	return rc;
}

/* What holds where assay.yaml says nothing. */
static int set_defaults(struct project *p, struct error *err)
{
	p->split.test = 0.2;
	p->predictions.rows = 20000;
	p->git.artifact_limit = 1 << 20;
	p->git.snapshot = SNAPSHOT_TEXT;
	p->name = mem_text(path_base(p->root));
	p->git.branch = mem_text("assay/runs");
	p->site.output = mem_text("site");
	p->site.theme = mem_text("default");
	p->metric = mem_zeroed(1, sizeof(*p->metric));
	if (!p->name || !p->git.branch || !p->site.output || !p->site.theme || !p->metric)
		return error_nomem(err);
	p->metrics = 1;
	p->metric[0].known = 1;
	p->metric[0].name = mem_text("f1");
	return p->metric[0].name ? 0 : error_nomem(err);
}

/* The part of `path` below `folder`, "" for itself; NULL if it is not there. Both absolute, without slash at the end. */
static const char *below(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	if (!strcmp(folder, "/"))
		return path + 1;
	if (strncmp(folder, path, len) != 0 || (path[len] && path[len] != '/'))
		return NULL;
	return path[len] ? path + len + 1 : path + len;
}

/* The nearest folder from dir up to top that has assay.yaml; top where none has. *has: whether one has. */
static int find_root(struct project *p, const char *dir, const char *top, struct error *err)
{
	char *at = realpath(dir, NULL), *highest = top ? realpath(top, NULL) : mem_text(at);
	int rc = 0;

	if (!at || !highest) {
		rc = error_errno(err, "cannot open the folder %s", at && top ? top : dir);
		goto out;
	}
	while (below(highest, at)) {
		char *file = path_join(at, FILE_NAME), *slash = strrchr(at, '/');

		if (!file) {
			rc = error_nomem(err);
			goto out;
		}
		p->has_file = file_exists(file);
		free(file);
		if (p->has_file || !slash || !strcmp(at, highest))
			break;
		slash[slash == at] = '\0';
	}
	p->root = mem_text(p->has_file ? at : highest);
	p->below = p->root ? mem_text(below(highest, p->root)) : NULL;
	if (!p->below)
		rc = error_nomem(err);
out:
	free(at);
	free(highest);
	return rc;
}

int project_load(struct project **out, const char *dir, const char *worktree, struct error *err)
{
	struct project *p = mem_zeroed(1, sizeof(*p));
	struct buf text = BUF_INIT;
	struct yaml *yaml = NULL;
	char *path = NULL;
	int rc = p ? find_root(p, dir, worktree, err) : error_nomem(err);

	if (!rc)
		rc = set_defaults(p, err);
	if (rc < 0)
		goto out;
	if (p->has_file) {
		path = path_join(p->root, FILE_NAME);
		rc = path ? 0 : error_nomem(err);
		if (!rc && !file_is_plain(path))
			rc = error_set(err, ERR_INPUT, "%s is no file", path);
		if (!rc)
			rc = file_read(&text, path, err);
		if (!rc)
			rc = yaml_parse(&yaml, text.text, text.len, FILE_NAME, 1, err);
		if (rc < 0)
			goto out;
	}
	rc = read_file(p, yaml, err);
out:
	if (rc < 0)
		project_free(p);
	else
		*out = p;
	yaml_free(yaml);
	buf_release(&text);
	free(path);
	return rc;
}

void project_free(struct project *p)
{
	if (!p)
		return;
	metrics_free(p->metric, p->metrics);
	names_free(&p->data.groups);
	names_free(&p->data.features);
	names_free(&p->data.drop);
	names_free(&p->data.missing);
	free(p->root);
	free(p->below);
	free(p->name);
	free(p->task);
	free(p->experiment);
	free(p->data.file);
	free(p->data.target);
	free(p->data.positive);
	free(p->data.id);
	free(p->evaluation.labels);
	free(p->evaluation.id);
	free(p->evaluation.target);
	free(p->predictions.ids);
	free(p->git.branch);
	free(p->site.output);
	free(p->site.theme);
	free(p->site.url);
	free(p->site.repository);
	free(p);
}

/* `path` with the links of its folder followed, its last part as it was named: a link to the data is named, not its end. */
static char *settled(const char *path)
{
	const char *base = path_base(path);
	char *folder = base == path ? mem_text(".") : mem_text_n(path, (size_t)(base - path)), *real, *whole;

	real = folder ? realpath(folder, NULL) : NULL;
	whole = real ? path_join(real, base) : NULL;
	free(folder);
	free(real);
	return whole;
}

char *project_path(int *outside, const struct project *project, const char *path)
{
	char *real;
	const char *inner;

	*outside = 0;
	if (!strcmp(path, "-"))
		return mem_text(path);
	real = settled(path);
	inner = real ? below(project->root, real) : NULL;
	if (inner && *inner) {
		char *out = mem_text(inner);

		free(real);
		return out;
	}
	free(real);
	*outside = 1;
	return mem_text(path_base(path));
}

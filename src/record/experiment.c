#include "record/experiment.h"
#include "base/mem.h"
#include "format/front_matter.h"
#include "record/blob.h"
#include "record/criteria.h"
#include "record/id.h"

#define FOLDER "experiments"
#define SUFFIX ".md"

static const char *const known_keys[] = {
	"title",       "question", "expects",  "metrics", "success_criteria", "margins", "candidate",
	"constraints", "baseline", "features", "drop",    "status",           NULL,
};

/* The text of the first heading `# ...` outside of fenced code; the caller's, NULL in *out if there is none. */
static int first_heading(char **out, const char *body, struct error *err)
{
	int fenced = 0;

	for (const char *line = body, *next; *line; line = next) {
		size_t len = strcspn(line, "\n"), hashes = strspn(line, "#"), from = hashes;

		next = line + len + (line[len] != '\0');
		fenced ^= !strncmp(line, "```", 3) || !strncmp(line, "~~~", 3);
		if (fenced || !hashes || hashes > 6 || (line[hashes] != ' ' && line[hashes] != '\t'))
			continue;
		while (from < len && strchr(" \t", line[from]))
			from++;
		while (len > from && strchr("# \t\r", line[len - 1]))
			len--;
		if (len == from)
			continue;
		*out = mem_text_n(line + from, len - from);
		return *out ? 0 : error_nomem(err);
	}
	return 0;
}

static int read_keys(struct experiment *e, const struct fields *top, const struct project *project, struct error *err)
{
	static const char *const states[] = {"open", "closed", "abandoned", NULL};
	const struct declared_metric *metric;
	size_t state = 0, n;
	int rc = fields_check(top, known_keys, err);

	if (!rc)
		rc = fields_text(&e->title, top, "title", err);
	if (!rc)
		rc = fields_text(&e->question, top, "question", err);
	if (!rc)
		rc = fields_text(&e->candidate, top, "candidate", err);
	if (!rc)
		rc = fields_text(&e->baseline, top, "baseline", err);
	if (!rc && e->baseline)
		e->baseline_line = fields_get(top, "baseline")->line;
	if (!rc)
		rc = fields_names(&e->features, top, "features", err);
	if (!rc)
		rc = fields_names(&e->drop, top, "drop", err);
	if (!rc)
		rc = fields_choice(&state, top, "status", states, err);
	if (!rc)
		rc = fields_metrics(&e->metric, &e->metrics, top, err);
	if (rc < 0)
		return rc;
	metric = experiment_metrics(&n, e, project);
	e->status = mem_text(states[state]);
	return e->status ? criteria_read(e, top, metric, n, err) : error_nomem(err);
}

/* Title, body, text and blob: all that is no key. */
static int read_prose(struct experiment *e, const struct front_matter *parts, const char *text, size_t len,
		      struct error *err)
{
	int rc = 0;

	e->body = mem_text_n(parts->body, parts->body_len);
	e->text = mem_text_n(text, len);
	if (!e->body || !e->text)
		return error_nomem(err);
	e->text_len = len;
	if (!e->title)
		rc = first_heading(&e->title, e->body, err);
	if (!rc && !e->title && !(e->title = mem_text(e->name)))
		rc = error_nomem(err);
	return rc ? rc : blob_name(e->blob, text, len, err);
}

int experiment_parse(struct experiment **out, const struct project *project, const char *name, const char *path,
		     const char *text, size_t len, struct error *err)
{
	struct experiment *e = mem_zeroed(1, sizeof(*e));
	struct front_matter parts = {0};
	struct yaml *yaml = NULL;
	struct fields top = {.file = path};
	int rc = 0;

	if (!e)
		return error_nomem(err);
	e->name = mem_text(name);
	e->path = mem_text(path);
	if (!e->name || !e->path)
		rc = error_nomem(err);
	if (!rc)
		rc = front_matter_split(&parts, text, len, path, err);
	if (!rc && parts.yaml)
		rc = yaml_parse(&yaml, parts.yaml, parts.yaml_len, path, parts.yaml_line, err);
	if (rc == ERR_INPUT && parts.yaml && memmem(parts.yaml, parts.yaml_len, ": >", strlen(": >")))
		error_hint(err,
			   "a > that begins a value opens a block of text: write rules in quotes, f1: \">= 0.85\"");
	if (rc < 0)
		goto out;
	top.map = yaml;
	rc = read_keys(e, &top, project, err);
	if (!rc)
		rc = read_prose(e, &parts, text, len, err);
out:
	if (rc < 0)
		experiment_free(e);
	else
		*out = e;
	yaml_free(yaml);
	return rc;
}

/* An experiment that nobody wrote down. */
static int experiment_bare(struct experiment **out, const char *name, struct error *err)
{
	struct experiment *e = mem_zeroed(1, sizeof(*e));

	if (!e)
		return error_nomem(err);
	e->name = mem_text(name);
	e->title = mem_text(name);
	e->status = mem_text("open");
	e->body = mem_text("");
	if (e->name && e->title && e->status && e->body) {
		*out = e;
		return 0;
	}
	experiment_free(e);
	return error_nomem(err);
}

int experiment_load(struct experiment **out, const struct project *project, const char *name, struct error *err)
{
	struct buf text = BUF_INIT;
	struct error missing = {0};
	char *path = mem_printf("%s/%s%s", FOLDER, name, SUFFIX);
	char *whole = path ? path_join(project->root, path) : NULL;
	int rc;

	if (!whole) {
		rc = error_nomem(err);
		goto out;
	}
	if (!file_is_plain(whole)) {
		rc = error_set(err, ERR_INPUT, "%s is no file", path);
		goto out;
	}
	rc = file_read(&text, whole, &missing);
	if (rc == ERR_NOT_FOUND)
		rc = experiment_bare(out, name, err);
	else if (rc < 0)
		error_set(err, rc, "%s", missing.text);
	else
		rc = experiment_parse(out, project, name, path, text.text, text.len, err);
out:
	free(path);
	free(whole);
	buf_release(&text);
	return rc;
}

void experiment_free(struct experiment *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->criteria; i++) {
		free(e->criterion[i].metric);
		free(e->criterion[i].rule);
	}
	for (size_t i = 0; i < e->n_expects; i++) {
		free(e->expects[i].metric);
		free(e->expects[i].what);
	}
	for (size_t i = 0; i < e->margins; i++) {
		free(e->margin[i].metric);
		free(e->margin[i].why);
	}
	metrics_free(e->metric, e->metrics);
	names_free(&e->features);
	names_free(&e->drop);
	names_free(&e->sentences);
	free(e->criterion);
	free(e->expects);
	free(e->margin);
	free(e->name);
	free(e->path);
	free(e->title);
	free(e->question);
	free(e->candidate);
	free(e->baseline);
	free(e->status);
	free(e->body);
	free(e->text);
	free(e);
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int experiment_list(struct names *out, const struct project *project, struct error *err)
{
	struct names files = {0};
	struct error missing = {0};
	char *folder = path_join(project->root, FOLDER);
	int rc = folder ? dir_list(&files, folder, &missing) : error_nomem(err);

	if (rc == ERR_NOT_FOUND)
		rc = 0;
	else if (rc < 0)
		error_set(err, rc, "%s", missing.text);
	for (size_t i = 0; i < files.n && !rc; i++) {
		char *name = files.name[i];
		size_t len = strlen(name), tail = strlen(SUFFIX);

		if (len <= tail || strcmp(name + len - tail, SUFFIX) != 0)
			continue;
		name[len - tail] = '\0';
		if (experiment_name_valid(name))
			rc = names_add(out, name, err);
	}
	if (!rc && out->n)
		qsort(out->name, out->n, sizeof(*out->name), by_bytes);
	names_free(&files);
	free(folder);
	return rc;
}

int experiment_resolve(char **name, const struct project *project, const char *asked, struct error *err)
{
	const char *chosen = asked ? asked : project->experiment;
	struct names all = {0};
	int rc = 0;

	if (asked)
		rc = experiment_name_check(asked, err);
	if (!rc && !chosen) {
		rc = experiment_list(&all, project, err);
		chosen = all.n == 1 ? all.name[0] : "default";
	}
	if (!rc) {
		*name = mem_text(chosen);
		rc = *name ? 0 : error_nomem(err);
	}
	names_free(&all);
	return rc;
}

const struct declared_metric *experiment_metrics(size_t *n, const struct experiment *experiment,
						 const struct project *project)
{
	*n = experiment->metric ? experiment->metrics : project->metrics;
	return experiment->metric ? experiment->metric : project->metric;
}

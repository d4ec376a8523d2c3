/*
 * Build the site: one model of all records, then page after page: what is to be drawn, one gnuplot for many pages, context,
 * template, file. A page that fails is a line in the report's problems, and the others are built.
 */
#include "site/site.h"

#include "base/mem.h"
#include "site/markdown.h"
#include "site/page/page.h"
#include "site/site_output.h"
#include "site/theme.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BATCH 64 /* pages whose figures are drawn and held in memory together */

struct build {
	struct site_model model;
	struct theme *theme;
	struct site_output *output;
	struct site_report *report;
	struct progress *progress;
	int charts;
	size_t done, total;
};

void site_report_release(struct site_report *report)
{
	if (!report)
		return;
	free(report->index);
	names_free(&report->problems);
	memset(report, 0, sizeof(*report));
}

/* What is out of memory or out of disk ends the build; what is wrong with one page ends that page. */
static int is_fatal(int rc)
{
	return rc == ERR_NOMEM || rc == ERR_MACHINE;
}

/* The navigation: only pages that exist. */
static void view_navigation(struct view *out, const struct site_model *model, const char *section)
{
	const struct {
		const char *label, *href;
		int exists;
	} entry[] = {
		{"Overview", "index.html", 1},
		{"Experiments", "experiments.html", model->experiments > 0},
		{"Runs", "runs.html", model->runs.n > 0},
		{"Methods", "methods.html", 1},
	};
	struct view list = view_list();

	for (size_t i = 0; i < sizeof(entry) / sizeof(*entry); i++) {
		struct view view;

		if (!entry[i].exists)
			continue;
		view = view_object();
		view_text(&view, "label", entry[i].label);
		view_text(&view, "href", entry[i].href);
		view_flag(&view, "current", !strcmp(entry[i].href, section));
		view_add(&list, &view);
	}
	view_sub(out, "navigation", &list);
}

/* What every page has: the way back to the root, the navigation, the foot. */
static void view_frame(struct view *out, const struct site_model *model, const struct page *page, const char *path)
{
	view_text(out, "root", strchr(path, '/') ? "../" : "");
	view_text(out, "project", model->project->name);
	view_text(out, "version", ASSAY_VERSION);
	view_printf(out, "tip", "%.7s", model->runs.tip);
	view_text(out, "runs_branch", model->runs.tip[0] ? store_branch(model->store) : NULL);
	view_flag(out, "lead", 0);
	view_navigation(out, model, page->section);
}

static int render_page(struct build *build, const struct page *page, size_t i, const char *path,
		       const struct figures *figures, struct error *err)
{
	struct view context = view_object();
	struct buf html = BUF_INIT;
	int rc;

	view_frame(&context, &build->model, page, path);
	rc = page->context(&context, &build->model, i, figures, err);
	if (rc == 0)
		rc = view_end(&context, err);
	if (rc == 0)
		rc = theme_render(&html, build->theme, page->template, context.json, err);
	if (rc == 0)
		rc = buf_check(&html, err);
	if (rc == 0)
		rc = site_output_put(build->output, path, html.text, html.len, err);
	if (rc == 0 && page->files)
		rc = page->files(build->output, &build->model, i, err);
	view_release(&context);
	buf_release(&html);
	return rc;
}

static int write_figures(struct build *build, const struct figures *figures, const char *path, struct error *err)
{
	for (size_t i = 0; i < figures->n; i++) {
		const struct figure *figure = &figures->item[i];
		int rc = buf_check(&figure->csv, err);

		if (rc == 0)
			rc = site_output_put(build->output, figure->data_path, figure->csv.text, figure->csv.len, err);
		if (rc < 0)
			return rc;
		if (figure->svg) {
			build->report->charts++;
		} else {
			struct error problem = {0};

			error_set(&problem, ERR_INPUT, "chart %s: %s", figure->chart.id,
				  figure->problem ? figure->problem : "not drawn");
			rc = model_problem(&build->model, path, &problem, err);
			if (rc < 0)
				return rc;
		}
	}
	return 0;
}

/* One page with its files; what is wrong with it alone is noted. */
static int build_page(struct build *build, const struct page *page, size_t i, const struct figures *figures,
		      struct error *err)
{
	struct error problem = {0};
	char *path = page->path(&build->model, i);
	int rc;

	if (!path)
		return error_nomem(err);
	rc = render_page(build, page, i, path, figures, &problem);
	if (rc == 0)
		rc = write_figures(build, figures, path, &problem);
	if (rc == 0) {
		build->report->pages++;
	} else if (!is_fatal(rc)) {
		rc = model_problem(&build->model, path, &problem, err);
	} else {
		error_set(err, rc, "%s", problem.text);
		error_hint(err, "%s", problem.hint);
	}
	free(path);
	progress_step(build->progress, "pages", (double)++build->done, (double)build->total);
	return rc;
}

static int list_figures(struct build *build, const struct page *page, size_t i, struct figures *figures,
			struct error *err)
{
	struct error problem = {0};
	char *path;
	int rc;

	rc = page->figures(figures, &build->model, i, &problem);
	if (rc == 0)
		return 0;
	figures_free(figures);
	if (is_fatal(rc))
		return error_set(err, rc, "%s", problem.text);
	path = page->path(&build->model, i);
	rc = path ? model_problem(&build->model, path, &problem, err) : error_nomem(err);
	free(path);
	return rc;
}

static int build_batch(struct build *build, const struct page *page, size_t from, size_t to, struct error *err)
{
	struct figures figures[BATCH];
	int rc = 0;

	memset(figures, 0, sizeof(figures));
	if (build->charts && page->figures) {
		for (size_t i = from; rc == 0 && i < to; i++)
			rc = list_figures(build, page, i, &figures[i - from], err);
		if (rc == 0)
			rc = figures_draw(figures, to - from, build->progress, err);
	}
	for (size_t i = from; rc == 0 && i < to; i++)
		rc = build_page(build, page, i, &figures[i - from], err);
	for (size_t i = from; i < to; i++)
		figures_free(&figures[i - from]);
	return rc;
}

static int build_pages(struct build *build, struct error *err)
{
	int rc = 0;

	for (size_t p = 0; pages[p]; p++)
		build->total += pages[p]->count ? pages[p]->count(&build->model) : 1;
	for (size_t p = 0; pages[p]; p++) {
		size_t n = pages[p]->count ? pages[p]->count(&build->model) : 1;

		for (size_t i = 0; rc == 0 && i < n; i += BATCH)
			rc = build_batch(build, pages[p], i, n - i < BATCH ? n : i + BATCH, err);
	}
	return rc;
}

static int write_assets(struct build *build, const struct site_options *options, struct error *err)
{
	static const char *const asset[] = {"site.css", "site.js"};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(asset) / sizeof(*asset); i++) {
		struct buf text = BUF_INIT;
		char *path = mem_printf("assets/%s", asset[i]);

		rc = path ? theme_file(&text, build->theme, asset[i], err) : error_nomem(err);
		if (rc == 0)
			rc = site_output_put(build->output, path, text.text, text.len, err);
		free(path);
		buf_release(&text);
	}
	if (rc == 0 && !options->output)
		rc = site_output_put(build->output, ".gitignore", "*\n", 2, err);
	return rc;
}

/* site.output comes with the repository, so a stranger may have written it: it names a folder below the root, and no part
 * of it is a link. -o is the user's own word and may be anywhere. */
static int check_output(const struct project *project, struct error *err)
{
	const char *output = project->site.output;
	size_t at = 0, len = strlen(output);

	while (at < len) {
		size_t part = strcspn(output + at, "/");
		char *path = mem_printf("%s/%.*s", project->root, (int)(at + part), output);
		struct stat st;
		int link = path && lstat(path, &st) == 0 && S_ISLNK(st.st_mode);

		free(path);
		if (!path)
			return error_nomem(err);
		if (link || part == 0 || (part == 2 && !strncmp(output + at, "..", 2)) ||
		    (part == 4 && !strncmp(output + at, ".git", 4))) {
			error_set(err, ERR_INPUT, "site.output: %s does not lead to a folder inside of the project",
				  output);
			error_hint(err, "name another folder with -o");
			return ERR_INPUT;
		}
		at += part + 1;
	}
	return 0;
}

static int find_output(char **out, const struct project *project, const struct site_options *options, struct error *err)
{
	int rc = 0;

	if (options->output) {
		*out = mem_text(options->output);
	} else {
		rc = check_output(project, err);
		if (rc == 0)
			*out = path_join(project->root, project->site.output);
	}
	return rc < 0 || *out ? rc : error_nomem(err);
}

int site_build(struct site_report *out, struct store *store, const struct project *project,
	       const struct site_options *options, struct progress *progress, struct error *err)
{
	struct site_report report = {0};
	struct build build = {.report = &report, .progress = progress, .charts = options->charts};
	char *dir = NULL;
	int rc;

	markdown_init();
	rc = find_output(&dir, project, options, err);
	if (rc < 0)
		goto out;
	report.index = path_join(dir, "index.html");
	if (!report.index) {
		rc = error_nomem(err);
		goto out;
	}
	rc = theme_open(&build.theme, project->root, project->site.theme, err);
	if (rc < 0)
		goto out;
	rc = model_make(&build.model, store, project, &report.problems, err);
	if (rc < 0)
		goto out;
	rc = site_output_open(&build.output, dir, err);
	if (rc < 0)
		goto out;
	rc = build_pages(&build, err);
	if (rc < 0)
		goto out;
	rc = write_assets(&build, options, err);
	if (rc == 0)
		rc = site_output_finish(build.output, err);
out:
	site_output_free(build.output);
	model_release(&build.model);
	theme_free(build.theme);
	free(dir);
	if (rc < 0)
		site_report_release(&report);
	else
		*out = report;
	return rc;
}

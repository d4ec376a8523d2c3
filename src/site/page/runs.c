/* All runs, best first. */
#include "site/page/page.h"

#include "base/mem.h"
#include "site/page/table.h"
#include "site/page/words.h"

#include <stdlib.h>

static char *runs_path(const struct site_model *model, size_t i)
{
	(void)model;
	(void)i;
	return mem_text("runs.html");
}

static int runs_context(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
			struct error *err)
{
	struct run_table table = {.metric = model->metric, .lower = model->lower, .names_experiment = 1};
	struct buf text = BUF_INIT;
	size_t failed = 0, single = 0;
	int rc;

	(void)i;
	(void)figures;
	table.row = run_list(model->runs.n);
	if (!table.row)
		return error_nomem(err);
	for (size_t k = 0; k < model->runs.n; k++) {
		if (!model_lists(model, &model->runs.item[k])) {
			single++;
			continue;
		}
		table.row[table.rows++] = &model->runs.item[k];
		failed += !run_finished(&model->runs.item[k]);
	}
	table.bar = runs_best(&model->runs, NULL, model->metric, "baseline");
	run_table_sort(&table);
	words_some(&text, table.rows, "run", "runs");
	buf_puts(&text, " in ");
	words_some(&text, model->experiments, "experiment", "experiments");
	if (failed) {
		buf_puts(&text, ", ");
		words_count(&text, (double)failed);
		buf_puts(&text, " failed");
	}
	view_printf(out, "page_title", "Runs \xc2\xb7 %s", model->project->name);
	view_text(out, "counts", text.text);
	buf_clear(&text);
	if (single) {
		words_count(&text, (double)single);
		buf_puts(&text, single == 1 ? " more is a single seed or split, on the page of its mean."
					    : " more are single seeds and splits, on the pages of their means.");
	}
	view_text(out, "single", text.len ? text.text : NULL);
	view_flag(out, "any_runs", model->runs.n > 0);
	view_text(out, "branch", store_branch(model->store));
	rc = run_table_view(out, "table", model, &table, err);
	free(table.row);
	view_done(out, &text);
	return rc < 0 ? rc : view_end(out, err);
}

const struct page page_runs = {
	.template = "runs",
	.section = "runs.html",
	.path = runs_path,
	.context = runs_context,
};

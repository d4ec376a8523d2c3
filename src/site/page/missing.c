/* 404.html: what a host shows where nothing is. */
#include "site/page/page.h"

#include "base/mem.h"

static char *missing_path(const struct site_model *model, size_t i)
{
	(void)model;
	(void)i;
	return mem_text("404.html");
}

static int missing_context(struct view *out, struct site_model *model, size_t i, const struct figures *figures,
			   struct error *err)
{
	(void)i;
	(void)figures;
	view_printf(out, "page_title", "Not found \xc2\xb7 %s", model->project->name);
	return view_end(out, err);
}

const struct page page_missing = {
	.template = "missing",
	.section = "",
	.path = missing_path,
	.context = missing_context,
};

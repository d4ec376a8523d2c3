/* The point of a run: see point.h. */
#include "record/point.h"

#include "base/hash.h"
#include "base/mem.h"

static char *text_of(const struct run *run, const char *field)
{
	const json_t *json = run_field(run, field);

	return json ? json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT) : mem_text("");
}

int run_point(char out[RUN_POINT], const struct run *run, struct error *err)
{
	const char *snapshot = run_text(run, "code.snapshot");
	char *params = text_of(run, "params"), *files = text_of(run, "data.files"), hex[SHA256_HEX];
	struct buf text = BUF_INIT;
	int rc = params && files ? 0 : error_nomem(err);

	if (!rc) {
		buf_printf(&text, "%s\n%s\n%s", params, *snapshot ? snapshot : run_text(run, "code.tree"), files);
		rc = buf_check(&text, err);
	}
	if (!rc)
		rc = sha256(hex, text.text, text.len, err);
	if (!rc)
		snprintf(out, RUN_POINT, "%.*s", RUN_POINT - 1, hex);
	free(params);
	free(files);
	buf_release(&text);
	return rc;
}

/* The point of a run: see point.h. */
#include "record/point.h"

#include "base/hash.h"
#include "base/mem.h"

#include <strings.h>

static char *text_of(const struct run *run, const char *field)
{
	const json_t *json = run_field(run, field);

	return json ? json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT) : mem_text("");
}

/* How much of a word is a name of a seed: "--seed", "--random-seed=", "seed="; 0: it is none. */
static size_t seed_name(const char *word)
{
	size_t len = strcspn(word, "=");

	if (word[0] != '-' && word[len] != '=')
		return 0;
	for (size_t i = 0; i + 4 <= len; i++)
		if (strncasecmp(word + i, "seed", 4) == 0)
			return len + (word[len] == '=');
	return 0;
}

/* The words of the command without their seeds, a JSON array; "" of a baseline, whose parameters say it all. */
static char *command_of(const struct run *run)
{
	json_t *words = strcmp(run_text(run, "kind"), "run") == 0 ? json_deep_copy(run_field(run, "command")) : NULL;
	char *text;

	for (size_t i = 0; i < json_array_size(words); i++) {
		const char *word = json_string_value(json_array_get(words, i));
		size_t name = word ? seed_name(word) : 0;

		if (name && word[name - 1] == '=')
			json_array_set_new(words, i, json_stringn(word, name));
		else if (name && i + 1 < json_array_size(words))
			json_array_set_new(words, ++i, json_string(""));
	}
	text = json_array_size(words) ? json_dumps(words, JSON_COMPACT) : mem_text("");
	json_decref(words);
	return text;
}

int run_point(char out[RUN_POINT], const struct run *run, struct error *err)
{
	const char *snapshot = run_text(run, "code.snapshot");
	char *params = text_of(run, "params"), *files = text_of(run, "data.files"), *command = command_of(run);
	char hex[SHA256_HEX];
	struct buf text = BUF_INIT;
	int rc = params && files && command ? 0 : error_nomem(err);

	if (!rc) {
		buf_printf(&text, "%s\n%s\n%s\n%s", params, command, *snapshot ? snapshot : run_text(run, "code.tree"),
			   files);
		rc = buf_check(&text, err);
	}
	if (!rc)
		rc = sha256(hex, text.text, text.len, err);
	if (!rc)
		snprintf(out, RUN_POINT, "%.*s", RUN_POINT - 1, hex);
	free(params);
	free(files);
	free(command);
	buf_release(&text);
	return rc;
}

/* Files to fill in: see scaffold.h. */
#include "command/scaffold.h"

#include "base/embedded.h"
#include "base/file.h"
#include "base/mem.h"
#include "format/number.h"

/* 1 if YAML reads the bare word as this very text and nothing else (yes, null and 1 are more than text). */
static int is_plain(const char *text)
{
	static const char *const meaning[] = {"yes", "no", "true", "false", "null", "on", "off", "y", "n"};
	double number;

	if (!*text || number_parse(&number, text, strlen(text)) != NUMBER_NONE)
		return 0;
	for (size_t i = 0; i < sizeof(meaning) / sizeof(*meaning); i++)
		if (!strcasecmp(text, meaning[i]))
			return 0;
	for (const char *at = text; *at; at++)
		if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
		      *at == '_' || (at > text && strchr("./ -", *at))))
			return 0;
	return text[strlen(text) - 1] != ' ';
}

void yaml_text(struct buf *out, const char *text)
{
	if (is_plain(text))
		buf_puts(out, text);
	else
		buf_json_text(out, text, strlen(text));
}

static const char *value_of(const char *const *pairs, const char *word, size_t len)
{
	for (; *pairs; pairs += 2)
		if (!strncmp(pairs[0], word, len) && !pairs[0][len])
			return pairs[1];
	return NULL;
}

int scaffold_fill(struct buf *out, const char *name, const char *const *pairs, struct error *err)
{
	char *path = mem_printf("templates/%s", name);
	const struct embedded *file = path ? embedded_find(path) : NULL;
	int rc = file ? 0 : error_set(err, ERR_MACHINE, "the program was built without templates/%s", name);

	for (const char *at = file ? file->text : ""; *at;) {
		const char *end = *at == '@' ? strchr(at + 1, '@') : NULL;
		const char *value = end ? value_of(pairs, at + 1, (size_t)(end - at - 1)) : NULL;

		if (value) {
			buf_puts(out, value);
			at = end + 1;
		} else {
			buf_putc(out, *at++);
		}
	}
	free(path);
	return rc ? rc : buf_check(out, err);
}

int scaffold_experiment(char **path, const char *root, const char *name, struct error *err)
{
	const char *const pairs[] = {"name", name, NULL};
	char *folder = path_join(root, "experiments"), *full = NULL;
	struct buf text = BUF_INIT;
	int rc;

	*path = mem_printf("experiments/%s.md", name);
	if (!*path || !folder) {
		rc = error_nomem(err);
		goto out;
	}
	full = path_join(root, *path);
	rc = full ? scaffold_fill(&text, "experiment.md", pairs, err) : error_nomem(err);
	if (!rc)
		rc = dir_make(folder, err);
	if (!rc)
		rc = file_create(full, text.text, text.len, err);
out:
	if (rc < 0) {
		free(*path);
		*path = NULL;
	}
	buf_release(&text);
	free(full);
	free(folder);
	return rc;
}

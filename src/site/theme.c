/* Templates and themes: a file of the project goes before the built-in one of the same name. */
#include "site/theme.h"

#include "base/embedded.h"
#include "base/file.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TEMPLATE_BYTES (1 << 20)

struct parsed {
	char *name;
	struct mustache *mustache; /* NULL: there is no such template, or it has a fault */
	struct error fault; /* said to every page that asks for it */
};

struct theme {
	struct mustache_partials partials; /* first: find() gets the theme by it */
	char *root, *name;
	struct parsed *parsed;
	size_t n, cap;
};

/* A name of ours or of a template: no way out of its folder. */
static int is_tame(const char *name)
{
	return *name && *name != '/' && !strstr(name, "..") && !strchr(name, '\\');
}

/* The file `path` below the root, else the built-in one. Only regular files are read. */
static int read_file(struct buf *out, const struct theme *theme, const char *path, struct error *err)
{
	const struct embedded *built_in;
	char *full = path_join(theme->root, path);
	struct stat st;
	int rc;

	if (!full)
		return error_nomem(err);
	if (is_tame(path) && stat(full, &st) == 0 && S_ISREG(st.st_mode)) {
		rc = st.st_size > TEMPLATE_BYTES ? error_set(err, ERR_INPUT, "%s is larger than 1 MiB", full)
						 : file_read(out, full, err);
		free(full);
		return rc;
	}
	free(full);
	built_in = embedded_find(path);
	if (!built_in)
		return error_set(err, ERR_NOT_FOUND, "there is no %s", path);
	buf_put(out, built_in->text, built_in->len);
	return buf_check(out, err);
}

/* The parsed template; *out NULL if there is none. */
static int find_template(const struct mustache **out, struct theme *theme, const char *name, struct error *err)
{
	struct error missing = {0};
	struct buf text = BUF_INIT;
	struct parsed *parsed;
	char *path = NULL;
	int rc;

	*out = NULL;
	for (size_t i = 0; i < theme->n; i++) {
		if (!strcmp(theme->parsed[i].name, name)) {
			*out = theme->parsed[i].mustache;
			return error_set(err, theme->parsed[i].fault.code, "%s", theme->parsed[i].fault.text);
		}
	}
	rc = MEM_GROW(theme->parsed, theme->n, theme->cap, err);
	if (rc < 0)
		return rc;
	parsed = &theme->parsed[theme->n];
	*parsed = (struct parsed){.name = mem_text(name)};
	path = mem_printf("templates/%s.mustache", name);
	if (!parsed->name || !path) {
		free(parsed->name);
		free(path);
		return error_nomem(err);
	}
	theme->n++;
	rc = read_file(&text, theme, path, &missing);
	if (rc == 0)
		rc = mustache_parse(&parsed->mustache, text.text, text.len, path, &parsed->fault);
	else if (rc == ERR_NOT_FOUND)
		rc = 0;
	else
		error_set(err, rc, "%s", missing.text);
	if (parsed->fault.code)
		error_set(err, parsed->fault.code, "%s", parsed->fault.text);
	*out = parsed->mustache;
	buf_release(&text);
	free(path);
	return rc;
}

static const struct mustache *find_partial(struct mustache_partials *partials, const char *name, struct error *err)
{
	const struct mustache *found;

	return find_template(&found, (struct theme *)partials, name, err) == 0 ? found : NULL;
}

int theme_open(struct theme **out, const char *root, const char *name, struct error *err)
{
	struct theme *theme = mem_zeroed(1, sizeof(*theme));
	struct buf css = BUF_INIT;
	int rc;

	if (!theme)
		return error_nomem(err);
	theme->partials.find = find_partial;
	theme->root = mem_text(root);
	theme->name = mem_text(name);
	rc = theme->root && theme->name ? 0 : error_nomem(err);
	if (rc == 0 && (!is_tame(name) || strchr(name, '/')))
		rc = error_set(err, ERR_INPUT, "site.theme: %s is no name of a theme", name);
	if (rc == 0)
		rc = theme_file(&css, theme, "site.css", err);
	if (rc == ERR_NOT_FOUND) {
		error_clear(err);
		rc = error_set(err, ERR_INPUT, "there is no theme %s: themes/%s/site.css is missing", name, name);
		error_hint(err, "leave out site.theme in assay.yaml for the built-in one");
	}
	buf_release(&css);
	if (rc < 0)
		theme_free(theme);
	else
		*out = theme;
	return rc;
}

void theme_free(struct theme *theme)
{
	if (!theme)
		return;
	for (size_t i = 0; i < theme->n; i++) {
		free(theme->parsed[i].name);
		mustache_free(theme->parsed[i].mustache);
	}
	free(theme->parsed);
	free(theme->root);
	free(theme->name);
	free(theme);
}

int theme_file(struct buf *out, struct theme *theme, const char *name, struct error *err)
{
	/* a theme that brings its own colours alone takes the rest from the built-in one */
	const char *const from[] = {theme->name, strcmp(name, "site.css") != 0 ? "default" : theme->name};
	struct error missing = {0};
	int rc = ERR_NOT_FOUND;

	for (size_t i = 0; i < 2 && rc == ERR_NOT_FOUND; i++) {
		char *path = mem_printf("themes/%s/%s", from[i], name);

		error_clear(&missing);
		rc = path ? read_file(out, theme, path, &missing) : error_nomem(&missing);
		free(path);
	}
	return rc < 0 ? error_set(err, rc, "%s", missing.text) : 0;
}

int theme_render(struct buf *out, struct theme *theme, const char *name, const json_t *context, struct error *err)
{
	const struct mustache *mustache;
	int rc;

	rc = find_template(&mustache, theme, name, err);
	if (rc < 0)
		return rc;
	if (!mustache)
		return error_set(err, ERR_NOT_FOUND, "there is no templates/%s.mustache", name);
	return mustache_render(out, mustache, context, &theme->partials, err);
}

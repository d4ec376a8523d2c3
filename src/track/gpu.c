/* Graphics processors that can compute: see environment_work.h. */
#include "track/environment_work.h"

#include "base/mem.h"
#include "base/process.h"

#define SMI_SECONDS 2

/* Append the value of `key` in DIR/ENTRY/FILE for each entry of a folder that begins with `prefix`, if it is there. */
static int add_each(struct names *out, const char *dir, const char *prefix, const char *file, const char *key,
		    struct error *err)
{
	struct names entries = {0};
	int rc = 0;

	if (dir_list(&entries, dir, NULL) < 0)
		return 0; /* no such driver */
	for (size_t i = 0; i < entries.n && !rc; i++) {
		char *path, *value;

		if (strncmp(entries.name[i], prefix, strlen(prefix)) != 0 || strchr(entries.name[i], '-'))
			continue;
		path = mem_printf("%s/%s/%s", dir, entries.name[i], file);
		value = path ? value_in_file(path, key) : NULL;
		if (!path)
			rc = error_nomem(err);
		else if (value && *value)
			rc = names_add(out, value, err);
		free(value);
		free(path);
	}
	names_free(&entries);
	return rc;
}

static int ask_nvidia_smi(struct names *out, struct error *err)
{
	const char *const argv[] = {"nvidia-smi", "--query-gpu=name", "--format=csv,noheader", NULL};
	const struct process_limits limits = {.seconds = SMI_SECONDS, .output_bytes = 1 << 16};
	struct process_result result = {0};
	struct buf text = BUF_INIT;
	const struct process_options options = {.argv = argv, .out = &text, .limits = &limits};
	const char *line;
	int rc = 0;

	if (process_run(&result, &options, NULL) < 0 || result.exit || text.failed)
		goto out;
	for (line = text.text; *line && !rc;) {
		size_t len = strcspn(line, "\r\n");
		char *name = mem_text_n(line, len);

		if (!name)
			rc = error_nomem(err);
		else if (*name)
			rc = names_add(out, name, err);
		free(name);
		line += len;
		line += strspn(line, "\r\n");
	}
out:
	buf_release(&text);
	return rc;
}

int gpu_list(struct names *out, const char *root, struct error *err)
{
	char *nvidia = mem_printf("%s/proc/driver/nvidia/gpus", root), *drm = mem_printf("%s/sys/class/drm", root),
	     *device = mem_printf("%s/dev/nvidia0", root);
	int rc = nvidia && drm && device ? 0 : error_nomem(err);

	*out = (struct names){0};
	if (!rc)
		rc = add_each(out, nvidia, "", "information", "Model", err);
	if (!rc && !out->n && file_exists(device))
		rc = ask_nvidia_smi(out, err);
	if (!rc)
		rc = add_each(out, drm, "card", "device/product_name", "", err); /* only amdgpu has that file */
	free(nvidia);
	free(drm);
	free(device);
	if (rc < 0)
		names_free(out);
	return rc;
}

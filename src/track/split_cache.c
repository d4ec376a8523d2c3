/* Splits on disk, each in a folder named by what it follows from: built beside its place and renamed into it. */
#include "track/split_file_work.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/random.h"
#include "format/json.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define UNUSED_DAYS 30 /* a folder that nobody asked for so long is taken away */
#define TMP ".tmp-"
#define TMP_HOURS 6 /* what is still being built after that was left by a process that died */

static int key_of(char key[SHA256_HEX], const struct split_wanted *wanted, const char *data_sha256, struct error *err)
{
	const char *const text[] = {ASSAY_VERSION,    data_sha256, wanted->target,
				    wanted->positive, wanted->id,  wanted->task};
	struct hash *hash = hash_new();
	char numbers[96];

	if (!hash)
		return error_nomem(err);
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++) {
		hash_add(hash, text[i] ? "+" : "-", 1);
		hash_add(hash, text[i] ? text[i] : "", text[i] ? strlen(text[i]) + 1 : 1);
	}
	for (size_t i = 0; i < wanted->missing->n; i++)
		hash_add(hash, wanted->missing->name[i], strlen(wanted->missing->name[i]) + 1);
	snprintf(numbers, sizeof(numbers), "%.17g %.17g %llu", wanted->options.test, wanted->options.valid,
		 (unsigned long long)wanted->options.seed);
	hash_add(hash, numbers, strlen(numbers));
	hash_end(hash, key);
	return 0;
}

/* What nobody needs any more: folders long unused, and those that were never finished. As far as that works. */
static void sweep(const char *splits)
{
	struct names names = {0};
	struct error none = {0};
	time_t now = clock_now();

	if (dir_list(&names, splits, &none) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		char *path = path_join(splits, names.name[i]);
		int unfinished = !strncmp(names.name[i], TMP, strlen(TMP));
		struct stat st;

		if (path && !stat(path, &st) &&
		    now - st.st_mtime > (unfinished ? TMP_HOURS * 3600 : UNUSED_DAYS * 24 * 3600) &&
		    dir_remove(path, &none) < 0)
			error_clear(&none);
		free(path);
	}
	names_free(&names);
}

static int build(const char *splits, const char *folder, const struct split_wanted *wanted, struct error *err)
{
	unsigned long long random;
	char *tmp = NULL;
	int rc = dir_make(splits, err);

	if (!rc)
		rc = random_bytes(&random, sizeof(random), err);
	if (rc < 0)
		return rc;
	tmp = mem_printf("%s/" TMP "%016llx", splits, random);
	rc = tmp ? dir_make(tmp, err) : error_nomem(err);
	if (!rc)
		rc = split_rows_write(tmp, wanted, err);
	if (!rc && rename(tmp, folder) < 0 && errno != EEXIST && errno != ENOTEMPTY) /* else another was first */
		rc = error_errno(err, "cannot put %s in place", folder);
	if (tmp && dir_exists(tmp)) {
		struct error none = {0};

		if (dir_remove(tmp, &none) < 0)
			error_clear(&none); /* sweep() takes it some day */
	}
	free(tmp);
	return rc;
}

int split_cache_folder(char **folder, const struct store *store, const struct split_wanted *wanted,
		       const char *data_sha256, struct error *err)
{
	char *splits = path_join(store_assay_dir(store), "cache/splits"), *place = NULL, key[SHA256_HEX];
	struct split_file found = {0};
	struct error none = {0};
	int rc = splits ? key_of(key, wanted, data_sha256, err) : error_nomem(err);

	if (rc < 0)
		goto out;
	place = mem_printf("%s/%.32s", splits, key);
	if (!place) {
		rc = error_nomem(err);
		goto out;
	}
	rc = split_cache_read(&found, place, &none);
	split_file_release(&found);
	if (!rc) { /* used now: the time is only for sweep(), so a refusal does no harm */
		(void)!utimensat(AT_FDCWD, place, NULL, 0);
		goto out;
	}
	rc = dir_remove(place, err); /* damaged, or not there */
	if (!rc)
		rc = build(splits, place, wanted, err);
	if (!rc)
		sweep(splits);
out:
	free(splits);
	if (rc < 0)
		free(place);
	else
		*folder = place;
	return rc;
}

/* The path of a file in the folder if it has as many bytes as split.json says. */
static int whole_file(char **out, const char *folder, const char *name, const json_t *about, const char *key,
		      struct error *err)
{
	struct stat st;
	double bytes;

	*out = path_join(folder, name);
	if (!*out)
		return error_nomem(err);
	if (!json_number(&bytes, json_object_get(about, key)) || stat(*out, &st) < 0 || !S_ISREG(st.st_mode) ||
	    (double)st.st_size < bytes || (double)st.st_size > bytes)
		return error_set(err, ERR_NOT_FOUND, "%s is not whole", *out);
	return 0;
}

static int read_about(struct split_file *out, const json_t *about, struct error *err)
{
	const json_t *classes = json_object_get(about, "classes"), *split = json_object_get(about, "split");
	const char *positive = json_string_value(json_object_get(about, "positive"));
	int rc = 0;

	if (json_array_size(classes) < 2 || !json_is_object(split))
		return error_set(err, ERR_NOT_FOUND, "split.json is not whole");
	for (size_t i = 0; i < json_array_size(classes) && !rc; i++) {
		const char *name = json_string_value(json_array_get(classes, i));

		rc = name ? names_add(&out->class_name, name, err)
			  : error_set(err, ERR_NOT_FOUND, "split.json is not whole");
	}
	out->record = json_deep_copy(split);
	out->positive = mem_text(positive);
	if (!rc && (!out->record || (positive && !out->positive)))
		rc = error_nomem(err);
	return rc;
}

int split_cache_read(struct split_file *out, const char *folder, struct error *err)
{
	char *path = path_join(folder, "split.json");
	struct buf text = BUF_INIT;
	json_t *about = NULL;
	int rc = path ? file_read(&text, path, err) : error_nomem(err);

	if (!rc)
		rc = json_parse(&about, text.text, text.len, path, err);
	if (!rc)
		rc = read_about(out, about, err);
	if (!rc)
		rc = whole_file(&out->parts, folder, "parts.csv", about, "parts_bytes", err);
	if (!rc)
		rc = whole_file(&out->labels, folder, "labels.csv", about, "labels_bytes", err);
	json_decref(about);
	buf_release(&text);
	free(path);
	return rc;
}

/* A data file's split as files: who is in which part, and the labels of those that do not train. */
#include "track/split_file_work.h"

#include "base/mem.h"
#include "format/json.h"

#include <sys/stat.h>

int split_record(json_t **out, const struct split *split, struct error *err)
{
	json_t *json = json_object();
	int rc = json ? json_set_number(json, "test", split->options.test, err) : error_nomem(err);

	if (!rc)
		rc = json_set_number(json, "valid", split->options.valid, err);
	if (!rc)
		rc = json_set_number(json, "seed", (double)split->options.seed, err);
	if (!rc)
		rc = json_set(json, "stratified", json_boolean(split->stratified), err);
	if (!rc)
		rc = json_set_number(json, "train_rows", (double)split->n_train, err);
	if (!rc)
		rc = json_set_number(json, "test_rows", (double)split->n_test, err);
	if (!rc)
		rc = json_set_text(json, "sha256", split->sha256, err);
	if (!rc)
		*out = json;
	else
		json_decref(json);
	return rc;
}

/* Only the columns of target and id are parsed. */
static int read_rows(struct table **table, struct dataset **data, const struct split_wanted *wanted, struct error *err)
{
	const char *const text[] = {wanted->id, NULL}, *const only[] = {wanted->target, wanted->id, NULL};
	const char **missing = mem_zeroed(wanted->missing->n + 1, sizeof(*missing));
	const struct table_options options = {.missing = missing, .text = wanted->id ? text : NULL, .only = only};
	const struct dataset_options of_data = {.target = wanted->target,
						.positive = wanted->positive,
						.id = wanted->id,
						.task = wanted->task,
						.rows_only = 1};
	int rc;

	if (!missing)
		return error_nomem(err);
	for (size_t i = 0; i < wanted->missing->n; i++)
		missing[i] = wanted->missing->name[i];
	rc = table_read(table, wanted->data, &options, err);
	if (!rc)
		rc = dataset_make(data, *table, &of_data, err);
	free(missing);
	return rc;
}

enum part { PART_TRAIN, PART_VALID, PART_TEST };

static void put_rows(struct buf *parts, struct buf *labels, const struct dataset *data, const unsigned char *part)
{
	static const char *const name[] = {"train", "valid", "test"};
	char scratch[32];

	buf_puts(parts, "id,part\n");
	buf_puts(labels, "id,part,label\n");
	for (size_t i = 0; i < data->n; i++) {
		const char *id = dataset_id(data, i, scratch), *label = data->class_name[data->y[i]];
		size_t start = parts->len;

		buf_csv(parts, id, strlen(id));
		buf_putc(parts, ',');
		buf_puts(parts, name[part[i]]);
		if (part[i] != PART_TRAIN && !parts->failed) {
			buf_put(labels, parts->text + start, parts->len - start);
			buf_putc(labels, ',');
			buf_csv(labels, label, strlen(label));
			buf_putc(labels, '\n');
		}
		buf_putc(parts, '\n');
	}
}

/* For each row of the data its part; NULL without memory. */
static unsigned char *parts_of(const struct split *split, size_t rows)
{
	unsigned char *part = mem_zeroed(rows, sizeof(*part));

	for (size_t i = 0; part && i < split->n_valid; i++)
		part[split->valid[i]] = PART_VALID;
	for (size_t i = 0; part && i < split->n_test; i++)
		part[split->test[i]] = PART_TEST;
	return part;
}

/* A file that a command gets to see and is not to change. */
static int write_file(const char *folder, const char *name, const struct buf *text, struct error *err)
{
	char *path = path_join(folder, name);
	int rc = path ? buf_check(text, err) : error_nomem(err);

	if (!rc)
		rc = file_write(path, text->text, text->len, err);
	if (!rc && chmod(path, 0444) < 0)
		rc = error_errno(err, "cannot protect %s", path);
	free(path);
	return rc;
}

/* What a reader of the folder needs beside the files, and their sizes, by which it sees that they are whole. */
static int put_about(struct buf *out, const struct dataset *data, const struct split *split, const struct buf *parts,
		     const struct buf *labels, struct error *err)
{
	json_t *json = json_object(), *classes = json_array(), *record = NULL;
	int rc = json && classes ? split_record(&record, split, err) : error_nomem(err);

	for (int k = 0; k < data->classes && !rc; k++)
		if (json_array_append_new(classes, json_string(data->class_name[k])) < 0)
			rc = error_nomem(err);
	if (!rc)
		rc = json_set_number(json, "parts_bytes", (double)parts->len, err);
	if (!rc)
		rc = json_set_number(json, "labels_bytes", (double)labels->len, err);
	if (!rc && data->positive >= 0)
		rc = json_set_text(json, "positive", data->class_name[data->positive], err);
	if (!rc)
		rc = json_set(json, "classes", json_incref(classes), err);
	if (!rc)
		rc = json_set(json, "split", json_incref(record), err);
	if (!rc)
		json_write(out, json);
	json_decref(json);
	json_decref(classes);
	json_decref(record);
	return rc ? rc : buf_check(out, err);
}

int split_rows_write(const char *folder, const struct split_wanted *wanted, struct error *err)
{
	struct buf parts = BUF_INIT, labels = BUF_INIT, about = BUF_INIT;
	struct table *table = NULL;
	struct dataset *data = NULL;
	struct split *split = NULL;
	unsigned char *part = NULL;
	int rc = read_rows(&table, &data, wanted, err);

	if (!rc)
		rc = split_make(&split, data, &wanted->options, err);
	if (rc)
		goto out;
	part = parts_of(split, data->n);
	if (!part) {
		rc = error_nomem(err);
		goto out;
	}
	put_rows(&parts, &labels, data, part);
	rc = write_file(folder, "parts.csv", &parts, err);
	if (!rc)
		rc = write_file(folder, "labels.csv", &labels, err);
	if (!rc)
		rc = put_about(&about, data, split, &parts, &labels, err);
	if (!rc)
		rc = write_file(folder, "split.json", &about, err);
out:
	free(part);
	buf_release(&parts);
	buf_release(&labels);
	buf_release(&about);
	split_free(split);
	dataset_free(data);
	table_free(table);
	return rc;
}

/* What differs between several runs, each beside the first: see factors.h. */
#include "judge/factors.h"

#include "base/mem.h"
#include "format/json.h"

struct row {
	json_t *factor, *values; /* an entry {factor, name, ...} and a value a run; owned */
	size_t kind; /* its place among the kinds */
};

struct table {
	struct row *row;
	size_t n, cap, runs;
	const struct run *const *run;
};

static const char *text_at(const json_t *factor, const char *key)
{
	const char *text = json_string_value(json_object_get(factor, key));

	return text ? text : "";
}

static size_t kind_of(const json_t *factor)
{
	static const char *const order[] = {"command", "code", "params",   "data",
					    "split",   "seed", "packages", "hardware"};
	size_t kind = 0;

	while (kind < sizeof(order) / sizeof(*order) && strcmp(order[kind], text_at(factor, "factor")) != 0)
		kind++;
	return kind;
}

/* What a run has of a factor whose sides are not in it. */
static const json_t *recorded(const struct table *table, const json_t *factor, size_t k)
{
	return strcmp(text_at(factor, "factor"), "command") ? NULL : run_field(table->run[k], "command");
}

/* The row of a factor, made where it is not there: what all runs have that do not differ from the first is the first's. */
static int row_of(struct row **out, struct table *table, json_t *factor, struct error *err)
{
	struct row *row;

	for (size_t i = 0; i < table->n; i++) {
		*out = &table->row[i];
		if (!strcmp(text_at((*out)->factor, "factor"), text_at(factor, "factor")) &&
		    !strcmp(text_at((*out)->factor, "name"), text_at(factor, "name")))
			return 0;
	}
	if (MEM_GROW(table->row, table->n, table->cap, err) < 0)
		return ERR_NOMEM;
	row = *out = &table->row[table->n++];
	*row = (struct row){.factor = json_incref(factor), .values = json_array(), .kind = kind_of(factor)};
	for (size_t k = 0; k < table->runs; k++) {
		const json_t *own = recorded(table, factor, k), *from = own ? own : json_object_get(factor, "from");

		if (json_array_append_new(row->values, from ? json_incref((json_t *)(size_t)from) : json_null()) < 0)
			return error_nomem(err);
	}
	return 0;
}

static int add_run(struct table *table, const struct factors *factors, size_t k, struct error *err)
{
	json_t *factor, *to;
	size_t i;

	json_array_foreach(factors->list, i, factor)
	{
		struct row *row;
		int rc = row_of(&row, table, factor, err);

		if (rc < 0)
			return rc;
		if (recorded(table, factor, k))
			continue;
		to = json_object_get(factor, "to");
		if (json_array_set_new(row->values, k, to ? json_incref(to) : json_null()) < 0)
			return error_nomem(err);
	}
	return 0;
}

/* Packages that a run does not record are not those of the first. */
static int forget_packages(struct table *table, const struct run *const *run, struct error *err)
{
	for (size_t i = 0; i < table->n; i++) {
		if (strcmp(text_at(table->row[i].factor, "factor"), "packages") != 0)
			continue;
		for (size_t k = 0; k < table->runs; k++)
			if (!run_field(run[k], "environment.packages") &&
			    json_array_set_new(table->row[i].values, k, json_null()) < 0)
				return error_nomem(err);
	}
	return 0;
}

static int by_kind_and_name(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return strcmp(text_at(x->factor, "name"), text_at(y->factor, "name"));
}

static int table_write(json_t *out, const struct table *table, struct error *err)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct row *row = &table->row[i];
		json_t *name = json_object_get(row->factor, "name");
		json_t *one = json_pack("{s:O, s:o*, s:O}", "factor", json_object_get(row->factor, "factor"), "name",
					name ? json_incref(name) : NULL, "values", row->values);

		if (json_array_append_new(out, one) < 0)
			return error_nomem(err);
	}
	return 0;
}

int factors_side_by_side(json_t **out, struct code_reader *reader, const struct run *const *run, size_t n,
			 struct error *err)
{
	struct table table = {.runs = n, .run = run};
	json_t *list = json_array();
	int rc = list ? 0 : error_nomem(err);

	for (size_t k = 1; k < n && !rc; k++) {
		struct factors factors = {0};

		rc = factors_between(&factors, reader, run[0], run[k], FACTORS_ALL, err);
		if (!rc)
			rc = add_run(&table, &factors, k, err);
		factors_release(&factors);
	}
	if (!rc)
		rc = forget_packages(&table, run, err);
	if (table.n)
		qsort(table.row, table.n, sizeof(*table.row), by_kind_and_name);
	if (!rc)
		rc = table_write(list, &table, err);
	for (size_t i = 0; i < table.n; i++) {
		json_decref(table.row[i].factor);
		json_decref(table.row[i].values);
	}
	free(table.row);
	if (rc)
		json_decref(list);
	else
		*out = list;
	return rc;
}

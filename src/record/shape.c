#include "record/shape.h"
#include "format/json.h"

#define ANY(n)                                \
	{                                     \
		.name = (n), .form = FORM_ANY \
	}
#define TEXT(n)                                \
	{                                      \
		.name = (n), .form = FORM_TEXT \
	}
#define INTEGER(n)                                \
	{                                         \
		.name = (n), .form = FORM_INTEGER \
	}
#define NUMBER(n)                                \
	{                                        \
		.name = (n), .form = FORM_NUMBER \
	}
#define FLAG(n)                                \
	{                                      \
		.name = (n), .form = FORM_FLAG \
	}
#define INTERVAL(n)                                \
	{                                          \
		.name = (n), .form = FORM_INTERVAL \
	}
#define TEXTS(n)                                \
	{                                       \
		.name = (n), .form = FORM_TEXTS \
	}
#define OBJECT(n, keys)                                           \
	{                                                         \
		.name = (n), .form = FORM_OBJECT, .inner = (keys) \
	}
#define OBJECTS(n, keys)                                           \
	{                                                          \
		.name = (n), .form = FORM_OBJECTS, .inner = (keys) \
	}
#define MAP(n, each)                                            \
	{                                                       \
		.name = (n), .form = FORM_MAP, .inner = &(each) \
	}
#define END                                    \
	{                                      \
		.name = NULL, .form = FORM_ANY \
	}

/* What the values of a map are. */
static const struct key any = ANY(NULL);
static const struct key text = TEXT(NULL);
static const struct key number = NUMBER(NULL);
static const struct key interval = INTERVAL(NULL);

static const struct key usage[] = {NUMBER("seconds"), NUMBER("cpu_seconds"), INTEGER("peak_rss_bytes"), END};

static const struct key environment[] = {
	TEXT("assay"),
	TEXT("os"),
	TEXT("cpu"),
	INTEGER("cores"),
	INTEGER("memory_bytes"),
	TEXTS("gpu"),
	MAP("packages", text),
	MAP("variables", text),
	END,
};

static const struct key code[] = {
	TEXT("commit"), TEXT("tree"), TEXT("branch"), FLAG("dirty"), TEXT("snapshot"), END,
};

static const struct key threshold[] = {NUMBER("value"), TEXT("chosen"), END};

static const struct key data_file[] = {
	TEXT("path"), TEXT("sha256"), INTEGER("bytes"), INTEGER("rows"), INTEGER("columns"), FLAG("outside"), END,
};
static const struct key data_split[] = {
	NUMBER("test"),       NUMBER("valid"),    INTEGER("seed"),
	INTEGER("count"),     FLAG("stratified"), INTEGER("train_rows"),
	INTEGER("test_rows"), TEXT("sha256"),     END,
};
static const struct key data[] = {OBJECTS("files", data_file), OBJECT("split", data_split), END};

static const struct key plan[] = {TEXT("path"), TEXT("blob"), TEXT("commit"), END};

static const struct key evaluation[] = {
	TEXT("source"),  TEXT("part"),       TEXT("labels"),     FLAG("outside"), TEXT("sha256"),
	INTEGER("rows"), INTEGER("matched"), INTEGER("missing"), INTEGER("look"), END,
};

static const struct key series_keys[] = {
	INTEGER("count"), NUMBER("last"), NUMBER("best"), NUMBER("best_step"), END,
};
static const struct key series = OBJECT(NULL, series_keys);

static const struct key artifact[] = {TEXT("path"), TEXT("sha256"), INTEGER("bytes"), TEXT("where"), END};

static const struct key given[] = {TEXTS("params"), TEXTS("data"), END};

static const struct key factor[] = {TEXT("factor"), TEXT("name"), ANY("from"), ANY("to"), END};
static const struct key changes[] = {TEXT("against"), TEXT("verdict"), OBJECTS("factors", factor), TEXTS("unknown"),
				     END};

static const struct key criterion[] = {
	TEXT("metric"),  TEXT("rule"),    NUMBER("value"),    TEXT("source"),
	TEXT("verdict"), FLAG("certain"), FLAG("constraint"), END,
};

static const struct key difference_keys[] = {
	NUMBER("difference"),
	INTERVAL("interval"),
	INTERVAL("corrected"),
	NUMBER("se"),
	NUMBER("df"),
	NUMBER("se_rows"),
	NUMBER("df_rows"),
	NUMBER("p"),
	NUMBER("mcnemar_midp"),
	TEXT("test"),
	INTEGER("family"),
	FLAG("declared"),
	TEXT("better"),
	NUMBER("margin"),
	NUMBER("detectable"),
	TEXT("verdict"),
	END,
};
static const struct key difference = OBJECT(NULL, difference_keys);
static const struct key comparison[] = {
	TEXT("against"),
	TEXT("role"),
	TEXT("scope"),
	INTEGER("rows"),
	INTEGER("of_rows"),
	INTEGER("clusters"),
	INTEGER("rarer"),
	ANY("seeds"),
	INTEGER("splits"),
	INTEGER("fixed"),
	INTEGER("broken"),
	FLAG("same_ranking"),
	MAP("metrics", difference),
	END,
};

static const struct key record[] = {
	INTEGER("schema"),
	TEXT("id"),
	TEXT("experiment"),
	TEXT("name"),
	TEXT("kind"),
	TEXT("parent"),
	TEXT("status"),
	TEXT("started"),
	TEXT("ended"),
	INTEGER("exit"),
	TEXTS("command"),
	TEXT("cwd"),
	INTEGER("seed"),
	OBJECT("usage", usage),
	OBJECT("environment", environment),
	OBJECT("code", code),
	OBJECT("threshold", threshold),
	OBJECT("data", data),
	OBJECT("plan", plan),
	MAP("spread", number),
	TEXTS("children"),
	TEXT("root"),
	OBJECT("evaluation", evaluation),
	MAP("params", any),
	OBJECT("given", given),
	MAP("tags", any),
	TEXTS("notes"),
	MAP("measured", number),
	MAP("reported", number),
	MAP("intervals", interval),
	MAP("series", series),
	OBJECTS("artifacts", artifact),
	OBJECT("changes", changes),
	OBJECTS("criteria", criterion),
	OBJECTS("comparison", comparison),
	END,
};

const struct key run_shape = OBJECT(NULL, record);

int shape_is_plain_map(const struct key *key)
{
	return key && key->form == FORM_MAP && key->inner->form != FORM_OBJECT;
}

const struct key *shape_inner(const struct key *shape, const char *name)
{
	if (!shape || shape->form < FORM_OBJECT)
		return NULL;
	if (shape->form == FORM_MAP)
		return shape->inner;
	for (const struct key *key = shape->inner; key->name; key++)
		if (!strcmp(key->name, name))
			return key;
	return NULL;
}

static int all(const json_t *array, int (*fits)(const json_t *))
{
	if (!json_is_array(array))
		return 0;
	for (size_t i = 0; i < json_array_size(array); i++)
		if (!fits(json_array_get(array, i)))
			return 0;
	return 1;
}

static int is_text(const json_t *json)
{
	return json_is_string(json);
}

static int is_number(const json_t *json)
{
	double value;

	return json_number(&value, json);
}

static int is_object(const json_t *json)
{
	return json_is_object(json);
}

static int has_form(const json_t *json, enum form form)
{
	switch (form) {
	case FORM_ANY:
		return 1;
	case FORM_TEXT:
		return is_text(json);
	case FORM_INTEGER:
		return json_is_integer(json);
	case FORM_NUMBER:
		return is_number(json);
	case FORM_FLAG:
		return json_is_boolean(json);
	case FORM_INTERVAL:
		return all(json, is_number) && json_array_size(json) == 2;
	case FORM_TEXTS:
		return all(json, is_text);
	case FORM_OBJECTS:
		return all(json, is_object);
	case FORM_OBJECT:
	case FORM_MAP:
		return is_object(json);
	}
	return 0;
}

static const char *const form_words[] = {
	[FORM_ANY] = "a value",          [FORM_TEXT] = "text",          [FORM_INTEGER] = "an integer",
	[FORM_NUMBER] = "a number",      [FORM_FLAG] = "true or false", [FORM_INTERVAL] = "an interval [low, high]",
	[FORM_TEXTS] = "a list of text", [FORM_OBJECT] = "an object",   [FORM_OBJECTS] = "a list of objects",
	[FORM_MAP] = "an object",
};

static int check_members(const json_t *object, const struct key *shape, const char *name, struct error *err)
{
	const char *member;
	json_t *value;

	json_object_foreach((json_t *)object, member, value)
	{
		const struct key *key = shape_inner(shape, member);
		int rc = 0;

		if (!key)
			continue;
		if (!has_form(value, key->form))
			return error_set(err, ERR_INPUT, "%s: %s%s%s is not %s", name, shape->name ? shape->name : "",
					 shape->name ? "." : "", member, form_words[key->form]);
		if (key->form >= FORM_OBJECT)
			rc = shape_check(value, key, name, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int shape_check(const json_t *json, const struct key *shape, const char *name, struct error *err)
{
	if (shape->form != FORM_OBJECTS)
		return check_members(json, shape, name, err);
	for (size_t i = 0; i < json_array_size(json); i++) {
		int rc = check_members(json_array_get(json, i), shape, name, err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

static json_t *order_object(const json_t *object, const struct key *shape)
{
	json_t *out = json_object(), *sorted = json_sorted(object), *value;
	const char *member;
	int failed = !out || !sorted;

	if (!failed && shape && shape->form != FORM_MAP && shape->form >= FORM_OBJECT)
		for (const struct key *key = shape->inner; key->name && !failed; key++) {
			value = json_object_get(object, key->name);
			if (value)
				failed = json_object_set_new(out, key->name, shape_order(value, key));
		}
	if (!failed)
		json_object_foreach(sorted, member, value) if (!json_object_get(out, member) && !failed)
			failed = json_object_set_new(out, member, shape_order(value, shape_inner(shape, member)));
	json_decref(sorted);
	if (failed) {
		json_decref(out);
		return NULL;
	}
	return out;
}

static json_t *order_array(const json_t *array, const struct key *shape)
{
	json_t *out = json_array();

	for (size_t i = 0; out && i < json_array_size(array); i++)
		if (json_array_append_new(out, shape_order(json_array_get(array, i), shape)) < 0) {
			json_decref(out);
			out = NULL;
		}
	return out;
}

json_t *shape_order(const json_t *json, const struct key *shape)
{
	if (json_is_object(json))
		return order_object(json, shape);
	if (json_is_array(json))
		return order_array(json, shape);
	return json_incref((json_t *)json);
}

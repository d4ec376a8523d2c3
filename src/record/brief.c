/* What of a record the catalog keeps: see brief.h. */
#include "record/brief.h"

enum how {
	WHOLE, /* as it is */
	SHARED, /* the same for many runs: a part */
	ENVIRONMENT, /* a part, without variables, which would part what is one environment */
	CHANGES, /* without the factors */
	INTERVALS, /* whole; read by metric */
	COMPARISON, /* the one with the baseline; read by metric */
};

static const struct {
	const char *key;
	enum how how;
} kept[] = {
	{"schema", WHOLE},
	{"id", WHOLE},
	{"experiment", WHOLE},
	{"name", WHOLE},
	{"kind", WHOLE},
	{"parent", WHOLE},
	{"status", WHOLE},
	{"started", WHOLE},
	{"ended", WHOLE},
	{"exit", WHOLE},
	{"command", WHOLE},
	{"seed", WHOLE},
	{"usage", WHOLE},
	{"code", SHARED},
	{"environment", ENVIRONMENT},
	{"threshold", WHOLE},
	{"data", SHARED},
	{"plan", SHARED},
	{"spread", WHOLE},
	{"children", WHOLE},
	{"root", WHOLE},
	{"evaluation", WHOLE},
	{"params", WHOLE},
	{"tags", WHOLE},
	{"measured", WHOLE},
	{"reported", WHOLE},
	{"intervals", INTERVALS},
	{"given", WHOLE},
	{"changes", CHANGES},
	{"criteria", WHOLE},
	{"comparison", COMPARISON},
};
enum { KEPT = sizeof(kept) / sizeof(*kept) };

static void pack_without(struct buf *out, const json_t *object, const char *const *left_out, size_t n)
{
	size_t members = json_object_size(object);
	const char *key;
	json_t *value;

	for (size_t i = 0; i < n; i++)
		members -= json_object_get(object, left_out[i]) != NULL;
	pack_head(out, PACK_OBJECT, members);
	json_object_foreach((json_t *)(size_t)object, key, value)
	{
		int there = 1;

		for (size_t i = 0; i < n; i++)
			there &= strcmp(key, left_out[i]) != 0;
		if (!there)
			continue;
		pack_key(out, key);
		pack_json(out, value);
	}
}

static void pack_comparison(struct buf *out, const json_t *list)
{
	const json_t *found = NULL, *one;
	size_t i;

	json_array_foreach((json_t *)(size_t)list, i, one)
	{
		const char *role = json_string_value(json_object_get(one, "role"));

		if (!found && role && !strcmp(role, "baseline"))
			found = one;
	}
	pack_head(out, PACK_ARRAY, found != NULL);
	if (found)
		pack_json(out, found);
}

static int pack_part(struct buf *out, const json_t *value, enum how how, const struct brief_parts *parts,
		     struct error *err)
{
	static const char *const variables[] = {"variables"};
	struct buf bytes = BUF_INIT;
	size_t n = 0;
	int rc;

	if (how == ENVIRONMENT)
		pack_without(&bytes, value, variables, 1);
	else
		pack_json(&bytes, value);
	rc = buf_check(&bytes, err);
	if (!rc)
		rc = parts->keep(parts->context, &n, &bytes, err);
	if (!rc)
		pack_head(out, PACK_PART, n);
	buf_release(&bytes);
	return rc;
}

int brief_pack(struct buf *out, const struct run *run, const struct brief_parts *parts, struct error *err)
{
	static const char *const factors[] = {"factors"};
	size_t members = 0;
	int rc = 0;

	for (size_t i = 0; i < KEPT; i++)
		members += json_object_get(run->json, kept[i].key) != NULL;
	pack_head(out, PACK_OBJECT, members);
	for (size_t i = 0; i < KEPT && !rc; i++) {
		const json_t *value = json_object_get(run->json, kept[i].key);

		if (!value)
			continue;
		pack_key(out, kept[i].key);
		if (kept[i].how == SHARED || kept[i].how == ENVIRONMENT)
			rc = pack_part(out, value, kept[i].how, parts, err);
		else if (kept[i].how == CHANGES)
			pack_without(out, value, factors, 1);
		else if (kept[i].how == COMPARISON)
			pack_comparison(out, value);
		else
			pack_json(out, value);
	}
	return rc < 0 ? rc : buf_check(out, err);
}

static int same(const char *word, const char *key, size_t len)
{
	return strlen(word) == len && !memcmp(word, key, len);
}

static int is_wanted(const char *const *metric, const char *key, size_t len)
{
	for (; metric && *metric; metric++)
		if (same(*metric, key, len))
			return 1;
	return 0;
}

static json_t *add(json_t *object, const char *key, size_t len, json_t *value)
{
	if (!json_object_setn_new_nocheck(object, key, len, value))
		return object;
	json_decref(object);
	return NULL;
}

/* Of one compared metric that is not wanted: whether it is declared; lent. */
static json_t *unpack_stub(struct unpack *unpack, const struct brief_parts *parts)
{
	size_t n = unpack_head(unpack), kind;
	int declared = 0;

	for (size_t i = 0; i < n && !unpack->damaged; i++) {
		size_t len;
		const char *key = unpack_key(unpack, &len);

		declared |= same("declared", key, len) && unpack_peek(unpack, &kind) == PACK_TRUE;
		unpack_skip(unpack);
	}
	return parts->stub[declared ? BRIEF_DECLARED : BRIEF_OTHER];
}

/* A map by metric: those wanted whole; of the others stubs where there are `parts`. */
static json_t *unpack_map(struct unpack *unpack, const char *const *metric, const struct brief_parts *parts)
{
	size_t n = unpack_head(unpack);
	json_t *map = json_object();

	for (size_t i = 0; map && i < n && !unpack->damaged; i++) {
		size_t len;
		const char *key = unpack_key(unpack, &len);

		if (is_wanted(metric, key, len))
			map = add(map, key, len, unpack_json(unpack));
		else if (parts)
			map = add(map, key, len, json_incref(unpack_stub(unpack, parts)));
		else
			unpack_skip(unpack);
	}
	return map;
}

static json_t *unpack_entry(struct unpack *unpack, const char *const *metric, const struct brief_parts *parts)
{
	size_t n = unpack_head(unpack);
	json_t *entry = json_object();

	for (size_t i = 0; entry && i < n && !unpack->damaged; i++) {
		size_t len;
		const char *key = unpack_key(unpack, &len);

		entry = add(entry, key, len,
			    same("metrics", key, len) ? unpack_map(unpack, metric, parts) : unpack_json(unpack));
	}
	return entry;
}

static json_t *unpack_comparison(struct unpack *unpack, const char *const *metric, const struct brief_parts *parts)
{
	size_t n = unpack_head(unpack);
	json_t *list = json_array();

	for (size_t i = 0; list && i < n; i++)
		if (json_array_append_new(list, unpack_entry(unpack, metric, parts)) < 0) {
			json_decref(list);
			return NULL;
		}
	return list;
}

static json_t *unpack_member(struct unpack *unpack, const char *key, size_t len, const struct brief_wanted *wanted,
			     const struct brief_parts *parts)
{
	size_t n;

	if (unpack_peek(unpack, &n) == PACK_PART) {
		unpack_head(unpack);
		return json_incref(parts->find(parts->context, n));
	}
	if (same("intervals", key, len) || (wanted->lean && same("measured", key, len)))
		return unpack_map(unpack, wanted->metric, NULL);
	if (same("comparison", key, len))
		return unpack_comparison(unpack, wanted->metric, parts);
	return unpack_json(unpack);
}

static int is_word(const char *const *words, size_t n, const char *key, size_t len)
{
	for (size_t i = 0; i < n; i++)
		if (same(words[i], key, len))
			return 1;
	return 0;
}

/* What a plain list does without: half of the time that reading takes; and what does not say how a run was made. */
static int is_left_out(const struct brief_wanted *wanted, const char *key, size_t len)
{
	static const char *const scores[] = {"started",   "ended",   "exit",       "usage",     "threshold",
					     "plan",      "spread",  "evaluation", "measured",  "reported",
					     "intervals", "changes", "criteria",   "comparison"};
	static const char *const words[] = {"schema", "ended",     "exit",       "command", "seed",
					    "usage",  "threshold", "evaluation", "params",  "given",
					    "spread", "plan",      "environment"};

	return (wanted->lean && is_word(words, sizeof(words) / sizeof(*words), key, len)) ||
	       (wanted->factors && is_word(scores, sizeof(scores) / sizeof(*scores), key, len));
}

int brief_stubs(struct brief_parts *parts, struct error *err)
{
	parts->stub[BRIEF_DECLARED] = json_pack("{s:b}", "declared", 1);
	parts->stub[BRIEF_OTHER] = json_object();
	return parts->stub[BRIEF_DECLARED] && parts->stub[BRIEF_OTHER] ? 0 : error_nomem(err);
}

void brief_stubs_release(struct brief_parts *parts)
{
	for (size_t i = 0; i < BRIEF_STUBS; i++) {
		json_decref(parts->stub[i]);
		parts->stub[i] = NULL;
	}
}

json_t *brief_unpack(const void *bytes, size_t len, const struct brief_wanted *wanted, const struct brief_parts *parts)
{
	struct unpack unpack = {.at = bytes, .end = (const unsigned char *)bytes + len};
	size_t n = unpack_head(&unpack);
	json_t *brief = json_object();

	for (size_t i = 0; brief && i < n && !unpack.damaged; i++) {
		size_t key_len;
		const char *key = unpack_key(&unpack, &key_len);

		if (is_left_out(wanted, key, key_len))
			unpack_skip(&unpack);
		else
			brief = add(brief, key, key_len, unpack_member(&unpack, key, key_len, wanted, parts));
	}
	if (unpack.damaged) {
		json_decref(brief);
		return NULL;
	}
	return brief;
}

json_t *brief_unpack_part(const void *bytes, size_t len)
{
	struct unpack unpack = {.at = bytes, .end = (const unsigned char *)bytes + len};

	return unpack_json(&unpack);
}

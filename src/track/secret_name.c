/* Names that say that their value is secret. Words are told apart by `_`, `-`, `.` and capitals inside. */
#include "track/secret_work.h"

#include <strings.h>

enum { WORD = 32, WORDS = 8, KNOWN_SHORTEST = 6, KNOWN_WORD = 16 };

/* The last words of a name, each in lower case; word[0] is the last. */
struct words {
	char word[WORDS][WORD];
	size_t n;
};

static int is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static int is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* 1 if a new word begins at name[i]: dbPassword, APIKey. */
static int begins(const char *name, size_t len, size_t i)
{
	if (!i || !is_upper(name[i]))
		return 0;
	return is_lower(name[i - 1]) || is_digit(name[i - 1]) ||
	       (is_upper(name[i - 1]) && i + 1 < len && is_lower(name[i + 1]));
}

static void split(struct words *words, const char *name, size_t len)
{
	size_t end = len;

	words->n = 0;
	while (end && words->n < WORDS) {
		size_t start = end, n;
		char *word = words->word[words->n];

		while (start && (is_lower(name[start - 1]) || is_upper(name[start - 1]) || is_digit(name[start - 1]))) {
			start--;
			if (begins(name, len, start))
				break;
		}
		n = end - start < WORD - 1 ? end - start : WORD - 1;
		for (size_t i = 0; i < n; i++)
			word[i] = (char)(is_upper(name[end - n + i]) ? name[end - n + i] + 32 : name[end - n + i]);
		word[n] = '\0';
		words->n += n > 0;
		end = start - (n == 0);
	}
}

static int is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(word, *list))
			return 1;
	return 0;
}

static int ends_in_one_of(const char *word, const char *const *list)
{
	size_t len = strlen(word);

	for (; *list; list++)
		if (len >= strlen(*list) && !strcmp(word + len - strlen(*list), *list))
			return 1;
	return 0;
}

/* Secret whatever comes before them, also as the end of a word: dbpassword. */
static const char *const sure[] = {"password",    "passwd",    "passphrase", "passcode",     "secret",
				   "credential",  "passwords", "secrets",    "credentials",  "apikey",
				   "apikeys",     "accesskey", "secretkey",  "privatekey",   "authkey",
				   "accesstoken", "authtoken", "apitoken",   "refreshtoken", NULL};
/* Before key, keys, token: no doubt. */
static const char *const guards[] = {
	"api",        "access",  "auth",    "authorization", "private",    "secret",  "client",      "signing",
	"encryption", "master",  "account", "service",       "session",    "refresh", "bearer",      "bot",
	"hub",        "github",  "gh",      "gitlab",        "gitea",      "hf",      "huggingface", "wandb",
	"aws",        "azure",   "gcp",     "openai",        "anthropic",  "slack",   "telegram",    "npm",
	"pypi",       "comet",   "neptune", "kaggle",        "jupyter",    "deploy",  "ssh",         "ci",
	"job",        "admin",   "user",    "csrf",          "xsrf",       "jwt",     "oauth",       "license",
	"sas",        "storage", "hmac",    "cohere",        "databricks", "dagshub", "roboflow",    "replicate",
	NULL};
/* Before key or token: a column, a symbol of a vocabulary, the state of a random number generator. */
static const char *const harmless[] = {
	"pad",    "bos",     "eos",    "unk",     "mask",    "sep",    "cls",       "special", "start",   "end",
	"stop",   "per",     "next",   "last",    "first",   "max",    "min",       "num",     "n",       "image",
	"audio",  "video",   "prompt", "primary", "foreign", "sort",   "partition", "group",   "join",    "index",
	"cache",  "row",     "column", "col",     "dict",    "map",    "target",    "label",   "feature", "id",
	"metric", "batch",   "input",  "output",  "text",    "public", "data",      "order",   "rng",     "prng",
	"random", "query",   "cross",  "no",      "use",     "has",    "by",        "monitor", "score",   "state",
	"config", "message", "time",   "date",    "object",  NULL};
/* Before pass and pwd, which alone are a round and a folder. */
static const char *const doors[] = {"db",  "database", "user", "mysql", "pg",    "postgres", "redis", "smtp", "mail",
				    "ftp", "proxy",    "http", "root",  "admin", "login",    "auth",  NULL};

enum secret_kind secret_kind(const char *name, size_t len)
{
	static const char *const token[] = {"token", NULL}, *const brief[] = {"pass", "pwd", "pat", NULL};
	struct words words;
	const char *last, *before;

	split(&words, name, len);
	if (!words.n)
		return SECRET_NOT;
	last = words.word[0];
	before = words.n > 1 ? words.word[1] : "";
	if (ends_in_one_of(last, sure))
		return SECRET_SURE;
	if (!strcmp(last, "key") || ends_in_one_of(last, token)) {
		if (is_one_of(before, guards))
			return SECRET_SURE;
		return is_one_of(before, harmless) ? SECRET_NOT : SECRET_MAYBE;
	}
	if (!strcmp(last, "keys"))
		return is_one_of(before, guards) ? SECRET_SURE : SECRET_NOT;
	if (is_one_of(last, brief))
		return is_one_of(before, doors) || is_one_of(before, guards) ? SECRET_SURE : SECRET_NOT;
	return SECRET_NOT;
}

int secret_name(const char *name)
{
	return secret_kind(name, strlen(name)) != SECRET_NOT;
}

int secret_is_distinct(const char *value)
{
	size_t len = strlen(value), digits = 0, capitals = 0;

	for (const char *c = value; *c; c++) {
		digits += is_digit(*c) || *c == '.';
		capitals += is_upper(*c);
	}
	return len >= KNOWN_SHORTEST && digits < len && (digits || (capitals && capitals < len) || len >= KNOWN_WORD);
}

int secret_known(struct names *out, const char *const *variables, struct error *err)
{
	int rc = 0;

	for (; variables && *variables && !rc && out->n < SECRET_KNOWN_MOST; variables++) {
		size_t name = strcspn(*variables, "=");
		const char *value = *variables + name + ((*variables)[name] == '=');

		if (secret_kind(*variables, name) == SECRET_SURE && !secret_is_blank(value, strlen(value)) &&
		    secret_is_distinct(value) && *value != '/' && !strchr(value, '\n'))
			rc = names_add(out, value, err);
	}
	return rc;
}

int secret_is_blank(const char *value, size_t len)
{
	static const char *const words[] = {"none",      "null",  "nil",   "true",     "false",   "yes", "no",
					    "undefined", "unset", "empty", "required", "missing", NULL};

	if (!len || strchr("$%<{", *value) || (len >= 3 && !memcmp(value, "***", 3)))
		return 1;
	for (const char *const *word = words; *word; word++)
		if (len == strlen(*word) && !strncasecmp(value, *word, len))
			return 1;
	return 0;
}

/* Who commits, and how git is set up: only git reads its environment and every kind of its configuration. */
#include "store/repo.h"
#include "base/clock.h"
#include "base/mem.h"

#include <strings.h>

/* "Name <mail> 1700000000 +0130"; the time counts only where the environment fixes it. */
static int ident_parse(struct ident *out, const char *text, int timed, struct error *err)
{
	const char *open = strrchr(text, '<'), *close = open ? strchr(open, '>') : NULL;
	long long when = 0;
	int zone = 0;

	if (!close || open == text || sscanf(close + 1, " %lld %d", &when, &zone) != 2)
		return error_set(err, ERR_MACHINE, "git var says '%.*s'", (int)first_line(text), text);
	free(out->name); /* of an attempt that failed half-way */
	free(out->mail);
	out->name = mem_text_n(text, (size_t)(open - text) - (open[-1] == ' '));
	out->mail = mem_text_n(open + 1, (size_t)(close - open - 1));
	if (!out->name || !out->mail)
		return error_nomem(err);
	out->when = timed ? (time_t)when : 0;
	out->offset = zone / 100 * 60 + zone % 100;
	return 0;
}

static int ask_ident(struct ident *out, const struct store *store, const char *variable, const char *date,
		     struct error *err)
{
	const char *argv[] = {"var", variable, NULL}, *fixed = getenv(date);
	struct error said = {0};
	struct buf text = BUF_INIT;
	int rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, &said);

	if (!rc) {
		rc = ident_parse(out, text.text, fixed && *fixed, err);
	} else {
		rc = error_set(err, ERR_INPUT, "git does not know who you are, and every run is a commit");
		error_hint(err, "git config --global user.name \"Your Name\"\n"
				"git config --global user.email you@example.org");
	}
	buf_release(&text);
	return rc;
}

static int is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

struct question {
	struct store *store;
	struct error err;
	int rc;
};

static void *ask_settings(void *context)
{
	struct question *question = context;

	question->rc = store_settings(question->store, &question->err);
	return NULL;
}

/* The committer and the settings, which are two processes, at the same time. */
static int ask_both(struct store *store, struct error *err)
{
	struct question question = {.store = store};
	pthread_t thread;
	int threaded = pthread_create(&thread, NULL, ask_settings, &question) == 0;
	int rc = ask_ident(&store->committer, store, "GIT_COMMITTER_IDENT", "GIT_COMMITTER_DATE", err);

	if (threaded)
		pthread_join(thread, NULL);
	else
		ask_settings(&question);
	if (!rc && question.rc < 0)
		rc = error_set(err, question.rc, "%s", question.err.text);
	return rc;
}

int store_identity(struct store *store, struct error *err)
{
	int rc;

	if (store->has_identity)
		return 0;
	rc = ask_both(store, err);
	if (rc < 0)
		return rc;
	/* as a rule they are one: a process saved */
	if (store->settings.author || is_set("GIT_AUTHOR_NAME") || is_set("GIT_AUTHOR_EMAIL") ||
	    is_set("GIT_AUTHOR_DATE") || is_set("GIT_COMMITTER_NAME") || is_set("GIT_COMMITTER_EMAIL") ||
	    is_set("GIT_COMMITTER_DATE"))
		rc = ask_ident(&store->author, store, "GIT_AUTHOR_IDENT", "GIT_AUTHOR_DATE", err);
	else
		store->author = (struct ident){mem_text(store->committer.name), mem_text(store->committer.mail), 0,
					       store->committer.offset};
	if (!rc && (!store->author.name || !store->author.mail))
		rc = error_nomem(err);
	store->has_identity = !rc;
	return rc;
}

int store_signature(git_signature **out, const struct ident *ident, struct error *err)
{
	int rc = git_signature_new(out, ident->name, ident->mail, (git_time_t)(ident->when ? ident->when : clock_now()),
				   ident->offset);

	return rc < 0 ? git_fail(err, rc, "cannot use the identity '%s <%s>'", ident->name, ident->mail) : 0;
}

/* git's booleans (git-config(1)); a key without a value is true. */
static int truth(const char *value)
{
	if (!value)
		return 1;
	return !strcasecmp(value, "true") || !strcasecmp(value, "yes") || !strcasecmp(value, "on") ||
	       strtol(value, NULL, 10) != 0;
}

/* Whether the components of core.fsync name more than git's default, which leaves out loose objects and references. */
static int wants_sync(const char *value)
{
	static const char *const more[] = {"loose-object", "objects", "committed", "added", "reference", "all"};
	int wants = 0;

	while (*value) {
		size_t len = strcspn(value, ", ");
		int not = *value == '-';

		for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++)
			if (strlen(more[i]) ==
			    len - (size_t) not &&!strncasecmp(value + not, more[i], len - (size_t) not ))
				wants = !not ;
		if (len == 4 && !strncasecmp(value, "none", len))
			wants = 0;
		value += len;
		value += strspn(value, ", ");
	}
	return wants;
}

static void take_setting(struct settings *settings, const char *key, const char *value)
{
	if (!strcmp(key, "commit.gpgsign"))
		settings->sign = truth(value);
	else if (!strcmp(key, "core.fsync"))
		settings->sync = value && wants_sync(value);
	else if (!strcmp(key, "maintenance.auto"))
		settings->maintenance = truth(value);
	else if (!strcmp(key, "author.name") || !strcmp(key, "author.email"))
		settings->author = 1;
}

int store_settings(struct store *store, struct error *err)
{
	const char *argv[] = {"config", "-z", "--list", NULL};
	struct buf text = BUF_INIT;
	int rc;

	if (store->has_settings)
		return 0;
	rc = git_run(store, &(struct git_call){.argv = argv, .out = &text}, err);
	if (rc < 0)
		goto out;
	store->settings.maintenance = 1;
	for (char *at = text.text, *next; at < text.text + text.len; at = next) {
		char *value = strchr(at, '\n');

		next = at + strlen(at) + 1;
		if (value)
			*value++ = '\0';
		take_setting(&store->settings, at, value);
	}
	store->has_settings = 1;
out:
	buf_release(&text);
	return rc;
}

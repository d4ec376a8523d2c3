/* See plan_diff.h. */
#include "judge/plan_diff.h"

#include "format/number.h"

#include <stdarg.h>
#include <strings.h>

struct diff {
	int (*fn)(void *context, enum plan_item item, const char *what);
	void *context;
	struct error *err;
	int rc; /* once it is not 0, nothing more is said */
};

static void say(struct diff *diff, enum plan_item item, const char *format, ...) PRINTF_LIKE(3, 4);
static void say(struct diff *diff, enum plan_item item, const char *format, ...)
{
	char line[1024];
	va_list args;

	if (diff->rc)
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	diff->rc = diff->fn(diff->context, item, line);
}

static int same(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

/* The same kind of demand on the same metric; `whole`: the same number too. */
static int same_rule(const struct criterion *a, const struct criterion *b, int whole)
{
	return !strcmp(a->metric, b->metric) && a->kind == b->kind && a->constraint == b->constraint &&
	       !strcmp(a->op, b->op) && (!whole || (a->value == b->value && a->reported == b->reported));
}

static const struct criterion *find_rule(const struct experiment *in, const struct criterion *criterion, int whole)
{
	for (size_t i = 0; i < in->criteria; i++)
		if (same_rule(&in->criterion[i], criterion, whole))
			return &in->criterion[i];
	return NULL;
}

/* A rule that both have with the same number is no partner for one that was changed. */
static const struct criterion *find_partner(const struct experiment *in, const struct experiment *of,
					    const struct criterion *criterion)
{
	for (size_t i = 0; i < in->criteria; i++)
		if (same_rule(&in->criterion[i], criterion, 0) && !find_rule(of, &in->criterion[i], 1))
			return &in->criterion[i];
	return NULL;
}

static void diff_criteria(struct diff *diff, const struct experiment *from, const struct experiment *to)
{
	char before[NUMBER_TEXT], after[NUMBER_TEXT];

	for (size_t i = 0; i < to->criteria; i++) {
		const struct criterion *now = &to->criterion[i], *then;
		enum plan_item item = now->constraint ? PLAN_CONSTRAINT : PLAN_CRITERION;
		const char *kind = now->constraint ? "constraint " : "";

		if (find_rule(from, now, 1))
			continue;
		then = find_partner(from, to, now);
		if (!then) {
			say(diff, item, "%s%s %s added", kind, now->metric, now->rule);
			continue;
		}
		if (now->reported != then->reported)
			say(diff, item, "%s%s now judged %s", kind, now->metric,
			    now->reported ? "as reported" : "as measured");
		if (now->value == then->value)
			continue;
		number_text(before, then->value);
		number_text(after, now->value);
		if (now->kind == CRITERION_LIMIT || now->kind == CRITERION_BROKEN)
			say(diff, item, "%s%s %s from %s to %s", kind, now->metric,
			    now->value < then->value ? "lowered" : "raised", before, after);
		else
			say(diff, item, "%s%s changed from \"%s\" to \"%s\"", kind, now->metric, then->rule, now->rule);
	}
	for (size_t i = 0; i < from->criteria; i++) {
		const struct criterion *then = &from->criterion[i];

		if (!find_rule(to, then, 1) && !find_partner(to, from, then))
			say(diff, then->constraint ? PLAN_CONSTRAINT : PLAN_CRITERION, "%s%s %s removed",
			    then->constraint ? "constraint " : "", then->metric, then->rule);
	}
}

static int has_sentence(const struct names *in, const char *sentence)
{
	for (size_t i = 0; i < in->n; i++)
		if (!strcmp(in->name[i], sentence))
			return 1;
	return 0;
}

static void diff_sentences(struct diff *diff, const struct experiment *from, const struct experiment *to)
{
	for (size_t i = 0; i < to->sentences.n; i++)
		if (!has_sentence(&from->sentences, to->sentences.name[i]))
			say(diff, PLAN_CONSTRAINT, "constraint \"%s\" added", to->sentences.name[i]);
	for (size_t i = 0; i < from->sentences.n; i++)
		if (!has_sentence(&to->sentences, from->sentences.name[i]))
			say(diff, PLAN_CONSTRAINT, "constraint \"%s\" removed", from->sentences.name[i]);
}

static const struct expectation *find_expectation(const struct experiment *in, const char *metric)
{
	for (size_t i = 0; i < in->n_expects; i++)
		if (!strcmp(in->expects[i].metric, metric))
			return &in->expects[i];
	return NULL;
}

static void diff_expectations(struct diff *diff, const struct experiment *from, const struct experiment *to)
{
	for (size_t i = 0; i < to->n_expects; i++) {
		const struct expectation *now = &to->expects[i], *then = find_expectation(from, now->metric);

		if (!then)
			say(diff, PLAN_EXPECTATION, "expectation %s %s added", now->metric, now->what);
		else if (strcmp(then->what, now->what) != 0)
			say(diff, PLAN_EXPECTATION, "expectation of %s changed from %s to %s", now->metric, then->what,
			    now->what);
	}
	for (size_t i = 0; i < from->n_expects; i++)
		if (!find_expectation(to, from->expects[i].metric))
			say(diff, PLAN_EXPECTATION, "expectation %s %s removed", from->expects[i].metric,
			    from->expects[i].what);
}

static const struct margin *find_margin(const struct experiment *in, const char *metric)
{
	for (size_t i = 0; i < in->margins; i++)
		if (!strcmp(in->margin[i].metric, metric))
			return &in->margin[i];
	return NULL;
}

static void diff_margins(struct diff *diff, const struct experiment *from, const struct experiment *to)
{
	char before[NUMBER_TEXT], after[NUMBER_TEXT];

	for (size_t i = 0; i < to->margins; i++) {
		const struct margin *now = &to->margin[i], *then = find_margin(from, now->metric);

		number_text(after, now->value);
		if (!then) {
			say(diff, PLAN_MARGIN, "margin %s of %s added", after, now->metric);
		} else if (then->value != now->value) {
			number_text(before, then->value);
			say(diff, PLAN_MARGIN, "margin of %s %s from %s to %s", now->metric,
			    now->value < then->value ? "narrowed" : "widened", before, after);
		}
	}
	for (size_t i = 0; i < from->margins; i++)
		if (!find_margin(to, from->margin[i].metric))
			say(diff, PLAN_MARGIN, "margin of %s removed", from->margin[i].metric);
}

/* A name that the front matter gives or not. */
static void diff_named(struct diff *diff, enum plan_item item, const char *key, const char *from, const char *to)
{
	if (same(from, to))
		return;
	if (!from)
		say(diff, item, "%s %s named", key, to);
	else if (!to)
		say(diff, item, "%s %s no longer named", key, from);
	else
		say(diff, item, "%s changed from %s to %s", key, from, to);
}

static void list_metrics(struct buf *out, const struct experiment *experiment)
{
	buf_puts(out, experiment->metrics ? "" : "those of the project");
	for (size_t i = 0; i < experiment->metrics; i++)
		buf_printf(out, "%s%s%s", i ? ", " : "", experiment->metric[i].name,
			   experiment->metric[i].known   ? ""
			   : experiment->metric[i].lower ? " (lower)"
							 : " (higher)");
}

static void diff_metrics(struct diff *diff, const struct experiment *from, const struct experiment *to)
{
	struct buf before = BUF_INIT, after = BUF_INIT;

	list_metrics(&before, from);
	list_metrics(&after, to);
	if (!diff->rc && (buf_check(&before, diff->err) < 0 || buf_check(&after, diff->err) < 0))
		diff->rc = ERR_NOMEM;
	else if (strcmp(before.text, after.text) != 0)
		say(diff, PLAN_METRICS, "metrics changed from %s to %s", before.text, after.text);
	buf_release(&before);
	buf_release(&after);
}

/* The length of the body up to its heading "Notes", without blanks at the end. */
static size_t hypothesis_length(const char *body)
{
	size_t len = strlen(body);

	for (const char *line = body, *next; *line; line = next) {
		size_t end = strcspn(line, "\n"), hashes = strspn(line, "#"), from = hashes;

		next = line + end + (line[end] != '\0');
		while (from < end && strchr(" \t", line[from]))
			from++;
		while (end > from && strchr("#: \t\r", line[end - 1]))
			end--;
		if (hashes && from > hashes && end - from == strlen("notes") &&
		    !strncasecmp(line + from, "notes", end - from)) {
			len = (size_t)(line - body);
			break;
		}
	}
	while (len && strchr(" \t\r\n", body[len - 1]))
		len--;
	return len;
}

static void diff_text(struct diff *diff, const struct experiment *from, const struct experiment *to)
{
	size_t before = hypothesis_length(from->body), after = hypothesis_length(to->body);

	if (!same(from->question, to->question))
		say(diff, PLAN_TEXT, "question changed");
	if (before != after || memcmp(from->body, to->body, after) != 0)
		say(diff, PLAN_TEXT, "text of the hypothesis changed");
}

int plan_diff(const struct experiment *from, const struct experiment *to,
	      int (*fn)(void *context, enum plan_item item, const char *what), void *context, struct error *err)
{
	struct diff diff = {fn, context, err, 0};

	diff_metrics(&diff, from, to);
	diff_criteria(&diff, from, to);
	diff_sentences(&diff, from, to);
	diff_expectations(&diff, from, to);
	diff_margins(&diff, from, to);
	diff_named(&diff, PLAN_CANDIDATE, "candidate", from->candidate, to->candidate);
	diff_named(&diff, PLAN_BASELINE, "baseline", from->baseline, to->baseline);
	diff_text(&diff, from, to);
	return diff.rc;
}

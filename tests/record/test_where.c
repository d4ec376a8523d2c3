/* Conditions on records. */
#include "check.h"

#include "record/where.h"

static const char record[] = "{\"schema\": 1, \"id\": \"20261124-103015-1111aaaaaa\", \"experiment\": \"churn\", "
			     "\"name\": \"deep tree\", \"kind\": "
			     "\"run\", \"status\": \"finished\", \"started\": \"2026-11-24T10:30:15Z\", \"exit\": 0, "
			     "\"usage\": {\"seconds\": 2.5}, "
			     "\"code\": {\"dirty\": true, \"branch\": \"main\"}, \"params\": {\"depth\": 6, \"rate\": "
			     "\"0.10\", \"opt.lr\": 0.01, "
			     "\"a b\": \"x\", \"list\": [1], \"none\": null}, \"tags\": {\"best so far\": \"yes\", "
			     "\"and\": \"or\"}, \"measured\": "
			     "{\"f1\": 0.85, \"auc\": \"NaN\"}, \"reported\": {\"f1\": 0.1, \"loss\": \"Infinity\"}}";

static const struct {
	const char *text;
	int holds;
} conditions[] = {
	{"metrics.f1 > 0.8", 1},
	{"metrics.f1 > 0.8 and params.depth <= 6", 1},
	{"metrics.f1>0.8 and params.depth<6", 0},
	{"reported.f1 = .1", 1},
	{"measured.f1 = 8.5e-1", 1},
	{"metrics.f1 > reported.f1", 1},
	{"metrics.f1 < reported.f1", 0},
	{"metrics.nothing > 0", 0},
	{"not metrics.nothing > 0", 1},
	{"metrics.nothing != 0", 0},
	{"metrics.auc = metrics.auc", 0},
	{"metrics.auc != 1", 1},
	{"metrics.auc < 1 or metrics.auc >= 1", 0},
	{"metrics.auc = NaN", 1},
	{"metrics.loss > 1e308", 1},
	{"status = finished", 1},
	{"status == \"finished\"", 1},
	{"status != failed", 1},
	{"name = \"deep tree\"", 1},
	{"exit = 0", 1},
	{"seed = 0", 0},
	{"usage.seconds >= 2.5", 1},
	{"code.dirty = true and code.branch = main", 1},
	{"started >= 2026-11-24 and started < 2026-11-25", 1},
	{"started > 2026-11-24T10:30:15Z", 0},
	{"params.opt.lr = 0.01", 1},
	{"params.\"opt.lr\" = 0.010", 1},
	{"params.\"a b\" = x", 1},
	{"params.rate = 0.10", 1}, /* text: by its bytes */
	{"params.rate = 0.1", 0},
	{"params.depth = \"6\"", 1},
	{"params.list = 1", 0},
	{"params.none = null", 0},
	{"tags.\"best so far\" = yes", 1},
	{"tags.and = or", 1},
	{"status = failed or kind = run and metrics.f1 > 0.8", 1},
	{"(status = failed or kind = run) and metrics.f1 > 0.9", 0},
	{"not (status = failed or metrics.f1 < 0.8)", 1},
	{"not not status = finished", 1},
	{"not status = failed and not status = killed", 1},
};

static void a_condition_holds_or_not(void **state)
{
	struct run run = {0};
	struct error err = {0};

	(void)state;
	check_ok(run_parse(&run, record, strlen(record), "r", &err), err);
	for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++) {
		struct where *where = NULL;
		int rc = where_parse(&where, conditions[i].text, &err);

		if (rc < 0)
			fail_msg("%s: %s", conditions[i].text, err.text);
		if (where_holds(where, &run) != conditions[i].holds)
			fail_msg("%s does not give %d", conditions[i].text, conditions[i].holds);
		where_free(where);
	}
	run_release(&run);
}

static const struct {
	const char *text, *error, *hint;
} mistakes[] = {
	{"", "column 1: a field such as metrics.f1 is expected at the end", ""},
	{"metrics.f1 >", "column 13: a value is expected at the end", ""},
	{"metrics.f1 0.8", "column 12: one of = != < <= > >= is expected, not '0.8'", ""},
	{"metrics.f1 > 0.8 params.d = 1", "column 18: 'and', 'or' or the end is expected, not 'params.d'", ""},
	{"(metrics.f1 > 0.8", "column 18: ')', 'and' or 'or' is expected at the end", ""},
	{"metrics.f1 > 0.8)", "column 17: 'and', 'or' or the end is expected, not ')'", ""},
	{"metrics. > 1", "column 10: a name behind the dot is expected, not '>'", ""},
	{"params.\"a > 1", "column 8: the quote that begins here is not closed", ""},
	{"params.\"a\"b > 1", "column 11: a comparison is expected, not 'b'", ""},
	{"f1 > 0.8", "column 1: a record has no value 'f1'", "did you mean metrics.f1?"},
	{"not statsu = finished", "column 5: a record has no value 'statsu'", "did you mean status?"},
	{"metric.f1 > 1", "column 1: a record has no value 'metric.f1'", "did you mean metrics?"},
	{"comparison = 1", "column 1: a record has no value 'comparison'",
	 "fields are metrics.NAME, params.NAME, tags.NAME, and keys of the record: status, kind, started, "
	 "usage.seconds, "
	 "code.commit ..."},
	{"params.\"\xc3\xa4\" = 1 x", "column 16: 'and', 'or' or the end is expected, not 'x'", ""},
};

static void a_mistake_is_named_with_its_column(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct where *where = NULL;
		struct error err = {0};

		assert_int_equal(where_parse(&where, mistakes[i].text, &err), ERR_INPUT);
		assert_string_equal(err.text, mistakes[i].error);
		assert_string_equal(err.hint, mistakes[i].hint);
		assert_null(where);
	}
}

static void nesting_has_an_end(void **state)
{
	char text[4096];
	struct where *where = NULL;
	struct error err = {0};

	(void)state;
	memset(text, '(', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(where_parse(&where, text, &err), ERR_INPUT);
	assert_non_null(strstr(err.text, "nested too deep"));
}

/* Texts made of pieces in any order: each is refused with a message or holds a value, and none reads past its end. */
static void no_text_breaks_the_parser(void **state)
{
	static const char *const pieces[] = {"metrics.", "f1",     " ",   "=",    "!=", "<",  "(",
					     ")",        "and ",   "or ", "not ", "\"", "\\", "0.8",
					     "params.",  "status", ".",   "\xff", "e",  "-"};
	enum { PIECES = sizeof(pieces) / sizeof(*pieces), TEXTS = 20000 };
	unsigned random = 1;
	struct run run = {0};
	struct error err = {0};
	size_t parsed = 0;

	(void)state;
	check_ok(run_parse(&run, record, strlen(record), "r", &err), err);
	for (int i = 0; i < TEXTS; i++) {
		struct where *where = NULL;
		struct buf text = BUF_INIT;
		int n = 1 + i % 12, rc;

		while (n--) {
			random = random * 1103515245U + 12345U;
			buf_puts(&text, pieces[(random >> 16) % PIECES]);
		}
		error_clear(&err);
		rc = where_parse(&where, text.text, &err);
		if (rc == 0)
			assert_in_range(where_holds(where, &run), 0, 1);
		else
			assert_true(rc == ERR_INPUT && !strncmp(err.text, "column ", 7));
		parsed += rc == 0;
		where_free(where);
		buf_release(&text);
	}
	assert_true(parsed > 0 && parsed < TEXTS);
	run_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_holds_or_not),
		cmocka_unit_test(a_mistake_is_named_with_its_column),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(no_text_breaks_the_parser),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

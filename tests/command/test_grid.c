/* Tables, wrapped text and figures on the terminal. */
#include "check.h"

#include "command/figure.h"
#include "command/grid.h"

#include <string.h>

static const struct terminal pipe_like = {0};

static struct grid *sample(void)
{
	struct grid *grid = grid_new();

	assert_non_null(grid);
	grid_column(grid, "name", GRID_LEFT, 0);
	grid_column(grid, "f1", GRID_POINT, 0);
	grid_column(grid, "rows", GRID_RIGHT, 2);
	grid_cell(grid, "majority", PAINT_NONE);
	grid_cell(grid, "0", PAINT_NONE);
	grid_cell(grid, "7", PAINT_NONE);
	grid_cell(grid, "r\xc3\xa9gression logistique", PAINT_NONE);
	grid_cell(grid, "12.625", PAINT_NONE);
	grid_cell(grid, "1,409", PAINT_NONE);
	return grid;
}

static void check_grid(struct grid *grid, const struct terminal *terminal, size_t indent, const char *want)
{
	struct buf out = BUF_INIT;
	struct error err = {0};

	check_ok(grid_write(&out, grid, terminal, indent, "--json has all", &err), err);
	assert_string_equal(out.text, want);
	buf_release(&out);
	grid_free(grid);
}

static void numbers_stand_on_their_point_and_names_by_their_width(void **state)
{
	(void)state;
	check_grid(sample(), &pipe_like, 2,
		   "  name                       f1   rows\n"
		   "  majority                0          7\n"
		   "  r\xc3\xa9gression logistique  12.625  1,409\n");
}

static void a_narrow_terminal_breaks_names_then_leaves_out_columns_and_says_so(void **state)
{
	const struct terminal middle = {.is_terminal = 1, .columns = 30}, narrow = {.is_terminal = 1, .columns = 23};

	(void)state;
	check_grid(sample(), &middle, 0,
		   "name                 f1   rows\n"
		   "majority          0          7\n"
		   "r\xc3\xa9gression       12.625  1,409\n"
		   "logistique\n");
	check_grid(sample(), &narrow, 0,
		   "name                 f1\n"
		   "majority          0\n"
		   "r\xc3\xa9gression       12.625\n"
		   "logistique\n"
		   "rows: left out, the\n"
		   "terminal is narrow;\n"
		   "--json has all\n");
}

static void cells_cannot_speak_to_the_terminal(void **state)
{
	struct grid *grid = grid_new();
	struct buf out = BUF_INIT;
	struct error err = {0};

	(void)state;
	grid_column(grid, "na\033[2Jme", GRID_LEFT, 0);
	grid_cell(grid, "a\033]0;x\007b\nc", PAINT_NONE);
	check_ok(grid_write(&out, grid, &pipe_like, 0, "", &err), err);
	assert_null(strchr(out.text, '\033'));
	assert_null(strchr(out.text, '\007'));
	assert_int_equal(strspn(strchr(out.text, '\n') + 1, "\n"), 0);
	buf_release(&out);
	grid_free(grid);
}

static void colour_comes_only_where_it_is_wanted(void **state)
{
	const struct terminal colour = {.is_terminal = 1, .columns = 80, .colour = 1};
	struct buf out = BUF_INIT;

	(void)state;
	terminal_paint(&out, &pipe_like, PAINT_GOOD, "better");
	assert_string_equal(out.text, "better");
	terminal_paint(&out, &colour, PAINT_GOOD, "better");
	assert_string_equal(out.text, "better\033[32mbetter\033[0m");
	buf_release(&out);
}

static void text_is_broken_at_blanks_and_long_words_stand_alone(void **state)
{
	struct buf out = BUF_INIT;

	(void)state;
	terminal_wrap(&out, "one two three fourteencharacters five", 4, 2, 12);
	assert_string_equal(out.text, "one two\n  three\n  fourteencharacters\n  five");
	buf_release(&out);
}

/* `want` is what the call before left in out. */
static void check_text(struct buf *out, const char *want)
{
	assert_string_equal(out->text, want);
	buf_clear(out);
}

static void figures_read_as_people_write_them(void **state)
{
	struct buf out = BUF_INIT;
	json_t *pair = json_pack("[f, f]", -0.0134, 0.0512);

	(void)state;
	figure_score(&out, "f1", 0.66349, 1);
	check_text(&out, "0.663");
	figure_score(&out, "f1", -0.0001, 1);
	check_text(&out, "0.000");
	figure_score(&out, "latency_ms", 0.012345, 1);
	check_text(&out, "0.0123 ms");
	figure_score(&out, "fit_seconds", 1234.4, 0);
	check_text(&out, "1234");
	figure_difference(&out, "f1", 0.0272);
	check_text(&out, "+0.027");
	figure_difference(&out, "f1", -0.145);
	check_text(&out, "-0.145");
	figure_difference(&out, "f1", 0);
	check_text(&out, "0.000");
	figure_interval(&out, "f1", pair);
	check_text(&out, "[-0.013, 0.051]");
	figure_interval(&out, "f1", NULL);
	check_text(&out, "");
	figure_count(&out, 1234567);
	check_text(&out, "1,234,567");
	figure_count(&out, 999);
	check_text(&out, "999");
	figure_bytes(&out, 901161);
	check_text(&out, "901 kB");
	figure_bytes(&out, 999);
	check_text(&out, "999 bytes");
	json_decref(pair);
	buf_release(&out);
}

static void ages_are_said_in_words_until_a_date_says_more(void **state)
{
	struct buf out = BUF_INIT;
	const time_t now = 1795521600; /* 2026-11-24T12:00:00Z */

	(void)state;
	figure_age(&out, "2026-11-24T11:59:30Z", now);
	check_text(&out, "just now");
	figure_age(&out, "2026-11-24T11:55:00Z", now);
	check_text(&out, "5 min ago");
	figure_age(&out, "2026-11-22T11:00:00Z", now);
	check_text(&out, "2 days ago");
	figure_age(&out, "2026-01-02T11:00:00Z", now);
	check_text(&out, "2026-01-02");
	figure_age(&out, "2026-12-02T11:00:00Z", now);
	check_text(&out, "2026-12-02");
	figure_age(&out, "yesterday", now);
	check_text(&out, "yesterday");
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_stand_on_their_point_and_names_by_their_width),
		cmocka_unit_test(a_narrow_terminal_breaks_names_then_leaves_out_columns_and_says_so),
		cmocka_unit_test(cells_cannot_speak_to_the_terminal),
		cmocka_unit_test(colour_comes_only_where_it_is_wanted),
		cmocka_unit_test(text_is_broken_at_blanks_and_long_words_stand_alone),
		cmocka_unit_test(figures_read_as_people_write_them),
		cmocka_unit_test(ages_are_said_in_words_until_a_date_says_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "simulate/panel.h"

#include "judge/judge.h"

#include <math.h>
#include <string.h>

void panel_add(struct panel *panel, size_t metric, size_t family)
{
	panel->metric[panel->n] = judged[metric];
	panel->families[panel->n] = family_size[family];
	panel->of[panel->n] = metric;
	panel->in[panel->n] = family;
	panel->n++;
}

void panel_all(struct panel *panel, int ranking)
{
	panel->n = 0;
	for (size_t f = 0; f < FAMILIES; f++)
		for (size_t m = 0; m < RATE_METRICS; m++)
			if (ranking || judged[m]->kind != METRIC_RANKING)
				panel_add(panel, m, f);
}

const char *panel_word(const struct panel *panel, size_t i, double margin)
{
	const struct paired *p = &panel->got[i];

	if (!p->defined)
		return "";
	return judge_verdict(p->corrected_low, p->corrected_high, p->tost_low, p->tost_high, margin, p->too_few,
			     p->metric->better == BETTER_LOWER);
}

void panel_undefined(struct panel *panel)
{
	for (size_t i = 0; i < panel->n; i++)
		panel->got[i].defined = 0;
}

static int is(const char *word, const char *other)
{
	return strcmp(word, other) == 0;
}

void panel_count_winners(struct outcome *out, const struct panel *panel)
{
	for (size_t i = 0; i < panel->n; i++) {
		const char *word = panel_word(panel, i, NAN);

		outcome_count(out, CLAIM_WINNER, panel->in[i], panel->of[i], is(word, "better") || is(word, "worse"));
	}
}

void panel_count_margin(struct outcome *out, const struct panel *panel, const double *margin)
{
	for (size_t i = 0; i < panel->n; i++) {
		const char *word = panel_word(panel, i, margin[panel->of[i]]);
		int equivalent = is(word, "equivalent");

		outcome_count(out, CLAIM_EQUIVALENT, panel->in[i], panel->of[i], equivalent);
		outcome_count(out, CLAIM_NOT_WORSE, panel->in[i], panel->of[i],
			      equivalent || is(word, "not_worse") || is(word, "better"));
	}
}

void panel_count_power(struct outcome *out, const struct panel *panel, enum claim claim)
{
	for (size_t i = 0; i < panel->n; i++)
		outcome_count(out, claim, panel->in[i], panel->of[i], is(panel_word(panel, i, NAN), "better"));
}

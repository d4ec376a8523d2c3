#include "judge/words.h"

#include <stddef.h>
#include <string.h>

enum { MODEL, RECIPE, CHANGE, SCOPES };

static int scope_of(const char *scope)
{
	if (scope && strcmp(scope, "recipe") == 0)
		return RECIPE;
	return scope && strcmp(scope, "change") == 0 ? CHANGE : MODEL;
}

const char *judge_words(const char *scope, const char *verdict)
{
	static const struct {
		const char *verdict, *words[SCOPES];
	} table[] = {
		{"better",
		 {"this model is better; training noise unknown", "this recipe is better, on this training set",
		  "this change is better"}},
		{"worse",
		 {"this model is worse; training noise unknown", "this recipe is worse, on this training set",
		  "this change is worse"}},
		{"equivalent",
		 {"these models are equivalent; training noise unknown",
		  "these recipes are equivalent, on this training set",
		  "this change makes no difference that matters"}},
		{"not_worse",
		 {"this model is not worse; training noise unknown", "this recipe is not worse, on this training set",
		  "this change makes it not worse"}},
		{"undecided",
		 {"no difference between these models shown", "no difference between these recipes shown",
		  "no effect of this change shown"}},
		{"too_few",
		 {"too few rows to judge these models", "too few rows to judge these recipes",
		  "too few rows to judge this change"}},
	};

	for (size_t i = 0; verdict && i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].verdict, verdict) == 0)
			return table[i].words[scope_of(scope)];
	return NULL;
}

const char *judge_scope_sentence(const char *scope)
{
	static const char *const sentences[] = {"This is about one trained model: training noise is unknown.",
						"It holds for the recipe, on this training set.",
						"It holds for the change."};

	return sentences[scope_of(scope)];
}

const char *judge_scope_varies(const char *scope)
{
	static const char *const varies[] = {"test rows", "test rows and seeds", "test and training rows"};

	return varies[scope_of(scope)];
}

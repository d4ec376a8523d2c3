/* What a verdict claims, in words: always of its scope, and never more than that. */
#ifndef ASSAY_JUDGE_WORDS_H
#define ASSAY_JUDGE_WORDS_H

/*
 * "this model is better; training noise unknown", "this recipe is better, on this training set", "this change is better";
 * "no difference shown between the models", ... scope: model, recipe, change (anything else is taken for model); verdict as in
 * the record. NULL for a verdict that there is not. Static.
 */
const char *judge_words(const char *scope, const char *verdict);

/*
 * The scope as a sentence behind one that has said the verdict: "This is about one trained model: training noise is unknown.",
 * "It holds for the recipe, on this training set.", "It holds for the change." Static.
 */
const char *judge_scope_sentence(const char *scope);

/* What varied behind a verdict of this scope: "test rows", "test rows and seeds", "test and training rows". Static. */
const char *judge_scope_varies(const char *scope);

#endif

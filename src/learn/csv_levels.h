/* The levels of a category column out of what its readers met: sorted by bytes, each once. */
#ifndef ASSAY_LEARN_CSV_LEVELS_H
#define ASSAY_LEARN_CSV_LEVELS_H

#include "learn/dictionary.h"
#include "learn/table.h"

/*
 * Give column its level, levels and level_text: the texts of all dictionaries but those that mean missing.
 * final[d][code] becomes the level of a code of dictionary d; where it is missing, nothing is written. 0 or ERR_NOMEM.
 */
MUST_CHECK int csv_levels_make(struct column *column, const struct dictionary *const *dictionary, size_t dictionaries,
			       const char *const *missing, int32_t *const *final);

#endif

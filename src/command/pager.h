/* Long output on a terminal through the user's pager, as git chooses it. */
#ifndef ASSAY_COMMAND_PAGER_H
#define ASSAY_COMMAND_PAGER_H

#include "base/buf.h"

/*
 * Print text to stdout: through the pager where stdout is a terminal, the text is longer than it is high, and `off` is 0; what git
 * itself would take (GIT_PAGER, core.pager, PAGER, less with FRX). A pager that cannot be started costs nothing: the text is printed.
 */
void pager_print(const struct buf *text, int off);

#endif

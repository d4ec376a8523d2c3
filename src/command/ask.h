/* A question before something that cannot be taken back: on a terminal only, never on a pipe. */
#ifndef ASSAY_COMMAND_ASK_H
#define ASSAY_COMMAND_ASK_H

/*
 * 1 to go on: --yes was given (`yes`), or somebody at the terminal says so. On a pipe 0, with a word on stderr that
 * --yes is the way. question: without its "[y/N]".
 */
int ask(const char *question, int yes);

#endif

/*
 * libgit2's memory. Where a small allocation fails, libgit2 1.5 follows null pointers or calls itself without end for want of
 * memory for its error. So the program ends there, with a message and exit 3: a run under way is on disk, and the next
 * command records it, as after any other death.
 */
#ifndef ASSAY_STORE_MEMORY_H
#define ASSAY_STORE_MEMORY_H

/* Give libgit2 allocators of which this is true: before git_libgit2_init(). 0, or libgit2's code. */
int memory_guard_libgit2(void);

#endif

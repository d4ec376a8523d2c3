/*
 * Functions whose loops gain from wider vectors than every x86-64 has: compiled twice, chosen when the program starts.
 * They do the same operations in the same order, so that the bits do not depend on the machine.
 */
#ifndef ASSAY_STATS_WIDE_H
#define ASSAY_STATS_WIDE_H

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define WIDE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define WIDE_CLONES
#endif

#endif

/* How much the figures of one command vary when nothing but its seed, or its split, does: from the records of a repeated run. */
#ifndef ASSAY_JUDGE_NOISE_H
#define ASSAY_JUDGE_NOISE_H

#include "record/repetition.h"

struct noise_metric {
	const char *name; /* borrowed from the first child's record */
	int measured; /* 0: the command said it of itself */
	double mean, sd; /* over the repetitions */
	double sd_low, sd_high; /* 95 %, by chi-square: exact where the figures are normal */
	double rows_half; /* half of the 95 % interval that the test rows of one run give, mean over the runs; NaN: none */
	/*
	 * Two single runs that differ by more than this differ by more than repetition alone explains: t(n - 1) at 97.5 % x
	 * sd x sqrt(2), the prediction interval of a difference whose spread is estimated from n figures.
	 */
	double least;
	int same; /* every repetition gave the same figure */
};

struct noise {
	enum repetition
		of; /* what varied: the seed alone, or the split: training rows, test rows, and the seed where the command
	                       draws one of its own */
	size_t repetitions; /* that finished */
	int same; /* no metric but timings varies: the seed changes nothing here */
	struct noise_metric *metric; /* [n] measured first, each by name; timings left out */
	size_t n;
};

/*
 * From a parent and its children [n] (those that have not finished are passed over). ERR_INPUT: it is no parent, or fewer than
 * two finished, or they have no figure in common. Ended by noise_release().
 */
MUST_CHECK int judge_noise(struct noise *out, const struct run *parent, const struct run *const *child, size_t n,
			   struct error *err);
void noise_release(struct noise *noise);

#endif

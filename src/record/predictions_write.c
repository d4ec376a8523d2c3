/*
 * predictions.csv written. Where not all rows may stay, the hash of the id says which do: runs on the same data keep the
 * same rows and stay comparable in pairs. A rare class would lose the rows that decide: all of them stay, up to half of the
 * room, and weights say what each row stands for.
 */
#include "record/evaluation.h"
#include "base/hash.h"
#include "base/mem.h"

#include <math.h>
#include <stdint.h>

#define RARE 0.05
#define WEIGHT_ROOM 20 /* bytes for ",weight" in a line, whatever the weight */

struct candidate { /* many: no more than is needed before most of them are dropped */
	unsigned long long order; /* by the hash of the id, or of the unit */
	uint32_t row, line; /* line: its place in the stratum's */
};

struct line {
	size_t start, len; /* in `lines` */
};

/* The rows of one stratum: the rarer class, or all others (all rows where no class is rare). */
struct stratum {
	struct candidate *item;
	struct line *line; /* of the items that may stay */
	size_t n;
	double rows; /* before any were left out */
};

struct writer {
	const struct predictions *p;
	char *const *class_name;
	char *const *id;
	const struct predictions_options *options;
	struct buf lines;
	struct stratum rare, other;
	int weighted; /* 1: there is a column `weight` */
};

static void put_score(struct buf *out, double score)
{
	buf_printf(out, ",%.7g", score);
}

static void put_text(struct buf *out, const char *text)
{
	buf_csv(out, text, strlen(text));
}

static void put_header(struct buf *out, const struct writer *w)
{
	const struct predictions *p = w->p;
	struct buf name = BUF_INIT;

	buf_puts(out, p->y_true ? "id,y_true" : "id");
	buf_puts(out, p->y_true && p->y_pred ? ",y_pred" : "");
	if (p->score && p->positive >= 0)
		buf_puts(out, ",score");
	for (int i = 0; p->score && p->positive < 0 && i < p->classes; i++) {
		buf_clear(&name);
		buf_printf(&name, "score_%s", w->class_name[i]);
		if (name.failed)
			out->failed = 1;
		buf_putc(out, ',');
		buf_csv(out, name.text, name.len);
	}
	for (const char *const *further = w->options->further; further && *further; further++) {
		buf_putc(out, ',');
		put_text(out, *further);
	}
	buf_puts(out, w->weighted ? ",weight\n" : "\n");
	buf_release(&name);
}

/* A row without weight and newline. */
static void put_row(struct buf *out, const struct writer *w, size_t row)
{
	const struct predictions *p = w->p;
	const double *score = p->score ? p->score + row * (size_t)p->classes : NULL;

	put_text(out, w->id[row]);
	if (p->y_true) {
		buf_putc(out, ',');
		put_text(out, w->class_name[p->y_true[row]]);
	}
	if (p->y_true && p->y_pred) {
		buf_putc(out, ',');
		put_text(out, w->class_name[p->y_pred[row]]);
	}
	if (score && p->positive >= 0)
		put_score(out, score[p->positive]);
	for (int i = 0; score && p->positive < 0 && i < p->classes; i++)
		put_score(out, score[i]);
	if (w->options->further)
		w->options->put_further(out, w->options->context, row);
}

static int by_order(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->row < y->row ? -1 : x->row > y->row;
}

static int by_row(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return x->row < y->row ? -1 : x->row > y->row;
}

/* The class with the fewest rows, of those that have any, if it is rarer than RARE; else `classes`, a code of no row. */
static int rare_class(const struct predictions *p, struct error *err)
{
	size_t *rows;
	int rarest = -1, rare;

	if (!p->y_true)
		return p->classes;
	rows = mem_zeroed((size_t)p->classes, sizeof(*rows));
	if (!rows)
		return error_nomem(err);
	for (size_t i = 0; i < p->n; i++)
		rows[p->y_true[i]]++;
	for (int i = 0; i < p->classes; i++)
		if (rows[i] && (rarest < 0 || rows[i] < rows[rarest]))
			rarest = i;
	rare = rarest >= 0 && (double)rows[rarest] < RARE * (double)p->n;
	free(rows);
	return rare ? rarest : p->classes;
}

/*
 * Keep the `most` rows with the smallest hashes, in their order. Hashes are even: counting their first bits finds a bound
 * that little more than `most` of them lie below, and only those are sorted.
 */
static void keep_smallest(struct stratum *s, size_t most)
{
	enum { BITS = 12 };
	size_t count[1 << BITS] = {0}, below = 0, n = 0;
	unsigned long long bound = 0;

	s->rows = (double)s->n;
	for (size_t i = 0; i < s->n; i++)
		count[s->item[i].order >> (64 - BITS)]++;
	while (below < most && below < s->n)
		below += count[bound++];
	for (size_t i = 0; i < s->n; i++)
		if (s->item[i].order >> (64 - BITS) < bound)
			s->item[n++] = s->item[i];
	if (n)
		qsort(s->item, n, sizeof(*s->item), by_order);
	s->n = n < most ? n : most;
}

/* Deal the rows out to the strata, in the order of their hashes, and drop what can never stay. */
static int deal(struct writer *w, size_t limit, struct error *err)
{
	const struct predictions *p = w->p;
	struct hash *hash = NULL;
	int rare = rare_class(p, err), rc = 0;

	if (rare < 0)
		return rare;
	w->rare.item = mem_array(p->n, sizeof(*w->rare.item));
	w->other.item = mem_array(p->n, sizeof(*w->other.item));
	hash = hash_new();
	if (!w->rare.item || !w->other.item || !hash)
		rc = error_nomem(err);
	for (size_t i = 0; i < p->n && !rc; i++) {
		struct stratum *s = p->y_true && p->y_true[i] == rare ? &w->rare : &w->other;
		struct candidate *c = &s->item[s->n++];
		const char *unit = NULL;
		size_t len = 0;

		c->row = (uint32_t)i;
		if (w->options->unit)
			unit = w->options->unit(w->options->context, i, &len);
		rc = hash_order(&c->order, hash, unit ? unit : w->id[i], unit ? len : strlen(w->id[i]), err);
	}
	hash_end(hash, NULL);
	if (!rc) {
		keep_smallest(&w->rare, limit / 2);
		keep_smallest(&w->other, limit);
	}
	return rc;
}

static int write_lines(struct writer *w, struct stratum *s, struct error *err)
{
	s->line = mem_array(s->n, sizeof(*s->line));
	if (!s->line)
		return error_nomem(err);
	for (size_t i = 0; i < s->n; i++) {
		s->item[i].line = (uint32_t)i;
		s->line[i].start = w->lines.len;
		put_row(&w->lines, w, s->item[i].row);
		s->line[i].len = w->lines.len - s->line[i].start;
	}
	return 0;
}

/* Shares of a file of k rows. */
static void shares(size_t *rare, size_t *other, const struct writer *w, size_t k)
{
	*rare = w->rare.n < k / 2 ? w->rare.n : k / 2;
	*other = w->other.n < k - *rare ? w->other.n : k - *rare;
}

/* sum[i]: bytes of the first i lines. The caller's; NULL without memory. */
static size_t *line_sums(const struct stratum *s)
{
	size_t *sum = mem_zeroed(s->n + 1, sizeof(*sum));

	for (size_t i = 0; sum && i < s->n; i++)
		sum[i + 1] = sum[i] + s->line[i].len + 1 + WEIGHT_ROOM;
	return sum;
}

/* Keep the most rows, up to limit, whose lines fit into `bytes`: both strata only grow with k, so halving finds it. */
static int fit(struct writer *w, size_t limit, size_t bytes, struct error *err)
{
	size_t *rare_sum = line_sums(&w->rare), *other_sum = line_sums(&w->other);
	size_t low = 0, high = limit, rare, other;
	int rc = rare_sum && other_sum ? 0 : error_nomem(err);

	while (!rc && low < high) {
		size_t k = high - (high - low) / 2;

		shares(&rare, &other, w, k);
		if (rare_sum[rare] + other_sum[other] <= bytes)
			low = k;
		else
			high = k - 1;
	}
	shares(&rare, &other, w, low);
	w->rare.n = rare;
	w->other.n = other;
	free(rare_sum);
	free(other_sum);
	return rc;
}

static void put_sampled(struct buf *out, const struct writer *w, const struct stratum *s, size_t i, double stands_for)
{
	const struct candidate *c = &s->item[i];
	const struct line *line = &s->line[c->line];

	buf_put(out, w->lines.text + line->start, line->len);
	if (w->weighted)
		put_score(out, (w->p->weight ? w->p->weight[c->row] : 1) * stands_for);
	buf_putc(out, '\n');
}

/* Both strata in the order of the rows, each row with what it stands for. */
static void merge(struct buf *out, struct writer *w)
{
	struct stratum *r = &w->rare, *o = &w->other;
	double rare_weight = r->n ? r->rows / (double)r->n : 1,
	       other_weight = r->n && o->n ? o->rows / (double)o->n : 1;
	size_t i = 0, j = 0;

	if (r->n)
		qsort(r->item, r->n, sizeof(*r->item), by_row);
	if (o->n)
		qsort(o->item, o->n, sizeof(*o->item), by_row);
	while (i < r->n || j < o->n)
		if (j == o->n || (i < r->n && r->item[i].row < o->item[j].row))
			put_sampled(out, w, r, i++, rare_weight);
		else
			put_sampled(out, w, o, j++, other_weight);
}

static int write_sample(struct buf *out, size_t *kept, struct writer *w, const struct predictions_options *options,
			struct error *err)
{
	size_t limit = options->rows < w->p->n ? options->rows : w->p->n, start = out->len;
	int rc = deal(w, limit, err);

	if (rc < 0)
		return rc;
	rc = write_lines(w, &w->rare, err);
	if (!rc)
		rc = write_lines(w, &w->other, err);
	if (!rc)
		rc = buf_check(&w->lines, err);
	if (rc < 0)
		return rc;
	w->weighted = w->p->weight || w->rare.n;
	put_header(out, w);
	rc = fit(w, limit, options->bytes > out->len - start ? options->bytes - (out->len - start) : 0, err);
	if (rc < 0)
		return rc;
	merge(out, w);
	*kept = w->rare.n + w->other.n;
	return 0;
}

static void write_all(struct buf *out, const struct writer *w)
{
	const struct predictions *p = w->p;

	put_header(out, w);
	for (size_t i = 0; i < p->n; i++) {
		put_row(out, w, i);
		if (w->weighted)
			put_score(out, p->weight[i]);
		buf_putc(out, '\n');
	}
}

int predictions_write(struct buf *out, size_t *kept, const struct predictions *p, char *const *class_name,
		      char *const *id, const struct predictions_options *options, struct error *err)
{
	struct writer w = {.p = p,
			   .class_name = class_name,
			   .id = id,
			   .options = options,
			   .lines = BUF_INIT,
			   .weighted = p->weight != NULL};
	size_t start = out->len;
	int rc = 0;

	*kept = p->n;
	if (p->n <= options->rows)
		write_all(out, &w);
	if (p->n > options->rows || out->len - start > options->bytes) {
		if (out->len > start) {
			out->len = start;
			out->text[start] = '\0';
		}
		rc = write_sample(out, kept, &w, options, err);
	}
	buf_release(&w.lines);
	free(w.rare.item);
	free(w.other.item);
	free(w.rare.line);
	free(w.other.line);
	return rc ? rc : buf_check(out, err);
}

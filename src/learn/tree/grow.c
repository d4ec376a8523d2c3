#include "learn/tree/grow.h"

#include "base/mem.h"
#include "base/random.h"

#include <math.h>

#define PENDING 64 /* the larger child waits, so that no more than log2(rows) do */

struct pending {
	uint32_t begin, end; /* in buffer `side` */
	uint32_t node;
	uint32_t side;
	uint64_t path; /* names the random stream */
};

struct split {
	double gain; /* below 0: none */
	uint32_t column;
	uint8_t from, span;
};

struct grower {
	const struct grow_rows *rows;
	uint8_t *weight; /* [n] times that a row was drawn */
	uint8_t *record[2]; /* narrow: [n x stride] */
	uint32_t *row[2]; /* wide: [n] */
	uint32_t *packed; /* wide: [n] weight and class */
	uint32_t *histogram; /* [BINS x classes] */
	uint32_t *order; /* [features] a permutation, the identity between nodes */
	uint32_t *swapped; /* [features] what undoes it */
	uint32_t *waiting; /* [PENDING x classes] class weights of the pending nodes */
	uint32_t *total, *left, *best_left; /* [classes] of the node being split */
	struct tree tree;
	size_t nodes_cap, shares_cap;
};

/* weight and class of a record in one word: class 1's weight for two classes, the class itself for more */
static inline uint32_t pack(uint32_t weight, uint32_t label, int classes)
{
	return classes == 2 ? weight | (label ? weight << 16 : 0) : weight | label << 16;
}

static inline uint32_t load32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static inline uint32_t weight_of(uint32_t packed)
{
	return packed & 0xffff;
}

int grow_rows_make(struct grow_rows **out, const struct bins *bins, const uint8_t *byte, const uint32_t *pick,
		   const uint16_t *label, size_t n, int classes, struct error *err)
{
	struct grow_rows *made = mem_zeroed(1, sizeof(*made));
	size_t d = bins->columns;

	if (!made)
		return error_nomem(err);
	*made = (struct grow_rows){.bins = bins, .n = n, .classes = classes};
	made->tried = (size_t)sqrt((double)bins->features);
	made->tried = made->tried ? made->tried : 1;
	made->stride = d <= GROW_NARROW ? (d + 4 + 15) / 16 * 16 : 0;
	made->byte = mem_aligned(n, made->stride ? made->stride : d);
	made->label = mem_array(n, sizeof(*made->label));
	if (!made->byte || !made->label) {
		grow_rows_free(made);
		return error_nomem(err);
	}
	memcpy(made->label, label, n * sizeof(*label));
	for (size_t i = 0; i < n; i++) {
		const uint8_t *from = byte + pick[i] * d;

		if (made->stride) {
			memset(made->byte + i * made->stride, 0, made->stride);
			memcpy(made->byte + i * made->stride, from, d);
			continue;
		}
		for (size_t c = 0; c < d; c++)
			made->byte[c * n + i] = from[c];
	}
	*out = made;
	return 0;
}

void grow_rows_free(struct grow_rows *rows)
{
	if (!rows)
		return;
	free(rows->byte);
	free(rows->label);
	free(rows);
}

int grower_new(struct grower **out, const struct grow_rows *rows, struct error *err)
{
	struct grower *g = mem_zeroed(1, sizeof(*g));
	size_t classes = (size_t)rows->classes, features = rows->bins->features;
	int whole;

	if (!g)
		return error_nomem(err);
	g->rows = rows;
	g->weight = mem_array(rows->n, 1);
	g->histogram = mem_aligned(BINS * classes, sizeof(*g->histogram));
	g->order = mem_array(features, sizeof(*g->order));
	g->swapped = mem_array(features, sizeof(*g->swapped));
	g->waiting = mem_array(PENDING * classes, sizeof(*g->waiting));
	g->total = mem_array(classes, sizeof(*g->total));
	g->left = mem_array(classes, sizeof(*g->left));
	g->best_left = mem_array(classes, sizeof(*g->best_left));
	whole = g->weight && g->histogram && g->order && g->swapped && g->waiting && g->total && g->left &&
		g->best_left;
	for (int side = 0; side < 2; side++) {
		g->record[side] = rows->stride ? mem_aligned(rows->n, rows->stride) : NULL;
		g->row[side] = rows->stride ? NULL : mem_array(rows->n, sizeof(*g->row[side]));
		whole = whole && (g->record[side] || g->row[side]);
	}
	g->packed = rows->stride ? NULL : mem_array(rows->n, sizeof(*g->packed));
	if (!whole || (!rows->stride && !g->packed)) {
		grower_free(g);
		return error_nomem(err);
	}
	for (size_t f = 0; f < features; f++)
		g->order[f] = (uint32_t)f;
	*out = g;
	return 0;
}

void grower_free(struct grower *grower)
{
	if (!grower)
		return;
	for (int side = 0; side < 2; side++) {
		free(grower->record[side]);
		free(grower->row[side]);
	}
	free(grower->weight);
	free(grower->packed);
	free(grower->histogram);
	free(grower->order);
	free(grower->swapped);
	free(grower->waiting);
	free(grower->total);
	free(grower->left);
	free(grower->best_left);
	tree_release(&grower->tree);
	free(grower);
}

/* Draw n rows with replacement and put the ones that came into buffer 0. Returns how many. */
static size_t bootstrap(struct grower *g, uint64_t seed, uint64_t number)
{
	const struct grow_rows *rows = g->rows;
	struct random random;
	size_t kept = 0;

	random_init(&random, seed, number);
	memset(g->weight, 0, rows->n);
	memset(g->total, 0, (size_t)rows->classes * sizeof(*g->total));
	for (size_t i = 0; i < rows->n; i++) {
		size_t at = random_below(&random, rows->n);

		g->weight[at] += g->weight[at] < 255;
	}
	for (size_t i = 0; i < rows->n; i++) {
		uint32_t packed = pack(g->weight[i], rows->label[i], rows->classes);

		if (!g->weight[i])
			continue;
		g->total[rows->label[i]] += g->weight[i];
		if (rows->stride) {
			uint8_t *to = g->record[0] + kept * rows->stride;

			memcpy(to, rows->byte + i * rows->stride, rows->stride);
			memcpy(to + rows->stride - 4, &packed, 4);
		} else {
			g->row[0][kept] = (uint32_t)i;
			g->packed[i] = packed;
		}
		kept++;
	}
	return kept;
}

/* A view of one column of the rows of a node: byte and packed word of the i-th. */
struct view {
	const uint8_t *byte, *packed;
	const uint32_t *row; /* wide */
	size_t stride;
};

static inline struct view view_of(const struct grower *g, const struct pending *node, uint32_t column)
{
	const struct grow_rows *rows = g->rows;

	if (rows->stride) {
		const uint8_t *base = g->record[node->side] + node->begin * rows->stride;

		return (struct view){base + column, base + rows->stride - 4, NULL, rows->stride};
	}
	return (struct view){rows->byte + column * rows->n, (const uint8_t *)g->packed,
			     g->row[node->side] + node->begin, 0};
}

static inline uint8_t view_byte(const struct view *v, size_t i)
{
	return v->row ? v->byte[v->row[i]] : v->byte[i * v->stride];
}

static inline uint32_t view_packed(const struct view *v, size_t i)
{
	return load32(v->packed + (v->row ? v->row[i] * sizeof(uint32_t) : i * v->stride));
}

/* Fill histogram [bin x classes]. */
static void count_bins(struct grower *g, const struct view *v, size_t n, size_t bins)
{
	size_t classes = (size_t)g->rows->classes;

	memset(g->histogram, 0, bins * classes * sizeof(*g->histogram));
	for (size_t i = 0; i < n; i++) {
		uint32_t packed = view_packed(v, i);
		uint32_t *bin = g->histogram + view_byte(v, i) * classes;

		if (classes == 2) {
			bin[0] += weight_of(packed) - (packed >> 16);
			bin[1] += packed >> 16;
		} else {
			bin[packed >> 16] += weight_of(packed);
		}
	}
}

/* Keep a candidate if it is better than what was found before; the first of equals stays. */
static void offer(struct grower *g, struct split *best, double gain, uint32_t column, uint8_t from, uint8_t span)
{
	if (!(gain > best->gain))
		return;
	*best = (struct split){gain, column, from, span};
	memcpy(g->best_left, g->left, (size_t)g->rows->classes * sizeof(*g->left));
}

/* Sum over both sides of the squared class weights by the side's weight: larger is purer (gini). */
static inline double purity(double left_squares, double left, double right_squares, double right)
{
	return left_squares / left + right_squares / right;
}

/*
 * Every cut between two bins that rows of this node are in. The cut goes halfway through the empty bins between them, as
 * scikit-learn's goes halfway between two values: nearer to either side it would favour the other.
 */
static int try_number(struct grower *g, struct split *best, const struct pending *node, uint32_t column, double total)
{
	size_t classes = (size_t)g->rows->classes, bins = (size_t)g->rows->bins->column[column].bins, last = 0;
	struct view v = view_of(g, node, column);
	double left = 0, left_squares = 0, right_squares = 0;
	int cuts = 0;

	count_bins(g, &v, node->end - node->begin, bins);
	memset(g->left, 0, classes * sizeof(*g->left));
	for (size_t k = 0; k < classes; k++)
		right_squares += (double)g->total[k] * g->total[k];
	for (size_t b = 0; b < bins && left < total; b++) {
		const uint32_t *bin = g->histogram + b * classes;
		double weight = 0;

		for (size_t k = 0; k < classes; k++)
			weight += bin[k];
		if (weight == 0)
			continue;
		if (left > 0) {
			offer(g, best, purity(left_squares, left, right_squares, total - left), column, 0,
			      (uint8_t)((last + b - 1) / 2));
			cuts++;
		}
		for (size_t k = 0; k < classes; k++) {
			double before = g->left[k], rest = g->total[k] - before;

			left_squares += bin[k] * (2 * before + bin[k]);
			right_squares -= bin[k] * (2 * rest - bin[k]);
			g->left[k] += bin[k];
		}
		left += weight;
		last = b;
	}
	return cuts > 0;
}

static int try_slot(struct grower *g, struct split *best, const struct pending *node, const struct bin_feature *feature,
		    double total)
{
	size_t classes = (size_t)g->rows->classes, n = node->end - node->begin;
	struct view v = view_of(g, node, feature->column);
	double right = 0, left_squares = 0, right_squares = 0;

	memset(g->left, 0, classes * sizeof(*g->left));
	for (size_t i = 0; i < n; i++) {
		uint32_t packed = view_packed(&v, i), take = view_byte(&v, i) == feature->slot ? 0xffffffff : 0;

		packed &= take;
		if (classes == 2) {
			g->left[0] += weight_of(packed) - (packed >> 16);
			g->left[1] += packed >> 16;
		} else {
			g->left[packed >> 16] += weight_of(packed);
		}
	}
	for (size_t k = 0; k < classes; k++) {
		double there = g->left[k], rest = g->total[k] - there;

		right += there;
		right_squares += there * there;
		left_squares += rest * rest;
		g->left[k] = g->total[k] - g->left[k];
	}
	if (right == 0 || right == total)
		return 0;
	offer(g, best, purity(left_squares, total - right, right_squares, right), feature->column,
	      (uint8_t)(feature->slot + 1), 254);
	return 1;
}

/* Draw features without replacement until enough were tried and one of them varies here (as scikit-learn counts). */
static struct split find_split(struct grower *g, const struct pending *node)
{
	const struct bins *bins = g->rows->bins;
	struct split best = {.gain = -1};
	uint64_t stream = node->path;
	size_t drawn = 0, varying = 0;
	double total = 0;

	for (int k = 0; k < g->rows->classes; k++)
		total += g->total[k];
	while (drawn < bins->features && (drawn < g->rows->tried || !varying)) {
		size_t pick = drawn + (size_t)((splitmix64(&stream) >> 32) * (bins->features - drawn) >> 32);
		uint32_t chosen = g->order[pick];
		const struct bin_feature *feature = &bins->feature[chosen];

		g->order[pick] = g->order[drawn];
		g->order[drawn] = chosen;
		g->swapped[drawn++] = (uint32_t)pick;
		varying += (size_t)(feature->is_slot ? try_slot(g, &best, node, feature, total)
						     : try_number(g, &best, node, feature->column, total));
	}
	while (drawn--) {
		uint32_t kept = g->order[drawn];

		g->order[drawn] = g->order[g->swapped[drawn]];
		g->order[g->swapped[drawn]] = kept;
	}
	return best;
}

/* Both ends of the other buffer get every record; the one that is right is not written over. Returns where they meet. */
static uint32_t move_rows(struct grower *g, const struct pending *node, const struct split *split)
{
	struct tree_node test = {.from = split->from, .span = split->span};
	struct view v = view_of(g, node, split->column);
	size_t stride = g->rows->stride, low = node->begin, high = node->end - 1, n = node->end - node->begin;

	for (size_t i = 0; i < n; i++) {
		size_t right = (size_t)tree_goes_right(&test, view_byte(&v, i));

		if (stride) {
			const uint8_t *from = g->record[node->side] + (node->begin + i) * stride;

			memcpy(g->record[!node->side] + low * stride, from, stride);
			memcpy(g->record[!node->side] + high * stride, from, stride);
		} else {
			g->row[!node->side][low] = v.row[i];
			g->row[!node->side][high] = v.row[i];
		}
		low += 1 - right;
		high -= right;
	}
	return (uint32_t)low;
}

static int add_nodes(struct grower *g, size_t n, struct error *err)
{
	size_t cap = g->nodes_cap ? g->nodes_cap * 2 : 256;

	if (g->tree.nodes + n > g->nodes_cap) {
		struct tree_node *node = mem_resize(g->tree.node, cap, sizeof(*node));
		int32_t *leaf;

		if (!node)
			return error_nomem(err);
		g->tree.node = node;
		leaf = mem_resize(g->tree.leaf, cap, sizeof(*leaf));
		if (!leaf)
			return error_nomem(err);
		g->tree.leaf = leaf;
		g->nodes_cap = cap;
	}
	g->tree.nodes += n;
	return 0;
}

/* A leaf of the rows in total; `pure` is the class if there is one only. */
static int make_leaf(struct grower *g, uint32_t at, int pure, struct error *err)
{
	size_t classes = (size_t)g->rows->classes;
	double sum = 0;

	g->tree.node[at] = (struct tree_node){.child = at, .span = 255};
	g->tree.leaf[at] = pure;
	if (pure >= 0)
		return 0;
	if ((g->tree.mixed + 1) * classes > g->shares_cap) {
		size_t cap = (g->shares_cap + classes) * 2;
		float *shares = mem_resize(g->tree.shares, cap, sizeof(*shares));

		if (!shares)
			return error_nomem(err);
		g->tree.shares = shares;
		g->shares_cap = cap;
	}
	for (size_t k = 0; k < classes; k++)
		sum += g->total[k];
	for (size_t k = 0; k < classes; k++)
		g->tree.shares[g->tree.mixed * classes + k] = (float)(g->total[k] / sum);
	g->tree.leaf[at] = ~(int32_t)g->tree.mixed++;
	return 0;
}

static int only_class(const uint32_t *total, int classes)
{
	int found = -1;

	for (int k = 0; k < classes; k++)
		if (total[k]) {
			if (found >= 0)
				return -1;
			found = k;
		}
	return found;
}

static uint64_t child_path(uint64_t path, uint64_t side)
{
	uint64_t x = path ^ (side + 1) * 0xd6e8feb86659fd93U;

	return splitmix64(&x);
}

/* Split the node in total, or make it a leaf; children go on the stack, the larger below the smaller. */
static int grow_node(struct grower *g, struct pending *stack, size_t *depth, const struct pending *node,
		     struct error *err)
{
	size_t classes = (size_t)g->rows->classes;
	int pure = only_class(g->total, g->rows->classes), rc;
	struct split best = {.gain = -1};

	if (pure < 0 && node->end - node->begin > 1)
		best = find_split(g, node);
	if (best.gain < 0)
		return make_leaf(g, node->node, pure, err);

	uint32_t middle = move_rows(g, node, &best), child = (uint32_t)g->tree.nodes;
	struct pending both[2] = {{node->begin, middle, child, !node->side, child_path(node->path, 0)},
				  {middle, node->end, child + 1, !node->side, child_path(node->path, 1)}};
	int larger = both[1].end - both[1].begin > both[0].end - both[0].begin;

	rc = add_nodes(g, 2, err);
	if (rc < 0)
		return rc;
	g->tree.node[node->node] = (struct tree_node){
		.child = child, .column = (uint16_t)best.column, .from = best.from, .span = best.span};
	g->tree.leaf[node->node] = 0;
	for (int which = 0; which < 2; which++) {
		int side = which ? !larger : larger;
		uint32_t *total = g->waiting + *depth * classes;

		for (size_t k = 0; k < classes; k++)
			total[k] = side ? g->total[k] - g->best_left[k] : g->best_left[k];
		stack[(*depth)++] = both[side];
	}
	return 0;
}

/* Hand the nodes over in arrays of just their size. */
static int finish_tree(struct tree *out, struct grower *g, struct error *err)
{
	size_t shares = g->tree.mixed * (size_t)g->rows->classes;
	struct tree made = {.nodes = g->tree.nodes, .mixed = g->tree.mixed};

	made.node = mem_array(made.nodes, sizeof(*made.node));
	made.leaf = mem_array(made.nodes, sizeof(*made.leaf));
	made.shares = mem_array(shares, sizeof(*made.shares));
	if (!made.node || !made.leaf || !made.shares) {
		tree_release(&made);
		return error_nomem(err);
	}
	memcpy(made.node, g->tree.node, made.nodes * sizeof(*made.node));
	memcpy(made.leaf, g->tree.leaf, made.nodes * sizeof(*made.leaf));
	if (shares)
		memcpy(made.shares, g->tree.shares, shares * sizeof(*made.shares));
	*out = made;
	return 0;
}

int grow_tree(struct tree *out, struct grower *grower, uint64_t seed, uint64_t number, struct error *err)
{
	struct pending stack[PENDING];
	size_t classes = (size_t)grower->rows->classes, depth = 1;
	uint64_t path = seed ^ (number + 1) * 0x9e3779b97f4a7c15U;
	int rc;

	grower->tree.nodes = grower->tree.mixed = 0;
	stack[0] = (struct pending){.end = (uint32_t)bootstrap(grower, seed, number), .path = splitmix64(&path)};
	memcpy(grower->waiting, grower->total, classes * sizeof(*grower->total));
	rc = add_nodes(grower, 1, err);
	while (rc == 0 && depth) {
		struct pending node = stack[--depth];

		memcpy(grower->total, grower->waiting + depth * classes, classes * sizeof(*grower->total));
		rc = grow_node(grower, stack, &depth, &node, err);
	}
	return rc < 0 ? rc : finish_tree(out, grower, err);
}

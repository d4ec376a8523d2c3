#include "learn/tree/node.h"

#include "base/mem.h"

#include <math.h>

/* weight and class of a record in one word: class 1's weight for two classes, the class itself for more */
static inline uint32_t pack(uint32_t weight, uint32_t label, int classes)
{
	return classes == 2 ? weight | (label ? weight << 16 : 0) : weight | label << 16;
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

static int block_new(struct small_block **out, const struct grow_rows *rows, struct error *err)
{
	struct small_block *block = mem_aligned(1, sizeof(*block));

	if (!block)
		return error_nomem(err);
	memset(block, 0, sizeof(*block));
	*out = block;
	/* columns are transposed 16 at a time, the end of the record with them */
	block->stride = rows->stride;
	block->column = mem_aligned(rows->stride, SMALL_ROWS);
	if (!block->column)
		return error_nomem(err);
	for (size_t c = 0; c < rows->bins->columns; c++) {
		int is_number = rows->bins->encoding->column[c].kind == COLUMN_NUMBER;

		block->number[c / 16] |= (uint16_t)(is_number << c % 16);
		block->category[c / 16] |= (uint16_t)(!is_number << c % 16);
	}
	return 0;
}

int grower_new(struct grower **out, const struct grow_rows *rows, const struct tree_kernels *kernels, struct error *err)
{
	struct grower *g = mem_zeroed(1, sizeof(*g));
	size_t classes = (size_t)rows->classes, features = rows->bins->features;
	int whole;

	if (!g)
		return error_nomem(err);
	g->rows = rows;
	g->weight = mem_array(rows->n, 1);
	g->kernels = kernels ? kernels : kernels_choose();
	g->histogram = mem_aligned(BATCH * BINS, sizeof(*g->histogram));
	g->counts = mem_zeroed(BATCH * BINS * classes, sizeof(*g->counts));
	g->slot_sums = mem_array(CLASS_SLOTS * classes, sizeof(*g->slot_sums));
	g->order = mem_array(features, sizeof(*g->order));
	g->waiting = mem_array(PENDING * classes, sizeof(*g->waiting));
	g->total = mem_array(classes, sizeof(*g->total));
	g->left = mem_array(classes, sizeof(*g->left));
	g->best_left = mem_array(classes, sizeof(*g->best_left));
	whole = g->weight && g->histogram && g->counts && g->slot_sums && g->order && g->waiting && g->total &&
		g->left && g->best_left;
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
	if (rows->stride && classes == 2 && block_new(&g->block, rows, err) < 0) {
		grower_free(g);
		return ERR_NOMEM;
	}
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
	if (grower->block)
		free(grower->block->column);
	free(grower->block);
	free(grower->weight);
	free(grower->packed);
	free(grower->histogram);
	free(grower->counts);
	free(grower->slot_sums);
	free(grower->order);
	free(grower->waiting);
	free(grower->total);
	free(grower->left);
	free(grower->best_left);
	tree_release(&grower->tree);
	free(grower);
}

/* How often each of n rows is drawn in n draws with replacement, two draws from one random number (off by n / 2^32). */
static void draw_rows(uint8_t *weight, size_t n, struct random *random)
{
	memset(weight, 0, n);
	for (size_t i = 0; i < n; i += 2) {
		uint64_t bits = random_u64(random);
		size_t first = (bits & UINT32_MAX) * n >> 32, second = (bits >> 32) * n >> 32;

		weight[first] += weight[first] < 255;
		weight[second] += weight[second] < 255 && i + 1 < n;
	}
}

/* The rows that were drawn, one record after the other; what a row left out wrote is written over. */
static inline __attribute__((always_inline)) size_t copy_records(struct grower *g, size_t stride)
{
	const struct grow_rows *rows = g->rows;
	const uint8_t *from = rows->byte;
	uint8_t *to = g->record[0];

	for (size_t i = 0, n = rows->n; i < n; i++, from += stride) {
		uint32_t weight = g->weight[i], label = rows->label[i], packed = pack(weight, label, rows->classes);

		memcpy(to, from, stride);
		memcpy(to + stride - 4, &packed, 4);
		g->total[label] += weight;
		to += weight ? stride : 0;
	}
	return (size_t)(to - g->record[0]) / stride;
}

static size_t copy_numbers(struct grower *g)
{
	const struct grow_rows *rows = g->rows;
	size_t kept = 0;

	for (size_t i = 0; i < rows->n; i++) {
		g->row[0][kept] = (uint32_t)i;
		g->packed[i] = pack(g->weight[i], rows->label[i], rows->classes);
		g->total[rows->label[i]] += g->weight[i];
		kept += g->weight[i] > 0;
	}
	return kept;
}

/* Draw the rows of tree `number` and put them into buffer 0. Returns how many different ones. */
static size_t bootstrap(struct grower *g, uint64_t seed, uint64_t number)
{
	struct random random;

	random_init(&random, seed, number);
	g->stream = random_u64(&random);
	memset(g->total, 0, (size_t)g->rows->classes * sizeof(*g->total));
	draw_rows(g->weight, g->rows->n, &random);
	g->heaviest = 0;
	for (size_t i = 0; i < g->rows->n; i++)
		g->heaviest = g->weight[i] > g->heaviest ? g->weight[i] : g->heaviest;
	switch (g->rows->stride) {
	case 0:
		return copy_numbers(g);
	case 16:
		return copy_records(g, 16);
	case 32:
		return copy_records(g, 32);
	case 64:
		return copy_records(g, 64);
	default:
		return copy_records(g, g->rows->stride);
	}
}

/* Both ends of the other buffer get every record; the one that is right is not written over. Returns where they meet. */
static inline __attribute__((always_inline)) size_t move_records(struct grower *g, const struct pending *node,
								 const struct tree_node *test, size_t stride)
{
	const uint8_t *from = g->record[node->side] + node->begin * stride,
		      *end = g->record[node->side] + node->end * stride;
	uint8_t *low = g->record[!node->side] + node->begin * stride,
		*high = g->record[!node->side] + node->end * stride;

	for (; from < end; from += stride) {
		size_t right = (size_t)tree_goes_right(test, from[test->column]) * stride;

		high -= stride;
		memcpy(low, from, stride);
		memcpy(high, from, stride);
		low += stride - right;
		high += stride - right;
	}
	return (size_t)(low - g->record[!node->side]) / stride;
}

static size_t move_numbers(struct grower *g, const struct pending *node, const struct tree_node *test)
{
	const uint8_t *byte = g->rows->byte + test->column * g->rows->n;
	const uint32_t *from = g->row[node->side];
	uint32_t *to = g->row[!node->side];
	size_t low = node->begin, high = node->end;

	for (size_t i = node->begin; i < node->end; i++) {
		size_t right = (size_t)tree_goes_right(test, byte[from[i]]);

		to[low] = from[i];
		to[--high] = from[i];
		low += 1 - right;
		high += 1 - right;
	}
	return low;
}

/* Left rows first, then right ones, in the other buffer. Returns where the right ones begin. */
static uint32_t move_rows(struct grower *g, const struct pending *node, const struct split *split)
{
	struct tree_node test = {.column = (uint16_t)split->column, .from = split->from, .span = split->span};

	switch (g->rows->stride) {
	case 0:
		return (uint32_t)move_numbers(g, node, &test);
	case 16:
		return (uint32_t)move_records(g, node, &test, 16);
	case 32:
		return (uint32_t)move_records(g, node, &test, 32);
	case 64:
		return (uint32_t)move_records(g, node, &test, 64);
	default:
		return (uint32_t)move_records(g, node, &test, g->rows->stride);
	}
}

int node_reserve(struct grower *g, size_t n, struct error *err)
{
	size_t cap = g->nodes_cap ? g->nodes_cap : 1024;
	struct tree_node *node;
	int32_t *leaf;

	if (g->tree.nodes + n <= g->nodes_cap)
		return 0;
	while (cap < g->tree.nodes + n)
		cap *= 2;
	node = mem_resize(g->tree.node, cap, sizeof(*node));
	if (!node)
		return error_nomem(err);
	g->tree.node = node;
	leaf = mem_resize(g->tree.leaf, cap, sizeof(*leaf));
	if (!leaf)
		return error_nomem(err);
	g->tree.leaf = leaf;
	g->nodes_cap = cap;
	return 0;
}

int node_leaf(struct grower *g, uint32_t at, const uint32_t *total, int pure, struct error *err)
{
	size_t classes = (size_t)g->rows->classes;
	double sum = 0;

	node_pure_leaf(g, at, pure);
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
		sum += total[k];
	for (size_t k = 0; k < classes; k++)
		g->tree.shares[g->tree.mixed * classes + k] = (float)(total[k] / sum);
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

/* Split the node in total, or make it a leaf; children go on the stack, the larger below the smaller. */
static int grow_node(struct grower *g, struct pending *stack, size_t *depth, const struct pending *node,
		     struct error *err)
{
	size_t classes = (size_t)g->rows->classes, n = node->end - node->begin;
	int pure = only_class(g->total, g->rows->classes), rc;
	struct split best = {.gain = -1};

	if (pure < 0 && n > 1) {
		if (g->block && n <= SMALL_ROWS && g->total[0] + g->total[1] <= SMALL_WEIGHT)
			return g->kernels->small_grow(g, node, err);
		if (g->block && g->total[0] + g->total[1] <= UINT16_MAX)
			best = two_class_split(g, node);
		else
			best = n <= SMALL_ROWS ? few_split(g, node) : general_split(g, node);
	}
	if (best.gain < 0)
		return node_leaf(g, node->node, g->total, pure, err);

	rc = node_reserve(g, 2, err);
	if (rc < 0)
		return rc;
	uint32_t middle = move_rows(g, node, &best), child = node_split(g, node->node, &best);
	struct pending both[2] = {{node->begin, middle, child, !node->side},
				  {middle, node->end, child + 1, !node->side}};
	int larger = both[1].end - both[1].begin > both[0].end - both[0].begin;

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
	int rc;

	grower->tree.nodes = grower->tree.mixed = 0;
	stack[0] = (struct pending){.end = (uint32_t)bootstrap(grower, seed, number)};
	memcpy(grower->order, grower->rows->bins->feature, grower->rows->bins->features * sizeof(*grower->order));
	memcpy(grower->waiting, grower->total, classes * sizeof(*grower->total));
	rc = node_reserve(grower, 1, err);
	grower->tree.nodes = 1;
	while (rc == 0 && depth) {
		struct pending node = stack[--depth];

		memcpy(grower->total, grower->waiting + depth * classes, classes * sizeof(*grower->total));
		rc = grow_node(grower, stack, &depth, &node, err);
	}
	return rc < 0 ? rc : finish_tree(out, grower, err);
}

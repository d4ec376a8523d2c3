#include "learn/model/softmax.h"

#include "learn/model/normal.h"
#include "base/mem.h"
#include "base/workers.h"

#include <math.h>

#define NEWTON_STEPS 200
#define CG_STEPS 250
#define CG_STALE 6 /* a Newton step that took more CG steps than this asks for a new factor */
#define TOLERANCE 1e-9 /* of the gradient, by row */
#define LOG_BATCH 32 /* factors of at most 2 multiplied before one logarithm is taken */

/* Everything one fit works on; vectors are [stride x outputs]. */
struct work {
	const struct softmax_problem *problem;
	size_t outputs, size; /* size = stride x outputs */
	struct chunks chunks;
	double *partial; /* [chunks x size] */
	double *loss; /* [chunks] */
	double *share; /* [n x outputs] probabilities at the current weights */
	double *trial; /* [n x outputs] the same at the point being tried */
	double *gradient, *direction, *residual, *conjugate, *product, *solved, *weight, *scratch;
	struct precondition *made;
};

static void penalise(const struct work *work, double *out, const double *weight)
{
	size_t penalised = work->problem->x->width * work->outputs;

	for (size_t j = 0; j < penalised; j++)
		out[j] += weight[j];
	/* the sink is no weight */
	for (size_t k = 0; k < work->outputs; k++)
		out[work->size - work->outputs + k] = 0;
}

static void sum_partials(const struct work *work, double *out)
{
	memcpy(out, work->partial, work->size * sizeof(*out));
	for (size_t c = 1; c < work->chunks.n; c++)
		for (size_t j = 0; j < work->size; j++)
			out[j] += work->partial[c * work->size + j];
}

static double dot(const double *a, const double *b, size_t n)
{
	double sum[4] = {0};
	size_t j = 0;

	for (; j + 4 <= n; j += 4)
		for (size_t l = 0; l < 4; l++)
			sum[l] += a[j + l] * b[j + l];
	for (; j < n; j++)
		sum[0] += a[j] * b[j];
	return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

/* margin [outputs] of row i */
static inline void margins(double *margin, const struct design *x, size_t i, const double *weight, size_t outputs)
{
	const double *number = x->number + i * x->numbers;
	const uint32_t *place = x->place + i * x->slots;

	if (outputs == 1) {
		double sum = weight[x->width] + dot(number, weight, x->numbers);

		for (size_t s = 0; s < x->slots; s++)
			sum += weight[place[s]];
		*margin = sum;
		return;
	}
	memcpy(margin, weight + x->width * outputs, outputs * sizeof(*margin));
	for (size_t j = 0; j < x->numbers; j++)
		for (size_t k = 0; k < outputs; k++)
			margin[k] += number[j] * weight[j * outputs + k];
	for (size_t s = 0; s < x->slots; s++)
		for (size_t k = 0; k < outputs; k++)
			margin[k] += weight[place[s] * outputs + k];
}

/* out += the outer product of row i (with its 1 for the intercept) and by [outputs] */
static inline void add_row(double *out, const struct design *x, size_t i, const double *by, size_t outputs)
{
	const double *number = x->number + i * x->numbers;
	const uint32_t *place = x->place + i * x->slots;

	if (outputs == 1) {
		for (size_t j = 0; j < x->numbers; j++)
			out[j] += number[j] * *by;
		for (size_t s = 0; s < x->slots; s++)
			out[place[s]] += *by;
		out[x->width] += *by;
		return;
	}
	for (size_t j = 0; j < x->numbers; j++)
		for (size_t k = 0; k < outputs; k++)
			out[j * outputs + k] += number[j] * by[k];
	for (size_t s = 0; s < x->slots; s++)
		for (size_t k = 0; k < outputs; k++)
			out[place[s] * outputs + k] += by[k];
	for (size_t k = 0; k < outputs; k++)
		out[x->width * outputs + k] += by[k];
}

/* Turns margins into probabilities in place; returns the largest margin plus the logarithm of the sum. */
static double soften(double *margin, size_t outputs)
{
	double top = margin[0], sum;

	for (size_t k = 1; k < outputs; k++)
		top = margin[k] > top ? margin[k] : top;
	sum = margin[0] = exp(margin[0] - top);
	for (size_t k = 1; k < outputs; k++) {
		margin[k] = exp(margin[k] - top);
		sum += margin[k];
	}
	for (size_t k = 0; k < outputs; k++)
		margin[k] /= sum;
	return top + log(sum);
}

static double two_class_rows(double *out, double *share, const struct softmax_problem *p, const double *weight,
			     size_t begin, size_t end)
{
	double loss = 0, product = 1;

	for (size_t i = begin; i < end; i++) {
		double margin, rest;

		margins(&margin, p->x, i, weight, 1);
		double e = exp(-fabs(margin)), small = e / (1 + e);

		share[i] = margin < 0 ? small : 1 - small;
		product *= 1 + e;
		loss += (margin < 0) == (p->y[i] == 1) ? fabs(margin) : 0;
		if ((i - begin) % LOG_BATCH == LOG_BATCH - 1) {
			loss += log(product);
			product = 1;
		}
		rest = share[i] - p->y[i];
		add_row(out, p->x, i, &rest, 1);
	}
	return loss + log(product);
}

static double many_class_rows(double *out, double *share, const struct softmax_problem *p, const double *weight,
			      size_t begin, size_t end)
{
	size_t outputs = (size_t)p->classes;
	double loss = 0;

	for (size_t i = begin; i < end; i++) {
		double *of = share + i * outputs;

		margins(of, p->x, i, weight, outputs);
		double right = of[p->y[i]];

		loss += soften(of, outputs) - right;
		of[p->y[i]] -= 1;
		add_row(out, p->x, i, of, outputs);
		of[p->y[i]] += 1;
	}
	return loss;
}

/* One pass over the rows; a piece is a chunk, whose sums go to its own part of work->partial. */
struct pass {
	struct work *work;
	const double *at; /* weights, or what the Hessian is multiplied with */
	double *share; /* receives probabilities; of a Hessian's pass scratch */
};

static void evaluate_chunk(void *context, size_t c, size_t worker)
{
	const struct pass *pass = context;
	struct work *work = pass->work;
	size_t begin = chunk_begin(&work->chunks, c), end = chunk_begin(&work->chunks, c + 1);
	double *out = work->partial + c * work->size;

	(void)worker;
	memset(out, 0, work->size * sizeof(*out));
	if (work->outputs == 1)
		work->loss[c] = two_class_rows(out, pass->share, work->problem, pass->at, begin, end);
	else
		work->loss[c] = many_class_rows(out, pass->share, work->problem, pass->at, begin, end);
}

/* The objective at weight; fills gradient and share. */
static double evaluate(struct work *work, double *gradient, double *share, const double *weight)
{
	struct pass pass = {work, weight, share};
	double sum = 0;

	workers_run(work->chunks.workers, work->chunks.n, evaluate_chunk, &pass);
	sum_partials(work, gradient);
	penalise(work, gradient, weight);
	for (size_t c = 0; c < work->chunks.n; c++)
		sum += work->loss[c];
	return sum + 0.5 * dot(weight, weight, work->problem->x->width * work->outputs);
}

static void hessian_rows(double *out, double *row, const struct work *work, const double *v, size_t begin, size_t end)
{
	const struct design *x = work->problem->x;
	size_t outputs = work->outputs;

	for (size_t i = begin; i < end; i++) {
		const double *share = work->share + i * outputs;

		margins(row, x, i, v, outputs);
		if (outputs == 1) {
			row[0] *= share[0] * (1 - share[0]);
		} else {
			double mean = 0;

			for (size_t k = 0; k < outputs; k++)
				mean += share[k] * row[k];
			for (size_t k = 0; k < outputs; k++)
				row[k] = share[k] * (row[k] - mean);
		}
		add_row(out, x, i, row, outputs);
	}
}

static void hessian_chunk(void *context, size_t c, size_t worker)
{
	const struct pass *pass = context;
	struct work *work = pass->work;
	size_t begin = chunk_begin(&work->chunks, c), end = chunk_begin(&work->chunks, c + 1);
	double *out = work->partial + c * work->size;

	(void)worker;
	memset(out, 0, work->size * sizeof(*out));
	hessian_rows(out, pass->share + begin * work->outputs, work, pass->at, begin, end);
}

/* out = Hessian times v */
static void hessian_times(struct work *work, double *out, const double *v)
{
	/* the trial's probabilities are not needed while a direction is looked for: their rows are scratch */
	struct pass pass = {work, v, work->trial};

	workers_run(work->chunks.workers, work->chunks.n, hessian_chunk, &pass);
	sum_partials(work, out);
	penalise(work, out, v);
}

/*
 * Solve Hessian * direction = -gradient to `relative` in the preconditioner's norm. Returns the number of steps. For more
 * than two classes the Hessian is singular along equal shifts of all intercepts; the gradient has no part there, and CG stays
 * where it has none.
 */
static int newton_direction(struct work *work, const struct precondition *near, double relative)
{
	size_t n = work->size;
	double rho, first;
	int steps = 0;

	memset(work->direction, 0, n * sizeof(double));
	for (size_t j = 0; j < n; j++)
		work->residual[j] = -work->gradient[j];
	precondition_solve(near, work->solved, work->residual, work->scratch);
	memcpy(work->conjugate, work->solved, n * sizeof(double));
	first = rho = dot(work->residual, work->solved, n);
	while (steps < CG_STEPS && rho > relative * relative * first) {
		double curve, alpha, next;

		hessian_times(work, work->product, work->conjugate);
		curve = dot(work->conjugate, work->product, n);
		if (!(curve > 0))
			break;
		alpha = rho / curve;
		for (size_t j = 0; j < n; j++) {
			work->direction[j] += alpha * work->conjugate[j];
			work->residual[j] -= alpha * work->product[j];
		}
		precondition_solve(near, work->solved, work->residual, work->scratch);
		next = dot(work->residual, work->solved, n);
		for (size_t j = 0; j < n; j++)
			work->conjugate[j] = work->solved[j] + next / rho * work->conjugate[j];
		rho = next;
		steps++;
	}
	return steps;
}

static double largest(const double *v, size_t n)
{
	double top = 0;

	for (size_t j = 0; j < n; j++)
		top = fabs(v[j]) > top ? fabs(v[j]) : top;
	return top;
}

static void swap(double **a, double **b)
{
	double *kept = *a;

	*a = *b;
	*b = kept;
}

/* Go along the direction, halving until the objective falls enough (Armijo). 0: no step helps, we are there. */
static int line_search(struct work *work, double *objective)
{
	double slope = dot(work->gradient, work->direction, work->size), step = 1;

	for (int tries = 0; tries < 40; tries++, step /= 2) {
		double value;

		for (size_t j = 0; j < work->size; j++)
			work->product[j] = work->weight[j] + step * work->direction[j];
		value = evaluate(work, work->residual, work->trial, work->product);
		/* near the minimum the objective's own rounding is larger than what it falls by */
		if (value <= *objective + 1e-4 * step * slope + 1e-13 * fabs(*objective)) {
			*objective = value;
			swap(&work->weight, &work->product);
			swap(&work->gradient, &work->residual);
			swap(&work->share, &work->trial);
			return 1;
		}
	}
	return 0;
}

static int minimise(struct work *work, struct error *err)
{
	const struct softmax_problem *p = work->problem;
	const struct precondition *near = p->near;
	double objective = evaluate(work, work->gradient, work->share, work->weight);
	int rc = 0;

	for (int step = 0; step < NEWTON_STEPS; step++) {
		double norm = largest(work->gradient, work->size) / (double)p->x->n, relative = sqrt(norm);

		if (norm <= TOLERANCE)
			break;
		if (!near) {
			rc = precondition_make(&work->made, p->x, work->share, work->outputs, &work->chunks, err);
			if (rc < 0)
				return rc;
			near = work->made;
		}
		if (newton_direction(work, near, relative < 0.1 ? relative : 0.1) > CG_STALE &&
		    precondition_refreshable(near))
			near = NULL;
		if (!line_search(work, &objective))
			break;
	}
	return 0;
}

static int work_init(struct work *work, const struct softmax_problem *problem, struct error *err)
{
	size_t cells = problem->x->n * softmax_outputs(problem->classes);

	work->problem = problem;
	work->outputs = softmax_outputs(problem->classes);
	work->size = softmax_stride(problem->x) * work->outputs;
	chunks_init(&work->chunks, problem->x, work->outputs, problem->threads);
	double **vector[] = {&work->gradient, &work->direction, &work->residual, &work->conjugate,
			     &work->product,  &work->solved,    &work->weight,   &work->scratch};

	for (size_t v = 0; v < sizeof(vector) / sizeof(vector[0]); v++) {
		*vector[v] = mem_zeroed(work->size, sizeof(double));
		if (!*vector[v])
			return error_nomem(err);
	}
	work->partial = mem_array(work->chunks.n * work->size, sizeof(double));
	work->loss = mem_array(work->chunks.n, sizeof(double));
	work->share = mem_array(cells, sizeof(double));
	work->trial = mem_array(cells, sizeof(double));
	return work->partial && work->loss && work->share && work->trial ? 0 : error_nomem(err);
}

static void work_release(struct work *work)
{
	double *vector[] = {work->gradient, work->direction, work->residual, work->conjugate,
			    work->product,  work->solved,    work->weight,   work->scratch,
			    work->partial,  work->loss,      work->share,    work->trial};

	for (size_t v = 0; v < sizeof(vector) / sizeof(vector[0]); v++)
		free(vector[v]);
	precondition_free(work->made);
}

int softmax_fit(double *weight, struct precondition **kept, const struct softmax_problem *problem, struct error *err)
{
	struct work work = {0};
	int rc = work_init(&work, problem, err);

	if (rc < 0)
		goto out;
	memcpy(work.weight, weight, work.size * sizeof(*weight));
	rc = minimise(&work, err);
	if (rc < 0)
		goto out;
	memcpy(weight, work.weight, work.size * sizeof(*weight));
	if (kept) {
		*kept = work.made;
		work.made = NULL;
	}
out:
	work_release(&work);
	return rc;
}

void softmax_predict(double *probability, const struct design *x, const double *weight, int classes)
{
	size_t outputs = softmax_outputs(classes);

	for (size_t i = 0; i < x->n; i++) {
		double *of = probability + i * (size_t)classes;

		margins(of, x, i, weight, outputs);
		if (outputs == 1) {
			double e = exp(-fabs(of[0])), small = e / (1 + e);
			int likely = of[0] >= 0;

			of[likely] = 1 - small;
			of[!likely] = small;
		} else {
			(void)soften(of, outputs);
		}
	}
}

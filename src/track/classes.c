#include "track/classes.h"

#include "format/number.h"

#include <strings.h>

int classes_find(const struct names *classes, const char *text, size_t len)
{
	double value, of_class;

	for (size_t i = 0; i < classes->n; i++)
		if (!strncmp(classes->name[i], text, len) && !classes->name[i][len])
			return (int)i;
	if (number_parse(&value, text, len) != NUMBER_OK)
		return -1;
	for (size_t i = 0; i < classes->n; i++)
		if (number_parse(&of_class, classes->name[i], strlen(classes->name[i])) == NUMBER_OK &&
		    of_class >= value && of_class <= value)
			return (int)i;
	return -1;
}

int classes_are_numbers(const struct names *classes)
{
	double value;

	for (size_t i = 0; i < classes->n; i++)
		if (number_parse(&value, classes->name[i], strlen(classes->name[i])) != NUMBER_OK)
			return 0;
	return 1;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int by_value(const void *a, const void *b)
{
	double x = strtod(*(char *const *)a, NULL), y = strtod(*(char *const *)b, NULL);

	return x < y ? -1 : x > y ? 1 : by_bytes(a, b);
}

void classes_sort(struct names *classes)
{
	if (classes->n)
		qsort(classes->name, classes->n, sizeof(*classes->name),
		      classes_are_numbers(classes) ? by_value : by_bytes);
}

int classes_positive(int *rarer, const struct names *classes, const char *named, const size_t rows[2])
{
	static const char *const usual[] = {"yes", "true", "1"};
	int found = named ? classes_find(classes, named, strlen(named)) : -1;

	for (int k = 1; k >= 0 && found < 0; k--)
		for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
			if (!strcasecmp(classes->name[k], usual[i]))
				found = k;
	*rarer = found < 0;
	return found < 0 ? rows[1] <= rows[0] : found;
}

int classes_text(const char *text, size_t len)
{
	unsigned code;
	size_t step = 1;

	if (memchr(text, '\0', len))
		return 0;
	for (; len && step; text += step, len -= step)
		step = utf8_next(text, len, &code);
	return step != 0;
}

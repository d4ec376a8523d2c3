#include "learn/model.h"

#define MODEL(name) extern const struct model_type model_##name;
#include "learn/models.def"
#undef MODEL

const struct model_type *const models[] = {
#define MODEL(name) &model_##name,
#include "learn/models.def"
#undef MODEL
	NULL,
};

const struct model_type *model_find(const char *name)
{
	for (size_t i = 0; models[i]; i++)
		if (strcmp(models[i]->name, name) == 0)
			return models[i];
	return NULL;
}

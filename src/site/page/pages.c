/* The table of pages. */
#include "site/page/page.h"

#define PAGE(name) extern const struct page page_##name;
#include "site/page/pages.def"
#undef PAGE

const struct page *const pages[] = {
#define PAGE(name) &page_##name,
#include "site/page/pages.def"
#undef PAGE
	NULL,
};

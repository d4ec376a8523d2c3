/* Bringing the catalog to a commit. Private to record/. */
#ifndef ASSAY_RECORD_CATALOG_UPDATE_H
#define ASSAY_RECORD_CATALOG_UPDATE_H

#include "record/catalog_db.h"
#include "store/store.h"

/*
 * To the tip that readers see, which goes into `tip`; with `commits` also which commit brought each run. One transaction. 0,
 * DB_TROUBLE, or an error of git or memory.
 */
MUST_CHECK int catalog_update(char tip[OID_HEX], struct db *db, struct store *store, int commits, struct error *err);

/* What the catalog says of itself: "tip", "commits" (the tip up to which these are known). "" if it does not. */
MUST_CHECK int catalog_about(char out[OID_HEX], struct db *db, const char *key);

#endif

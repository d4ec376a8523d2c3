/* The name that git gives to bytes. */
#ifndef ASSAY_RECORD_BLOB_H
#define ASSAY_RECORD_BLOB_H

#include "store/store.h"

#include <stddef.h>

/* The blob id of a file's bytes, without a repository. */
MUST_CHECK int blob_name(char hex[OID_HEX], const void *bytes, size_t len, struct error *err);

#endif

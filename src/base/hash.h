/* SHA-256 (FIPS 180-4) by libcrypto, which uses the processor's instructions. */
#ifndef ASSAY_BASE_HASH_H
#define ASSAY_BASE_HASH_H

#include "base/error.h"

#include <stddef.h>

#define SHA256_HEX 65 /* 64 lower-case hex digits and a NUL */

struct hash; /* a running digest: hash_new(), hash_add() ..., hash_end() frees it */
struct hash *hash_new(void) MUST_CHECK; /* NULL without memory */
void hash_add(struct hash *hash, const void *bytes, size_t len);
void hash_end(struct hash *hash, char hex[SHA256_HEX]); /* hex may be NULL: only free; NULL hash allowed */

/* Of a piece of memory. ERR_NOMEM is the one failure. */
MUST_CHECK int sha256(char hex[SHA256_HEX], const void *bytes, size_t len, struct error *err);

/*
 * The first 8 bytes (big endian) of the SHA-256 of one id: a number that orders ids the same way everywhere. Starts the
 * digest anew, so that one serves for all ids of a file: a new one for each costs three times as much.
 */
MUST_CHECK int hash_order(unsigned long long *out, struct hash *hash, const void *bytes, size_t len, struct error *err);

#endif

#include "record/blob.h"
#include "base/buf.h"

#include <openssl/err.h>
#include <openssl/evp.h>

/* SHA-1 over "blob LENGTH", a NUL and the bytes: gitformat-loose(5). */
int blob_name(char hex[OID_HEX], const void *bytes, size_t len, struct error *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	struct buf object = BUF_INIT;
	int rc;

	buf_printf(&object, "blob %zu", len);
	buf_putc(&object, '\0');
	buf_put(&object, bytes, len);
	rc = buf_check(&object, err);
	if (!rc && !EVP_Digest(object.text, object.len, digest, NULL, EVP_sha1(), NULL)) {
		ERR_clear_error(); /* its queue would keep a copy of the failure */
		rc = error_set(err, ERR_MACHINE, "the SHA-1 of libcrypto is not available");
	}
	for (int i = 0; i < 20 && !rc; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", digest[i]);
	buf_release(&object);
	return rc;
}

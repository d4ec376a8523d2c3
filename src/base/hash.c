#include "base/hash.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>

struct hash {
	EVP_MD_CTX *context;
};

/* OpenSSL fails for want of memory alone here. Its queue would keep a copy of each failure that nobody asks for. */
static int refused(struct error *err)
{
	ERR_clear_error();
	return error_nomem(err);
}

struct hash *hash_new(void)
{
	struct hash *hash = malloc(sizeof(*hash));

	if (!hash)
		return NULL;
	hash->context = EVP_MD_CTX_new();
	if (!hash->context || !EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL)) {
		EVP_MD_CTX_free(hash->context);
		free(hash);
		ERR_clear_error();
		return NULL;
	}
	return hash;
}

void hash_add(struct hash *hash, const void *bytes, size_t len)
{
	EVP_DigestUpdate(hash->context, bytes, len);
}

static void to_hex(char hex[SHA256_HEX], const unsigned char digest[32])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 32; i++) {
		hex[2 * i] = digits[digest[i] >> 4];
		hex[2 * i + 1] = digits[digest[i] & 15];
	}
	hex[64] = '\0';
}

void hash_end(struct hash *hash, char hex[SHA256_HEX])
{
	unsigned char digest[EVP_MAX_MD_SIZE] = {0};

	if (!hash)
		return;
	if (hex) {
		EVP_DigestFinal_ex(hash->context, digest, NULL);
		to_hex(hex, digest);
	}
	EVP_MD_CTX_free(hash->context);
	free(hash);
}

int sha256(char hex[SHA256_HEX], const void *bytes, size_t len, struct error *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (!EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL))
		return refused(err);
	to_hex(hex, digest);
	return 0;
}

int hash_order(unsigned long long *out, struct hash *hash, const void *bytes, size_t len, struct error *err)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (!EVP_DigestInit_ex(hash->context, NULL, NULL) || !EVP_DigestUpdate(hash->context, bytes, len) ||
	    !EVP_DigestFinal_ex(hash->context, digest, NULL))
		return refused(err);
	*out = 0;
	for (int i = 0; i < 8; i++)
		*out = *out << 8 | digest[i];
	return 0;
}

/* Objects into a pack and its index, byte by byte as git reads them. */
#include "store/pack.h"
#include "base/file.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>

enum { COMPRESSION = 1, FANOUT = 256, COUNT_AT = 8, VERSION = 2 };

struct pack_entry {
	git_oid id;
	uint32_t crc;
	uint32_t offset;
};

static void put_u32(struct buf *out, uint32_t value)
{
	uint32_t big = htonl(value);

	buf_put(out, &big, sizeof(big));
}

/* Type and length: four bits of it in the first byte, seven in each further one, the lowest first. */
static void put_head(struct buf *out, git_object_t type, size_t len)
{
	unsigned byte = (unsigned)type << 4 | (len & 15);

	for (len >>= 4; len; len >>= 7) {
		buf_putc(out, (char)(byte | 128));
		byte = len & 127;
	}
	buf_putc(out, (char)byte);
}

static int put_compressed(struct buf *out, const void *data, size_t len, struct error *err)
{
	uLongf room = compressBound(len);

	if (buf_reserve(out, room + 1) < 0)
		return error_nomem(err);
	if (compress2((Bytef *)out->text + out->len, &room, data, len, COMPRESSION) != Z_OK)
		return error_set(err, ERR_MACHINE, "cannot compress an object");
	out->len += room;
	out->text[out->len] = '\0';
	return 0;
}

int pack_add(struct pack *pack, const git_oid *id, git_object_t type, const void *data, size_t len, struct error *err)
{
	struct pack_entry *entry;
	size_t start;
	int rc;

	if (MEM_GROW(pack->entry, pack->n, pack->cap, err) < 0)
		return ERR_NOMEM;
	if (!pack->bytes.len) {
		buf_puts(&pack->bytes, "PACK");
		put_u32(&pack->bytes, VERSION);
		put_u32(&pack->bytes, 0); /* the count, known at the end */
	}
	start = pack->bytes.len;
	put_head(&pack->bytes, type, len);
	rc = put_compressed(&pack->bytes, data, len, err);
	if (!rc)
		rc = buf_check(&pack->bytes, err);
	if (!rc && pack->bytes.len > INT32_MAX)
		rc = error_set(err, ERR_MACHINE, "more than 2 GiB in one pack");
	if (rc < 0)
		return rc;
	entry = &pack->entry[pack->n++];
	entry->id = *id;
	entry->offset = (uint32_t)start;
	entry->crc = (uint32_t)crc32(0, (const Bytef *)pack->bytes.text + start, (uInt)(pack->bytes.len - start));
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return git_oid_cmp(&((const struct pack_entry *)a)->id, &((const struct pack_entry *)b)->id);
}

/* Append the SHA-1 of what is there; it also goes to *sum. */
static int put_sum(struct buf *out, git_oid *sum, struct error *err)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];

	if (buf_check(out, err) < 0)
		return ERR_NOMEM;
	if (EVP_Digest(out->text, out->len, bytes, NULL, EVP_sha1(), NULL) != 1)
		return error_set(err, ERR_MACHINE, "libcrypto has no SHA-1");
	buf_put(out, bytes, GIT_OID_RAWSZ);
	memcpy(sum->id, bytes, GIT_OID_RAWSZ);
	return buf_check(out, err);
}

static int make_index(struct buf *out, const struct pack *pack, const git_oid *sum, struct error *err)
{
	git_oid own;
	size_t k = 0;

	buf_put(out, "\377tOc", 4);
	put_u32(out, VERSION);
	for (unsigned byte = 0; byte < FANOUT; byte++) {
		while (k < pack->n && pack->entry[k].id.id[0] <= byte)
			k++;
		put_u32(out, (uint32_t)k);
	}
	for (size_t i = 0; i < pack->n; i++)
		buf_put(out, pack->entry[i].id.id, GIT_OID_RAWSZ);
	for (size_t i = 0; i < pack->n; i++)
		put_u32(out, pack->entry[i].crc);
	for (size_t i = 0; i < pack->n; i++)
		put_u32(out, pack->entry[i].offset);
	buf_put(out, sum->id, GIT_OID_RAWSZ);
	return put_sum(out, &own, err);
}

/* folder/pack-SUM.SUFFIX, by a temporary name that git knows as one; read-only, as git's own. */
static int put_file(const struct buf *bytes, const char *folder, const char *sum, const char *suffix, struct error *err)
{
	char *making = mem_printf("%s/tmp_%s_assay_%ld", folder, suffix, (long)getpid());
	char *path = mem_printf("%s/pack-%s.%s", folder, sum, suffix);
	int fd = -1, rc = 0;

	if (!making || !path) {
		rc = error_nomem(err);
		goto out;
	}
	unlink(making); /* of a process that had this number and was killed */
	fd = open(making, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	rc = fd < 0 ? error_errno(err, "cannot create %s", making) : fd_write(fd, bytes->text, bytes->len, making, err);
	if (fd >= 0 && close(fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", making);
	if (!rc && rename(making, path) < 0)
		rc = error_errno(err, "cannot put %s in place", path);
	if (rc < 0)
		unlink(making);
out:
	free(making);
	free(path);
	return rc;
}

int pack_write(struct pack *pack, const char *folder, struct error *err)
{
	uint32_t count = htonl((uint32_t)pack->n);
	struct buf index = BUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid sum;
	int rc;

	memcpy(pack->bytes.text + COUNT_AT, &count, sizeof(count));
	qsort(pack->entry, pack->n, sizeof(*pack->entry), by_id);
	rc = put_sum(&pack->bytes, &sum, err);
	if (!rc)
		rc = make_index(&index, pack, &sum, err);
	if (!rc)
		rc = dir_make(folder, err);
	if (!rc)
		rc = put_file(&pack->bytes, folder, git_oid_tostr(hex, sizeof(hex), &sum), "pack", err);
	if (!rc)
		rc = put_file(&index, folder, hex, "idx", err);
	buf_release(&index);
	return rc;
}

void pack_release(struct pack *pack)
{
	buf_release(&pack->bytes);
	free(pack->entry);
	*pack = (struct pack)PACK_INIT;
}

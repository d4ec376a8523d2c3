/* Objects into a pack and its index, byte by byte as git reads them. */
#include "store/pack.h"
#include "store/owner.h"
#include "base/mem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>

enum { COMPRESSION = 1, FANOUT = 256, COUNT_AT = 8, VERSION = 2, BLOCK = 1 << 16, TRIES = 10 };

/* What our .keep files begin with; then who made them. */
static const char MARK[] = "assay ";

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

static int put_compressed(struct buf *out, const void *data, size_t len, int level, struct error *err)
{
	uLongf room = compressBound(len);

	if (buf_reserve(out, room + 1) < 0)
		return error_nomem(err);
	if (compress2((Bytef *)out->text + out->len, &room, data, len, level) != Z_OK)
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
	rc = put_compressed(&pack->bytes, data, len, pack->level ? pack->level : COMPRESSION, err);
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

/* The temporary name of a file of a pack, which git knows as one. */
static char *temporary_name(const char *folder, const char *suffix)
{
	return mem_printf("%s/tmp_%s_assay_%ld", folder, suffix, (long)getpid());
}

static int open_new(const char *path, struct error *err)
{
	int fd;

	unlink(path); /* of a process that had this number and was killed */
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0444); /* read-only, as git's own */
	return fd < 0 ? error_errno(err, "cannot create %s", path) : fd;
}

/* From the temporary name to folder/pack-SUM.SUFFIX. ERR_MOVED: a gc cleared it away meanwhile, as it does with such names. */
static int put_in_place(const char *making, const char *folder, const char *sum, const char *suffix, struct error *err)
{
	char *path = mem_printf("%s/pack-%s.%s", folder, sum, suffix);
	int rc = path ? 0 : error_nomem(err);

	if (!rc && rename(making, path) < 0) {
		int gone = errno == ENOENT;

		rc = error_errno(err, "cannot put %s in place", path);
		rc = gone ? ERR_MOVED : rc;
	}
	free(path);
	return rc;
}

static int put_file_once(const struct buf *bytes, const char *folder, const char *sum, const char *suffix,
			 struct error *err)
{
	char *making = temporary_name(folder, suffix);
	int fd, rc;

	if (!making)
		return error_nomem(err);
	fd = open_new(making, err);
	rc = fd < 0 ? fd : fd_write(fd, bytes->text, bytes->len, making, err);
	if (fd >= 0 && close(fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", making);
	if (!rc)
		rc = put_in_place(making, folder, sum, suffix, err);
	if (rc < 0)
		unlink(making);
	free(making);
	return rc;
}

static int put_file(const struct buf *bytes, const char *folder, const char *sum, const char *suffix, struct error *err)
{
	struct error said = {0};
	int rc = ERR_MOVED;

	for (int i = 0; rc == ERR_MOVED && i < TRIES; i++) {
		error_clear(&said);
		rc = put_file_once(bytes, folder, sum, suffix, &said);
	}
	return rc < 0 ? error_set(err, rc, "%s", said.text) : 0;
}

/* Let go the packs that a killed process of ours held. */
static void release_dead(const char *folder)
{
	struct names names = {0};

	if (dir_list(&names, folder, NULL) < 0)
		return;
	for (size_t i = 0; i < names.n; i++) {
		const char *dot = strrchr(names.name[i], '.');
		char *path = dot && !strcmp(dot, ".keep") ? path_join(folder, names.name[i]) : NULL;
		struct buf text = BUF_INIT;

		if (path && file_read(&text, path, NULL) == 0 && !strncmp(text.text, MARK, strlen(MARK)) &&
		    owner_state(text.text + strlen(MARK)) == OWNER_DEAD)
			unlink(path);
		buf_release(&text);
		free(path);
	}
	names_free(&names);
}

static int hold(const char *folder, const char *sum, struct names *kept, struct error *err)
{
	char *path = mem_printf("%s/pack-%s.keep", folder, sum);
	struct buf text = BUF_INIT;
	int rc = path ? 0 : error_nomem(err);

	release_dead(folder);
	buf_puts(&text, MARK);
	if (!rc)
		rc = owner_self(&text, err);
	buf_putc(&text, '\n');
	if (!rc)
		rc = buf_check(&text, err);
	if (!rc)
		rc = names_add(kept, path, err);
	if (!rc)
		rc = file_write(path, text.text, text.len, err);
	buf_release(&text);
	free(path);
	return rc;
}

int pack_write(struct pack *pack, const char *folder, struct names *kept, struct error *err)
{
	uint32_t count = htonl((uint32_t)pack->n);
	struct buf index = BUF_INIT;
	char hex[GIT_OID_HEXSZ + 1];
	git_oid sum;
	int rc;

	memcpy(pack->bytes.text + COUNT_AT, &count, sizeof(count));
	qsort(pack->entry, pack->n, sizeof(*pack->entry), by_id);
	rc = put_sum(&pack->bytes, &sum, err);
	git_oid_tostr(hex, sizeof(hex), &sum);
	if (!rc)
		rc = make_index(&index, pack, &sum, err);
	if (!rc)
		rc = dir_make(folder, err);
	if (!rc && kept)
		rc = hold(folder, hex, kept, err);
	if (!rc)
		rc = put_file(&pack->bytes, folder, hex, "pack", err);
	if (!rc)
		rc = put_file(&index, folder, hex, "idx", err);
	buf_release(&index);
	return rc;
}

struct stream { /* one blob on its way into a pack */
	EVP_MD_CTX *object, *pack; /* SHA-1 of either */
	z_stream deflater;
	uint32_t crc; /* of the entry */
	int fd;
	const char *making;
	unsigned char out[BLOCK];
};

static int stream_put(struct stream *stream, const void *bytes, size_t len, struct error *err)
{
	if (EVP_DigestUpdate(stream->pack, bytes, len) != 1)
		return error_set(err, ERR_MACHINE, "libcrypto has no SHA-1");
	return fd_write(stream->fd, bytes, len, stream->making, err);
}

static int stream_entry(struct stream *stream, const void *bytes, size_t len, struct error *err)
{
	stream->crc = (uint32_t)crc32(stream->crc, bytes, (uInt)len);
	return stream_put(stream, bytes, len, err);
}

/* Compress a block; with Z_FINISH also what is left. */
static int stream_deflate(struct stream *stream, void *bytes, size_t len, int flush, struct error *err)
{
	int rc = 0, state;

	stream->deflater.next_in = bytes;
	stream->deflater.avail_in = (uInt)len;
	do {
		stream->deflater.next_out = stream->out;
		stream->deflater.avail_out = BLOCK;
		state = deflate(&stream->deflater, flush);
		if (state == Z_STREAM_ERROR)
			rc = error_set(err, ERR_MACHINE, "cannot compress an object");
		else
			rc = stream_entry(stream, stream->out, BLOCK - stream->deflater.avail_out, err);
	} while (!rc && (flush == Z_FINISH ? state != Z_STREAM_END : !stream->deflater.avail_out));
	return rc;
}

/* The heads of pack and object. */
static int stream_begin(struct stream *stream, unsigned long long size, struct error *err)
{
	struct buf head = BUF_INIT;
	char object[32];
	int len = snprintf(object, sizeof(object), "blob %llu", size), rc;

	if (EVP_DigestInit_ex(stream->object, EVP_sha1(), NULL) != 1 ||
	    EVP_DigestInit_ex(stream->pack, EVP_sha1(), NULL) != 1 ||
	    EVP_DigestUpdate(stream->object, object, (size_t)len + 1) != 1)
		return error_set(err, ERR_MACHINE, "libcrypto has no SHA-1");
	buf_puts(&head, "PACK");
	put_u32(&head, VERSION);
	put_u32(&head, 1);
	rc = buf_check(&head, err);
	if (!rc)
		rc = stream_put(stream, head.text, head.len, err);
	buf_clear(&head);
	put_head(&head, GIT_OBJECT_BLOB, size);
	if (!rc)
		rc = buf_check(&head, err);
	if (!rc)
		rc = stream_entry(stream, head.text, head.len, err);
	buf_release(&head);
	return rc;
}

/* The file's bytes, exactly as many as were said. */
static int stream_bytes(struct stream *stream, int fd, unsigned long long size, const char *name, struct error *err)
{
	unsigned char block[BLOCK];
	unsigned long long done = 0;
	int rc = lseek(fd, 0, SEEK_SET) < 0 ? error_errno(err, "cannot read %s", name) : 0;

	while (!rc) {
		ssize_t got = read(fd, block, sizeof(block));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(err, "cannot read %s", name);
		done += (unsigned long long)got;
		if (done > size || (!got && done < size))
			return ERR_MOVED;
		if (EVP_DigestUpdate(stream->object, block, (size_t)got) != 1)
			return error_set(err, ERR_MACHINE, "libcrypto has no SHA-1");
		rc = stream_deflate(stream, block, (size_t)got, got ? Z_NO_FLUSH : Z_FINISH, err);
		if (!got)
			break;
	}
	return rc;
}

/* The names of object and pack; the pack's last bytes are its own. */
static int stream_end(struct stream *stream, git_oid *id, git_oid *sum, struct error *err)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];

	if (EVP_DigestFinal_ex(stream->object, bytes, NULL) != 1)
		return error_set(err, ERR_MACHINE, "libcrypto has no SHA-1");
	memcpy(id->id, bytes, GIT_OID_RAWSZ);
	if (EVP_DigestFinal_ex(stream->pack, bytes, NULL) != 1)
		return error_set(err, ERR_MACHINE, "libcrypto has no SHA-1");
	memcpy(sum->id, bytes, GIT_OID_RAWSZ);
	return fd_write(stream->fd, bytes, GIT_OID_RAWSZ, stream->making, err);
}

/* Everything into the file at stream->making. */
static int stream_pack(struct stream *stream, struct pack_entry *entry, git_oid *sum, int fd, unsigned long long size,
		       const char *name, struct error *err)
{
	int rc;

	stream->object = EVP_MD_CTX_new();
	stream->pack = EVP_MD_CTX_new();
	if (!stream->object || !stream->pack || deflateInit(&stream->deflater, COMPRESSION) != Z_OK) {
		rc = error_nomem(err);
		goto out;
	}
	rc = stream_begin(stream, size, err);
	if (!rc)
		rc = stream_bytes(stream, fd, size, name, err);
	if (!rc)
		rc = stream_end(stream, &entry->id, sum, err);
	entry->crc = stream->crc;
	entry->offset = COUNT_AT + sizeof(uint32_t);
	deflateEnd(&stream->deflater);
out:
	EVP_MD_CTX_free(stream->object);
	EVP_MD_CTX_free(stream->pack);
	return rc;
}

int pack_file(git_oid *out, int fd, unsigned long long size, const char *name, const char *folder, struct names *kept,
	      struct error *err)
{
	struct stream *stream = mem_zeroed(1, sizeof(*stream));
	char *making = temporary_name(folder, "pack"), hex[GIT_OID_HEXSZ + 1];
	struct pack_entry entry = {.crc = 0};
	const struct pack pack = {.bytes = BUF_INIT, .entry = &entry, .n = 1};
	struct buf index = BUF_INIT;
	git_oid sum;
	int rc = stream && making ? dir_make(folder, err) : error_nomem(err);

	if (rc < 0)
		goto out;
	stream->making = making;
	stream->fd = open_new(making, err);
	rc = stream->fd < 0 ? stream->fd : stream_pack(stream, &entry, &sum, fd, size, name, err);
	if (stream->fd >= 0 && close(stream->fd) < 0 && !rc)
		rc = error_errno(err, "cannot write %s", making);
	if (!rc)
		rc = make_index(&index, &pack, &sum, err);
	git_oid_tostr(hex, sizeof(hex), &sum);
	if (!rc)
		rc = hold(folder, hex, kept, err);
	if (!rc)
		rc = put_in_place(making, folder, hex, "pack", err);
	if (!rc)
		rc = put_file(&index, folder, hex, "idx", err);
	if (rc < 0)
		unlink(making);
	*out = entry.id;
out:
	buf_release(&index);
	free(making);
	free(stream);
	return rc;
}

int pack_move(const char *from, const char *name, const char *folder, struct names *kept, struct error *err)
{
	static const char *const suffix[] = {"pack", "idx"};
	char sum[GIT_OID_HEXSZ + 1] = "";
	int rc = dir_make(folder, err);

	if (!rc && sscanf(name, "pack-%40[0-9a-f].pack", sum) != 1)
		rc = error_set(err, ERR_MACHINE, "git wrote a pack with the name %s", name);
	if (!rc)
		rc = hold(folder, sum, kept, err);
	for (size_t i = 0; !rc && i < 2; i++) {
		char *path = mem_printf("%s/pack-%s.%s", from, sum, suffix[i]);

		rc = path ? put_in_place(path, folder, sum, suffix[i], err) : error_nomem(err);
		free(path);
	}
	return rc;
}

void pack_release(struct pack *pack)
{
	buf_release(&pack->bytes);
	free(pack->entry);
	*pack = (struct pack)PACK_INIT;
}

/* An object database's back end around libgit2's mempack, which does not tell what it holds: this keeps the names. */
#include "store/pile.h"
#include "store/pack.h"
#include "store/repo.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/random.h"

#include <fcntl.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Measured for the six runs of a baseline, 74 objects and 300 KB: a pack 2 ms, loose 4, and many times that where the
 * file system is busy with other files. One run's dozen goes loose: git wants few packs.
 */
enum { LOOSE_MOST = 24, FRONT = 1000, TRIES = 3 };
enum { FILE_MOST = 1 << 20, SPILL = 4 << 20 }; /* bytes: of one file in memory; of all */

struct piled {
	git_oid id;
	int lent; /* it was on disk already, written by somebody: held here in case a gc takes it away there */
};

struct pile {
	git_odb_backend face; /* first: libgit2 knows the pile by it */
	git_odb_backend *memory;
	struct piled *object; /* in the order in which they were written: what an object names comes before it */
	size_t n, cap;
	git_oid *asked; /* that libgit2 was to write, and may have found on disk */
	size_t asks, asks_cap;
	size_t flushed; /* how many of them are on disk */
	size_t bytes; /* of all of them, as they were given */
	char *common_dir, *objects, *packs;
	git_odb *odb; /* that it stands in front of */
	struct names kept; /* packs that are held until references point at what is in them */
};

static int pile_read(void **data, size_t *len, git_object_t *type, git_odb_backend *face, const git_oid *id)
{
	git_odb_backend *memory = ((struct pile *)face)->memory;

	return memory->read(data, len, type, memory, id);
}

static int pile_read_header(size_t *len, git_object_t *type, git_odb_backend *face, const git_oid *id)
{
	git_odb_backend *memory = ((struct pile *)face)->memory;

	return memory->read_header(len, type, memory, id);
}

static int pile_exists(git_odb_backend *face, const git_oid *id)
{
	git_odb_backend *memory = ((struct pile *)face)->memory;

	return memory->exists(memory, id);
}

static int pile_write(git_odb_backend *face, const git_oid *id, const void *data, size_t len, git_object_t type)
{
	struct pile *pile = (struct pile *)face;
	int rc;

	if (MEM_GROW(pile->object, pile->n, pile->cap, NULL) < 0)
		return GIT_ERROR;
	rc = pile->memory->write(pile->memory, id, data, len, type);
	if (!rc) {
		pile->object[pile->n++] = (struct piled){.id = *id};
		pile->bytes += len;
	}
	return rc;
}

/* Asked before each write whether the object is there already. An id that cannot be noted is written once more: no harm. */
static int pile_freshen(git_odb_backend *face, const git_oid *id)
{
	struct pile *pile = (struct pile *)face;

	if (pile_exists(face, id))
		return 0;
	if (MEM_GROW(pile->asked, pile->asks, pile->asks_cap, NULL) < 0)
		return GIT_ENOTFOUND;
	pile->asked[pile->asks++] = *id;
	return GIT_ENOTFOUND;
}

static void let_go(struct pile *pile)
{
	for (size_t i = 0; i < pile->kept.n; i++)
		unlink(pile->kept.name[i]);
	names_free(&pile->kept);
}

static void pile_free(git_odb_backend *face)
{
	struct pile *pile = (struct pile *)face;

	if (pile->memory)
		pile->memory->free(pile->memory);
	let_go(pile);
	free(pile->common_dir);
	free(pile->objects);
	free(pile->packs);
	free(pile->object);
	free(pile->asked);
	free(pile);
}

int pile_new(struct pile **out, git_odb *odb, const char *common_dir)
{
	struct pile *pile = mem_zeroed(1, sizeof(*pile));
	int rc;

	if (!pile)
		return GIT_ERROR;
	pile->odb = odb;
	pile->common_dir = mem_text(common_dir);
	pile->objects = path_join(common_dir, "objects");
	pile->packs = path_join(common_dir, "objects/pack");
	rc = pile->common_dir && pile->objects && pile->packs ? 0 : GIT_ERROR;
	if (!rc)
		rc = git_odb_init_backend(&pile->face, GIT_ODB_BACKEND_VERSION);
	if (!rc)
		rc = git_mempack_new(&pile->memory);
	pile->face.read = pile_read;
	pile->face.read_header = pile_read_header;
	pile->face.exists = pile_exists;
	pile->face.write = pile_write;
	pile->face.freshen = pile_freshen;
	pile->face.free = pile_free;
	if (!rc)
		rc = git_odb_add_backend(odb, &pile->face, FRONT);
	if (rc < 0)
		pile_free(&pile->face);
	else
		*out = pile;
	return rc;
}

static int read_object(void **data, size_t *len, git_object_t *type, struct pile *pile, const git_oid *id,
		       struct error *err)
{
	int rc = pile->memory->read(data, len, type, pile->memory, id);

	return rc < 0 ? git_fail(err, rc, "cannot read a new object") : 0;
}

/* One file an object, straight to the place of loose objects: that they are new is known. */
static int flush_loose(struct pile *pile, struct error *err)
{
	git_odb_backend *loose = NULL;
	int rc = git_odb_backend_loose(&loose, pile->objects, -1, 0, 0, 0);

	if (rc < 0)
		return git_fail(err, rc, "cannot write objects to %s", pile->objects);
	for (size_t i = pile->flushed; !rc && i < pile->n; i++) {
		void *data = NULL;
		git_object_t type;
		size_t len;

		if (pile->object[i].lent)
			continue;
		rc = read_object(&data, &len, &type, pile, &pile->object[i].id, err);
		if (!rc && loose->write(loose, &pile->object[i].id, data, len, type) < 0)
			rc = git_fail(err, GIT_ERROR, "cannot write objects to %s", pile->objects);
		git_odb_backend_data_free(pile->memory, data);
	}
	loose->free(loose);
	return rc;
}

/* Add object i of the pile. */
static int add_to_pack(struct pack *pack, struct pile *pile, size_t i, struct error *err)
{
	void *data = NULL;
	git_object_t type;
	size_t len;
	int rc = read_object(&data, &len, &type, pile, &pile->object[i].id, err);

	if (!rc)
		rc = pack_add(pack, &pile->object[i].id, type, data, len, err);
	git_odb_backend_data_free(pile->memory, data);
	return rc;
}

/* The objects from the `first` on that are our own, as a pack that a .keep file holds. */
static int flush_pack(struct pile *pile, size_t first, struct error *err)
{
	struct pack pack = PACK_INIT;
	int rc = 0;

	for (size_t i = first; !rc && i < pile->n; i++)
		if (!pile->object[i].lent)
			rc = add_to_pack(&pack, pile, i, err);
	if (!rc && pack.n)
		rc = pack_write(&pack, pile->packs, &pile->kept, err);
	pack_release(&pack);
	return rc;
}

/*
 * All objects once more. A pack is named by its bytes, and a gc under way may have one of the same objects, another writer's, on
 * its list of those to be removed: in an order and a compression of chance it has a name that is on no list.
 */
static int pack_again(struct pile *pile, struct error *err)
{
	struct pack pack = PACK_INIT;
	struct random chance;
	uint64_t seed;
	int rc = random_bytes(&seed, sizeof(seed), err);

	if (rc < 0)
		return rc;
	random_init(&chance, seed, 0);
	pack.level = 1 + (int)random_below(&chance, 9);
	for (size_t i = pile->n; i > 1; i--) {
		size_t k = random_below(&chance, i);
		struct piled swapped = pile->object[i - 1];

		pile->object[i - 1] = pile->object[k];
		pile->object[k] = swapped;
	}
	for (size_t i = 0; !rc && i < pile->n; i++)
		rc = add_to_pack(&pack, pile, i, err);
	if (!rc && pack.n)
		rc = pack_write(&pack, pile->packs, NULL, err);
	pack_release(&pack);
	return rc;
}

static int loose_there(const struct pile *pile, const git_oid *id, struct error *err)
{
	char hex[GIT_OID_HEXSZ + 1], *path;
	int there;

	git_oid_tostr(hex, sizeof(hex), id);
	path = mem_printf("%s/%.2s/%s", pile->objects, hex, hex + 2);
	there = path ? file_exists(path) : error_nomem(err);
	free(path);
	return there;
}

int pile_borrow(struct pile *pile, const git_oid *id, struct error *err)
{
	git_odb_object *object = NULL;
	git_object_t type;
	size_t len;
	int rc;

	if (pile_exists(&pile->face, id))
		return 0;
	rc = git_odb_read_header(&len, &type, pile->odb, id);
	if (!rc && len <= FILE_MOST)
		rc = git_odb_read(&object, pile->odb, id);
	if (rc == GIT_ENOTFOUND)
		return error_set(err, ERR_MOVED, "an object was taken away by somebody's gc");
	if (rc < 0)
		return git_fail(err, rc, "cannot read an object");
	if (object && pile_write(&pile->face, id, git_odb_object_data(object), git_odb_object_size(object), type) < 0)
		rc = error_nomem(err);
	else if (object)
		pile->object[pile->n - 1].lent = 1;
	git_odb_object_free(object);
	return rc;
}

int pile_own(struct pile *pile, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < pile->asks; i++)
		rc = pile_borrow(pile, &pile->asked[i], err);
	pile->asks = 0;
	return rc;
}

int pile_flush(struct pile *pile, struct error *err)
{
	size_t fresh = 0;
	int rc = pile_own(pile, err);

	for (size_t i = pile->flushed; i < pile->n; i++)
		fresh += !pile->object[i].lent;
	if (!rc && (fresh > LOOSE_MOST || (fresh && pile->bytes > SPILL)))
		rc = flush_pack(pile, pile->flushed, err);
	else if (!rc && fresh)
		rc = flush_loose(pile, err);
	if (!rc)
		pile->flushed = pile->n;
	return rc;
}

int pile_pack(struct pile *pile, const char *from, const char *name, struct error *err)
{
	return pack_move(from, name, pile->packs, &pile->kept, err);
}

int pile_spill(struct pile *pile, struct error *err)
{
	int rc = pile->bytes > SPILL ? pile_flush(pile, err) : 0;

	if (!rc && pile->bytes > SPILL) {
		(void)git_mempack_reset(pile->memory);
		pile->n = pile->flushed = pile->bytes = 0;
	}
	return rc;
}

/* A large file: nothing to do where git has it. ERR_MOVED: it changed while it was read. */
static int large_file(git_oid *out, struct pile *pile, int fd, const char *path, off_t size, struct error *err)
{
	int rc = git_odb_hashfile(out, path, GIT_OBJECT_BLOB);

	if (rc < 0)
		return git_fail(err, rc, "cannot read %s", path);
	if (git_odb_exists(pile->odb, out))
		return 0;
	return pack_file(out, fd, (unsigned long long)size, path, pile->packs, &pile->kept, err);
}

int pile_file(git_oid *out, struct pile *pile, git_repository *repo, const char *path, struct error *err)
{
	struct buf bytes = BUF_INIT;
	struct stat st;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), rc = 0;

	if (fd < 0 || fstat(fd, &st) < 0) {
		rc = error_errno(err, "cannot open %s", path);
	} else if (!S_ISREG(st.st_mode)) {
		rc = error_set(err, ERR_INPUT, "%s is no plain file", path);
	} else if (st.st_size > FILE_MOST) {
		rc = ERR_MOVED;
		for (int i = 0; rc == ERR_MOVED && i < TRIES; i++)
			rc = fstat(fd, &st) < 0 ? error_errno(err, "cannot read %s", path)
						: large_file(out, pile, fd, path, st.st_size, err);
		if (rc == ERR_MOVED)
			rc = error_set(err, ERR_INPUT, "%s changes while it is read", path);
	} else {
		rc = fd_read(&bytes, fd, path, err);
		if (!rc && git_blob_create_from_buffer(out, repo, bytes.text, bytes.len) < 0)
			rc = git_fail(err, GIT_ERROR, "cannot keep %s", path);
	}
	if (fd >= 0)
		close(fd);
	buf_release(&bytes);
	return rc;
}

/* Whether every object that was a file of its own, or was lent by a pack of somebody, is still there. */
static int all_there(const struct pile *pile, struct error *err)
{
	git_odb_backend *packs = NULL;
	int there = git_odb_backend_pack(&packs, pile->objects) < 0 ? error_nomem(err) : 1;

	for (size_t i = 0; there == 1 && i < pile->n; i++) {
		there = loose_there(pile, &pile->object[i].id, err);
		if (there == 0)
			there = packs->exists(packs, &pile->object[i].id);
	}
	if (packs)
		packs->free(packs);
	return there;
}

int pile_secure(struct pile *pile, struct error *err)
{
	char *running = path_join(pile->common_dir, "gc.pid");
	int rc = 0;

	if (!running)
		return error_nomem(err);
	rc = file_exists(running) ? 0 : all_there(pile, err);
	if (!rc)
		rc = pack_again(pile, err);
	free(running);
	return rc < 0 ? rc : 0;
}

void pile_clear(struct pile *pile)
{
	(void)git_mempack_reset(pile->memory);
	pile->n = pile->flushed = pile->bytes = 0;
	pile->asks = 0;
	let_go(pile);
}

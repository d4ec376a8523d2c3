/* An object database's back end around libgit2's mempack, which does not tell what it holds: this keeps the names. */
#include "store/pile.h"
#include "store/pack.h"
#include "store/repo.h"
#include "base/file.h"
#include "base/mem.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

/*
 * Measured for the six runs of a baseline, 74 objects and 300 KB: a pack 2 ms, loose 4, and many times that where the
 * file system is busy with other files. One run's dozen goes loose: git wants few packs.
 */
enum { LOOSE_MOST = 24, FRONT = 1000 };

struct pile {
	git_odb_backend face; /* first: libgit2 knows the pile by it */
	git_odb_backend *memory;
	git_oid *id; /* in the order in which they were written: what an object names comes before it */
	size_t n, cap;
	size_t flushed; /* how many of them are on disk */
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

	if (MEM_GROW(pile->id, pile->n, pile->cap, NULL) < 0)
		return GIT_ERROR;
	rc = pile->memory->write(pile->memory, id, data, len, type);
	if (!rc)
		pile->id[pile->n++] = *id;
	return rc;
}

static void pile_free(git_odb_backend *face)
{
	struct pile *pile = (struct pile *)face;

	pile->memory->free(pile->memory);
	free(pile->id);
	free(pile);
}

int pile_new(struct pile **out, git_odb *odb)
{
	struct pile *pile = mem_zeroed(1, sizeof(*pile));
	int rc;

	if (!pile)
		return GIT_ERROR;
	rc = git_odb_init_backend(&pile->face, GIT_ODB_BACKEND_VERSION);
	if (!rc)
		rc = git_mempack_new(&pile->memory);
	if (rc < 0) {
		free(pile);
		return rc;
	}
	pile->face.read = pile_read;
	pile->face.read_header = pile_read_header;
	pile->face.exists = pile_exists;
	pile->face.write = pile_write;
	pile->face.free = pile_free;
	rc = git_odb_add_backend(odb, &pile->face, FRONT);
	if (rc < 0)
		pile_free(&pile->face);
	else
		*out = pile;
	return rc;
}

/* One file an object, straight to the place of loose objects: that they are new is known. */
static int flush_loose(struct pile *pile, const char *objects, struct error *err)
{
	git_odb_backend *loose = NULL;
	int rc = git_odb_backend_loose(&loose, objects, -1, 0, 0, 0);

	for (size_t i = pile->flushed; rc >= 0 && i < pile->n; i++) {
		void *data = NULL;
		git_object_t type;
		size_t len;

		rc = pile->memory->read(&data, &len, &type, pile->memory, &pile->id[i]);
		if (rc >= 0)
			rc = loose->write(loose, &pile->id[i], data, len, type);
		git_odb_backend_data_free(pile->memory, data);
	}
	if (loose)
		loose->free(loose);
	return rc < 0 ? git_fail(err, rc, "cannot write objects to %s", objects) : 0;
}

static int flush_pack(struct pile *pile, const char *objects, struct error *err)
{
	char *folder = path_join(objects, "pack");
	struct pack pack = PACK_INIT;
	int rc = folder ? 0 : error_nomem(err);

	for (size_t i = pile->flushed; !rc && i < pile->n; i++) {
		void *data = NULL;
		git_object_t type;
		size_t len;

		rc = pile->memory->read(&data, &len, &type, pile->memory, &pile->id[i]);
		if (rc < 0)
			rc = git_fail(err, rc, "cannot read a new object");
		else
			rc = pack_add(&pack, &pile->id[i], type, data, len, err);
		git_odb_backend_data_free(pile->memory, data);
	}
	if (!rc)
		rc = pack_write(&pack, folder, err);
	pack_release(&pack);
	free(folder);
	return rc;
}

int pile_flush(struct pile *pile, const char *common_dir, struct error *err)
{
	char *objects = mem_printf("%s/objects", common_dir);
	int rc = 0;

	if (!objects)
		return error_nomem(err);
	if (pile->n - pile->flushed > LOOSE_MOST)
		rc = flush_pack(pile, objects, err);
	else if (pile->n > pile->flushed)
		rc = flush_loose(pile, objects, err);
	if (!rc)
		pile->flushed = pile->n;
	free(objects);
	return rc;
}

void pile_clear(struct pile *pile)
{
	(void)git_mempack_reset(pile->memory);
	pile->n = pile->flushed = 0;
}

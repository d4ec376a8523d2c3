/* Objects of git processes, kept apart until they are on the pile. */
#include "store/quarantine.h"
#include "base/mem.h"

#include <git2/sys/odb_backend.h>

/* git's list of object folders is parted by colons; a quoted entry may hold any character. */
static void put_quoted(struct buf *out, const char *path)
{
	buf_putc(out, '"');
	for (; *path; path++) {
		if (*path == '"' || *path == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *path);
	}
	buf_putc(out, '"');
}

static int set_environment(struct quarantine *quarantine, const struct store *store, struct error *err)
{
	const char *more = getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES");
	char *objects = path_join(store->common_dir, "objects");
	struct buf text = BUF_INIT;

	buf_puts(&text, "GIT_ALTERNATE_OBJECT_DIRECTORIES=");
	if (objects)
		put_quoted(&text, objects);
	if (more && *more)
		buf_printf(&text, ":%s", more);
	quarantine->environment[0] = mem_printf("GIT_OBJECT_DIRECTORY=%s", quarantine->folder);
	quarantine->environment[1] = buf_detach(&text);
	free(objects);
	return objects && quarantine->environment[0] && quarantine->environment[1] ? 0 : error_nomem(err);
}

int quarantine_open(struct quarantine *out, struct store *store, struct error *err)
{
	struct quarantine made = {.folder = path_join(store->assay_dir, "objects-XXXXXX")};
	int rc = made.folder ? dir_make(store->assay_dir, err) : error_nomem(err);

	if (!rc && !mkdtemp(made.folder)) {
		rc = error_errno(err, "cannot create the folder %s", made.folder);
		made.folder[0] = '\0'; /* nothing to remove */
	}
	if (!rc)
		rc = set_environment(&made, store, err);
	if (rc < 0)
		quarantine_release(&made);
	else
		*out = made;
	return rc;
}

/* Loose objects: folder/ab/38 digits. */
static int adopt_loose(struct store *store, git_odb_backend *loose, const char *folder, const char *two,
		       struct error *err)
{
	char *path = path_join(folder, two);
	struct names names = {0};
	int rc = path ? dir_list(&names, path, err) : error_nomem(err);

	for (size_t i = 0; !rc && i < names.n; i++) {
		char hex[OID_HEX];
		void *data = NULL;
		git_object_t type;
		git_oid id, same;
		size_t len;

		snprintf(hex, sizeof(hex), "%.2s%.38s", two, names.name[i]);
		if (strlen(names.name[i]) != GIT_OID_HEXSZ - 2 || git_oid_fromstr(&id, hex) < 0)
			continue; /* a temporary file of git's */
		if (loose->read(&data, &len, &type, loose, &id) < 0) {
			rc = git_fail(err, GIT_ERROR, "cannot read a new object");
			break;
		}
		if (git_odb_write(&same, store->odb, data, len, type) < 0)
			rc = git_fail(err, GIT_ERROR, "cannot keep a new object");
		git_odb_backend_data_free(loose, data);
		if (!rc)
			rc = pile_spill(store->pile, err);
	}
	names_free(&names);
	free(path);
	return rc;
}

static int adopt_packs(struct store *store, const char *folder, struct error *err)
{
	char *path = path_join(folder, "pack");
	struct names names = {0};
	int rc = path ? 0 : error_nomem(err);

	if (!rc && dir_exists(path))
		rc = dir_list(&names, path, err);
	for (size_t i = 0; !rc && i < names.n; i++) {
		size_t len = strlen(names.name[i]);

		if (len > 5 && !strcmp(names.name[i] + len - 5, ".pack"))
			rc = pile_pack(store->pile, path, names.name[i], err);
	}
	names_free(&names);
	free(path);
	return rc;
}

int quarantine_adopt(struct quarantine *quarantine, struct store *store, struct error *err)
{
	git_odb_backend *loose = NULL;
	struct names names = {0};
	int rc = store_pile(store, err);

	if (!rc && git_odb_backend_loose(&loose, quarantine->folder, -1, 0, 0, 0) < 0)
		rc = git_fail(err, GIT_ERROR, "cannot read new objects");
	if (!rc)
		rc = adopt_packs(store, quarantine->folder, err);
	if (!rc)
		rc = dir_list(&names, quarantine->folder, err);
	for (size_t i = 0; !rc && i < names.n; i++)
		if (strlen(names.name[i]) == 2)
			rc = adopt_loose(store, loose, quarantine->folder, names.name[i], err);
	names_free(&names);
	if (loose)
		loose->free(loose);
	return rc;
}

void quarantine_release(struct quarantine *quarantine)
{
	struct error ignored = {0};

	if (quarantine->folder && *quarantine->folder && dir_remove(quarantine->folder, &ignored) < 0)
		error_clear(&ignored);
	free(quarantine->folder);
	free(quarantine->environment[0]);
	free(quarantine->environment[1]);
	*quarantine = (struct quarantine){0};
}

/* Bringing the catalog to a commit: by the tree difference to the one it was made at. */
#include "record/catalog_update.h"

#include "base/hash.h"
#include "base/mem.h"
#include "record/brief.h"
#include "record/look.h"
#include "record/runs_read.h"

enum { RECENT = 16 }; /* parts that are likely to come again at once */

struct update {
	struct db *db;
	struct store *store;
	struct error *err;
	struct found_list changed; /* blob "": gone */
	sqlite3_stmt *add, *part, *part_number, *problem, *forget_run, *forget_problem;
	struct {
		char hash[SHA256_HEX];
		size_t n;
	} recent[RECENT];
	size_t parts; /* kept so far: the next goes over the oldest */
};

int catalog_about(char out[OID_HEX], struct db *db, const char *key)
{
	sqlite3_stmt *statement = NULL;
	int row = 0, rc = db_prepare(&statement, db, "SELECT value FROM about WHERE key = ?1");

	out[0] = '\0';
	if (!rc) {
		db_bind_text(statement, 1, key);
		rc = db_step(&row, db, statement);
	}
	if (!rc && row)
		snprintf(out, OID_HEX, "%s", db_text(statement, 0));
	sqlite3_finalize(statement);
	return rc;
}

static int set_about(struct db *db, const char *key, const char *value)
{
	sqlite3_stmt *statement = NULL;
	int rc = db_prepare(&statement, db, "INSERT OR REPLACE INTO about VALUES (?1, ?2)");

	if (!rc) {
		db_bind_text(statement, 1, key);
		db_bind_text(statement, 2, value);
		rc = db_run(db, statement);
	}
	sqlite3_finalize(statement);
	return rc;
}

static int prepare(struct update *update)
{
	struct db *db = update->db;
	int rc = db_prepare(&update->add, db,
			    "INSERT INTO run VALUES (?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");

	if (!rc)
		rc = db_prepare(&update->part, db, "INSERT OR IGNORE INTO part (hash, bytes) VALUES (?1, ?2)");
	if (!rc)
		rc = db_prepare(&update->part_number, db, "SELECT n FROM part WHERE hash = ?1");
	if (!rc)
		rc = db_prepare(&update->problem, db, "INSERT OR REPLACE INTO problem VALUES (?1, ?2)");
	if (!rc)
		rc = db_prepare(&update->forget_run, db, "DELETE FROM run WHERE id = ?2 AND path = ?1");
	if (!rc)
		rc = db_prepare(&update->forget_problem, db, "DELETE FROM problem WHERE path = ?1");
	return rc;
}

static void finish(struct update *update)
{
	sqlite3_finalize(update->add);
	sqlite3_finalize(update->part);
	sqlite3_finalize(update->part_number);
	sqlite3_finalize(update->problem);
	sqlite3_finalize(update->forget_run);
	sqlite3_finalize(update->forget_problem);
	found_release(&update->changed);
}

static int add_part(size_t *n, struct update *update, const char *hash, const struct buf *bytes)
{
	int row = 0, rc;

	db_bind_text(update->part, 1, hash);
	sqlite3_bind_blob64(update->part, 2, bytes->text, bytes->len, SQLITE_STATIC);
	rc = db_run(update->db, update->part);
	if (rc)
		return rc;
	db_bind_text(update->part_number, 1, hash);
	rc = db_step(&row, update->db, update->part_number);
	*n = row ? (size_t)sqlite3_column_int64(update->part_number, 0) : 0;
	sqlite3_reset(update->part_number);
	return rc;
}

static int keep_part(void *context, size_t *n, const struct buf *bytes, struct error *err)
{
	struct update *update = context;
	char hash[SHA256_HEX];
	size_t at;
	int rc = sha256(hash, bytes->text, bytes->len, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < RECENT; i++)
		if (!strcmp(update->recent[i].hash, hash)) {
			*n = update->recent[i].n;
			return 0;
		}
	rc = add_part(n, update, hash, bytes);
	if (rc)
		return rc;
	at = update->parts++ % RECENT;
	memcpy(update->recent[at].hash, hash, sizeof(hash));
	update->recent[at].n = *n;
	return 0;
}

static int add_problem(struct update *update, const char *path, const char *what, struct error *err)
{
	struct names line = {0};
	int rc = record_problem(&line, path, what, err);

	if (!rc) {
		db_bind_text(update->problem, 1, path);
		db_bind_text(update->problem, 2, line.name[0]);
		rc = db_run(update->db, update->problem);
	}
	names_free(&line);
	return rc;
}

static int add_run(struct update *update, const char *path, const struct run *run, struct error *err)
{
	static const char *const column[] = {"id", "root", "experiment", "name", "kind", "status", "started", "parent"};
	enum { COLUMNS = sizeof(column) / sizeof(*column), FIRST = 2 };
	const struct brief_parts parts = {.keep = keep_part, .context = update};
	struct buf brief = BUF_INIT;
	char point[RUN_POINT], look[LOOK_ROWS];
	int rc = run_point(point, run, err);

	(void)look_rows(look, run);
	if (!rc)
		rc = brief_pack(&brief, run, &parts, err);
	if (rc)
		goto out;
	db_bind_text(update->add, 1, path);
	for (int i = 0; i < COLUMNS; i++)
		db_bind_text(update->add, FIRST + i, run_text(run, column[i]));
	db_bind_text(update->add, FIRST + COLUMNS, point);
	db_bind_text(update->add, FIRST + COLUMNS + 1, look);
	sqlite3_bind_blob64(update->add, FIRST + COLUMNS + 2, brief.text, brief.len, SQLITE_STATIC);
	rc = db_run(update->db, update->add);
out:
	buf_release(&brief);
	return rc;
}

static int take_record(void *context, const char *path, struct run *run, const char *wrong, struct error *err)
{
	struct update *update = context;

	return run ? add_run(update, path, run, err) : add_problem(update, path, wrong, err);
}

static int note_change(void *context, const char *path, const char *blob_hex)
{
	struct update *update = context;

	if (blob_hex && record_place(path) == PLACE_ARTIFACT)
		return 0;
	return found_add(&update->changed, path, blob_hex ? blob_hex : "", update->err);
}

static int forget(struct update *update, const char *path)
{
	char id[RUN_ID];
	int rc;

	record_id_of(id, path);
	db_bind_text(update->forget_run, 1, path);
	db_bind_text(update->forget_run, 2, id);
	rc = db_run(update->db, update->forget_run);
	if (rc)
		return rc;
	db_bind_text(update->forget_problem, 1, path);
	return db_run(update->db, update->forget_problem);
}

/* Forget what has changed, and leave in the list the records that are to be read. */
static int take_changes(struct update *update, int anew, struct error *err)
{
	struct found_list *list = &update->changed;
	size_t n = 0;
	int rc = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct found *found = &list->item[i];
		int is_record = *found->blob && record_place(found->path) == PLACE_RECORD;

		if (!rc && !anew)
			rc = forget(update, found->path);
		if (!rc && *found->blob && !is_record)
			rc = add_problem(update, found->path, RECORD_FOREIGN, err);
		if (is_record)
			list->item[n++] = *found;
		else
			free(found->path);
	}
	list->n = n;
	return rc;
}

/* The runs, from those at `from` ("": none, the tables are empty) to those at the tip. */
static int update_runs(struct update *update, const char *from, const char *tip, struct error *err)
{
	const struct record_reader reader = {take_record, update};
	struct error why = {0};
	int rc = 0;

	if (*from && *tip)
		rc = store_tree_changes(update->store, from, tip, "runs", "run.json", note_change, update, &why);
	if (rc == ERR_NOMEM)
		return error_nomem(err);
	if (rc < 0 || !*from || !*tip) { /* where the old commit is gone, all is read again */
		found_release(&update->changed);
		from = "";
		rc = db_exec(update->db, "DELETE FROM run; DELETE FROM problem; DELETE FROM part");
		if (!rc && *tip)
			rc = store_walk(update->store, tip, "runs", "run.json", note_change, update, err);
	}
	if (!rc)
		rc = take_changes(update, !*from, err);
	if (!rc)
		rc = records_read(update->store, &update->changed, &reader, err);
	return rc;
}

struct bringing {
	struct names id, hex;
	struct error *err;
};

static int note_commit(void *context, const char *id, const char *hex)
{
	struct bringing *bringing = context;
	int rc = names_add(&bringing->id, id, bringing->err);

	return rc ? rc : names_add(&bringing->hex, hex, bringing->err);
}

/* The oldest commit that names a run brought it: what is known stays, and of what is new the oldest comes first. */
static int keep_commits(struct db *db, const struct bringing *bringing)
{
	sqlite3_stmt *statement = NULL;
	int rc = db_prepare(&statement, db, "INSERT OR IGNORE INTO brought VALUES (?1, ?2)");

	for (size_t i = bringing->id.n; i-- > 0 && !rc;) {
		db_bind_text(statement, 1, bringing->id.name[i]);
		db_bind_text(statement, 2, bringing->hex.name[i]);
		rc = db_run(db, statement);
	}
	sqlite3_finalize(statement);
	return rc;
}

static int update_commits(struct db *db, struct store *store, const char *tip, struct error *err)
{
	struct bringing bringing = {.err = err};
	char from[OID_HEX];
	int rc = catalog_about(from, db, "commits"), goes_on = 0;

	if (rc || !strcmp(from, tip))
		return rc;
	if (*from && *tip)
		goes_on = store_descends(store, tip, from, err);
	if (goes_on < 0)
		return goes_on;
	if (!goes_on)
		rc = db_exec(db, "DELETE FROM brought");
	if (!rc)
		rc = store_run_commits(store, goes_on ? from : NULL, note_commit, &bringing, err);
	if (!rc)
		rc = keep_commits(db, &bringing);
	if (!rc)
		rc = set_about(db, "commits", tip);
	names_free(&bringing.id);
	names_free(&bringing.hex);
	return rc;
}

/* In the transaction: others may have made the tables or moved on meanwhile. */
static int update_all(char tip[OID_HEX], struct update *update, int commits, struct error *err)
{
	char from[OID_HEX] = "";
	int ours, rc = db_is_ours(&ours, update->db);

	if (!rc && !ours)
		rc = db_create(update->db);
	if (!rc)
		rc = catalog_about(from, update->db, "tip");
	if (!rc)
		rc = store_tip(tip, update->store, err);
	if (!rc)
		rc = prepare(update);
	if (!rc && strcmp(from, tip) != 0)
		rc = update_runs(update, from, tip, err);
	if (!rc)
		rc = set_about(update->db, "tip", tip);
	if (!rc && commits)
		rc = update_commits(update->db, update->store, tip, err);
	finish(update);
	return rc;
}

static int is_current(int *current, const char *tip, struct db *db, int commits)
{
	char at[OID_HEX] = "", known[OID_HEX] = "";
	int rc = db_is_ours(current, db);

	if (rc || !*current)
		return rc;
	rc = catalog_about(at, db, "tip");
	if (!rc && commits)
		rc = catalog_about(known, db, "commits");
	*current = !strcmp(at, tip) && (!commits || !strcmp(known, tip));
	return rc;
}

int catalog_update(char tip[OID_HEX], struct db *db, struct store *store, int commits, struct error *err)
{
	struct update update = {.db = db, .store = store, .err = err};
	int current = 0, rc = store_tip(tip, store, err);

	if (rc < 0)
		return rc;
	rc = is_current(&current, tip, db, commits);
	if (rc || current)
		return rc;
	rc = db_exec(db, "BEGIN IMMEDIATE");
	if (!rc)
		rc = update_all(tip, &update, commits, err);
	if (!rc)
		rc = db_exec(db, "COMMIT");
	if (rc)
		db_rollback(db);
	return rc;
}

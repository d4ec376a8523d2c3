/* The file of the catalog: see catalog_db.h. */
#include "record/catalog_db.h"

enum { OURS = 0x61737361, FORM = 7 }; /* "assa"; to be counted up when tables or brief records change */
enum { BUSY_MS = 3000 };

static const char *const tables =
	"CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE run (id TEXT NOT NULL, path TEXT NOT NULL, root TEXT NOT NULL, experiment TEXT NOT NULL,"
	" name TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL, started TEXT NOT NULL, parent TEXT NOT NULL,"
	" point TEXT NOT NULL, look TEXT NOT NULL,"
	" brief BLOB NOT NULL, PRIMARY KEY (id, path)) WITHOUT ROWID;"
	"CREATE INDEX run_by_experiment ON run (root, experiment);"
	"CREATE INDEX run_by_kind ON run (root, kind, experiment);"
	"CREATE INDEX run_by_look ON run (root, look, experiment, parent);"
	"CREATE TABLE part (n INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, bytes BLOB NOT NULL);"
	"CREATE TABLE problem (path TEXT PRIMARY KEY, text TEXT NOT NULL);"
	"CREATE TABLE brought (id TEXT PRIMARY KEY, hex TEXT NOT NULL) WITHOUT ROWID;";

static int trouble(struct db *db, int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW)
		return 0;
	db->code = code & 0xff;
	return DB_TROUBLE;
}

static int open_with(struct db *db, const char *path, int flags)
{
	int code = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);

	if (code != SQLITE_OK) {
		sqlite3_close(db->handle);
		db->handle = NULL;
	}
	return trouble(db, code);
}

int db_open_file(struct db *db, const char *path)
{
	int rc;

	*db = (struct db){0};
	rc = open_with(db, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW);
	if (rc)
		rc = open_with(db, path, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOFOLLOW);
	if (!rc)
		rc = trouble(db, sqlite3_busy_timeout(db->handle, BUSY_MS));
	/* One transaction is held in memory until it is written at once: readers wait no longer than that takes. */
	if (!rc)
		rc = db_exec(db, "PRAGMA page_size = 16384; PRAGMA cache_size = -65536; PRAGMA synchronous = NORMAL");
	return rc;
}

int db_open_memory(struct db *db)
{
	*db = (struct db){.in_memory = 1};
	return open_with(db, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
}

void db_close(struct db *db)
{
	sqlite3_close(db->handle);
	db->handle = NULL;
}

int db_exec(struct db *db, const char *sql)
{
	return trouble(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

void db_rollback(struct db *db)
{
	if (db->handle && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

int db_prepare(sqlite3_stmt **out, struct db *db, const char *sql)
{
	return trouble(db, sqlite3_prepare_v2(db->handle, sql, -1, out, NULL));
}

int db_step(int *row, struct db *db, sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);

	*row = code == SQLITE_ROW;
	return trouble(db, code);
}

int db_run(struct db *db, sqlite3_stmt *statement)
{
	int row, rc = db_step(&row, db, statement);

	sqlite3_reset(statement);
	return rc;
}

const char *db_text(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text ? (const char *)text : "";
}

void db_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
	sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static int pragma(int *out, struct db *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int row = 0, rc = db_prepare(&statement, db, sql);

	*out = 0;
	if (!rc)
		rc = db_step(&row, db, statement);
	if (!rc && row)
		*out = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return rc;
}

int db_is_ours(int *ours, struct db *db)
{
	int id, form = 0, rc = pragma(&id, db, "PRAGMA application_id");

	if (!rc)
		rc = pragma(&form, db, "PRAGMA user_version");
	*ours = !rc && id == OURS && form == FORM;
	return rc;
}

int db_create(struct db *db)
{
	char marks[96];
	int rc = db_exec(db, tables);

	snprintf(marks, sizeof(marks), "PRAGMA application_id = %d; PRAGMA user_version = %d", OURS, FORM);
	return rc ? rc : db_exec(db, marks);
}

int db_reset(struct db *db)
{
	int rc = trouble(db, sqlite3_db_config(db->handle, SQLITE_DBCONFIG_RESET_DATABASE, 1, 0));

	if (!rc)
		rc = db_exec(db, "VACUUM");
	if (sqlite3_db_config(db->handle, SQLITE_DBCONFIG_RESET_DATABASE, 0, 0) != SQLITE_OK && !rc)
		rc = trouble(db, SQLITE_ERROR);
	return rc;
}

/* What the file holds now. 1 if it could be read whole. */
static int copy_into(struct db *memory, struct db *file)
{
	sqlite3_backup *backup = sqlite3_backup_init(memory->handle, "main", file->handle, "main");
	int code = backup ? sqlite3_backup_step(backup, -1) : SQLITE_ERROR;

	if (backup)
		sqlite3_backup_finish(backup);
	return code == SQLITE_DONE;
}

int db_to_memory(struct db *db, int copy)
{
	struct db file = *db;
	int rc = db_open_memory(db);

	if (!rc && copy && file.handle && !copy_into(db, &file)) {
		db_close(db);
		rc = db_open_memory(db);
	}
	db_close(&file);
	return rc;
}

int db_is_damaged(const struct db *db)
{
	switch (db->code) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_ERROR: /* a table that is not there */
	case SQLITE_SCHEMA:
	case SQLITE_MISMATCH:
	case SQLITE_CONSTRAINT:
	case SQLITE_FORMAT:
		return 1;
	default:
		return 0;
	}
}

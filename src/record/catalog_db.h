/*
 * The file of the catalog, by SQLite. Private to record/. Its calls return 0, DB_TROUBLE where SQLite refused (code says why),
 * or a negative error code of something else.
 *
 * A rollback journal, not a write-ahead log: a reader in a read-only repository needs no second file. What a kill leaves is
 * rolled back by the next that opens it.
 */
#ifndef ASSAY_RECORD_CATALOG_DB_H
#define ASSAY_RECORD_CATALOG_DB_H

#include "base/error.h"

#include <sqlite3.h>

#define DB_TROUBLE 1

struct db {
	sqlite3 *handle;
	int code; /* SQLite's, of the last trouble */
	int in_memory;
};

MUST_CHECK int db_open_file(struct db *db, const char *path);
MUST_CHECK int db_open_memory(struct db *db);
void db_close(struct db *db);

/* Whether it has the tables of this version, empty or not: 1 or 0. */
MUST_CHECK int db_is_ours(int *ours, struct db *db);

/* Make the tables, in a transaction that is open. */
MUST_CHECK int db_create(struct db *db);

/* Empty the file, whatever is in it. */
MUST_CHECK int db_reset(struct db *db);

/* Make `db`, a file's, one in memory: with what the file holds, or empty where `copy` is 0 or it cannot be read. */
MUST_CHECK int db_to_memory(struct db *db, int copy);

/* 1 if what SQLite said is that the file is not a sound catalog; else it is locked, full, read-only ... */
int db_is_damaged(const struct db *db);

MUST_CHECK int db_exec(struct db *db, const char *sql);
void db_rollback(struct db *db);
MUST_CHECK int db_prepare(sqlite3_stmt **out, struct db *db, const char *sql);

/* Step a statement that gives no rows, and make it ready for the next values. */
MUST_CHECK int db_run(struct db *db, sqlite3_stmt *statement);
/* 1: a row is there; 0: no more; into *row. */
MUST_CHECK int db_step(int *row, struct db *db, sqlite3_stmt *statement);

/* Text of a column: never NULL. Lent until the next step. */
const char *db_text(sqlite3_stmt *statement, int column);
void db_bind_text(sqlite3_stmt *statement, int at, const char *text); /* lent until the statement has run */

#endif

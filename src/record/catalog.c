/* What the records at a commit say: see catalog.h. */
#include "record/catalog.h"

#include "base/mem.h"
#include "record/brief.h"
#include "record/catalog_update.h"
#include "record/look.h"
#include "record/runs_read.h"

struct catalog {
	struct store *store;
	struct db db;
	char tip[OID_HEX];
	json_t **part; /* [parts] by number; read while a query goes */
	size_t parts;
	sqlite3_stmt *find_part;
	struct brief_parts reading;
};

/* Tries before the file is given up, and before memory is. */
enum { TRIES = 3 };

static int fail(const struct db *db, struct error *err)
{
	if (db->code == SQLITE_NOMEM)
		return error_nomem(err);
	return error_set(err, ERR_MACHINE, "SQLite: %s", sqlite3_errstr(db->code));
}

/* After a trouble: another state to try again in. A damaged file is emptied once; one that cannot be used is left for memory. */
static int change_state(struct catalog *catalog, int attempt, struct error *err)
{
	struct db *db = &catalog->db;
	int damaged = db_is_damaged(db), rc;

	if (db->code == SQLITE_NOMEM || db->in_memory)
		return fail(db, err);
	if (damaged && attempt == 0 && !db_reset(db))
		return 0;
	rc = db_to_memory(db, !damaged);
	return rc ? fail(db, err) : 0;
}

static int refresh(struct catalog *catalog, int commits, struct error *err)
{
	int rc = DB_TROUBLE;

	for (int attempt = 0; attempt < TRIES && rc == DB_TROUBLE; attempt++) {
		rc = catalog_update(catalog->tip, &catalog->db, catalog->store, commits, err);
		if (rc != DB_TROUBLE)
			break;
		rc = change_state(catalog, attempt, err);
		rc = rc < 0 ? rc : DB_TROUBLE;
	}
	return rc == DB_TROUBLE ? fail(&catalog->db, err) : rc;
}

/* The file, else memory; memory too where no run is on record: nothing is written there for a look. */
static int open_db(struct catalog *catalog, struct error *err)
{
	const char *folder = store_assay_dir(catalog->store);
	char *path = path_join(folder, "catalog.db");
	int rc = path ? store_tip(catalog->tip, catalog->store, err) : error_nomem(err);

	if (rc < 0)
		goto out;
	rc = *catalog->tip && dir_make(folder, NULL) == 0 ? db_open_file(&catalog->db, path) : DB_TROUBLE;
	if (rc == DB_TROUBLE) {
		db_close(&catalog->db);
		rc = db_open_memory(&catalog->db);
	}
	if (rc == DB_TROUBLE)
		rc = fail(&catalog->db, err);
out:
	free(path);
	return rc;
}

int catalog_open(struct catalog **out, struct store *store, struct error *err)
{
	struct catalog *catalog = mem_zeroed(1, sizeof(*catalog));
	int rc = catalog ? 0 : error_nomem(err);

	if (rc < 0)
		return rc;
	catalog->store = store;
	rc = open_db(catalog, err);
	if (!rc)
		rc = refresh(catalog, 0, err);
	if (rc < 0)
		catalog_free(catalog);
	else
		*out = catalog;
	return rc;
}

static void forget_parts(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->parts; i++)
		json_decref(catalog->part[i]);
	free(catalog->part);
	catalog->part = NULL;
	catalog->parts = 0;
	sqlite3_finalize(catalog->find_part);
	catalog->find_part = NULL;
	brief_stubs_release(&catalog->reading);
}

void catalog_free(struct catalog *catalog)
{
	if (!catalog)
		return;
	forget_parts(catalog);
	db_close(&catalog->db);
	free(catalog);
}

static json_t *read_part(struct catalog *catalog, size_t n)
{
	json_t *part = NULL;
	int row = 0;

	sqlite3_bind_int64(catalog->find_part, 1, (sqlite3_int64)n);
	if (!db_step(&row, &catalog->db, catalog->find_part) && row)
		part = brief_unpack_part(sqlite3_column_blob(catalog->find_part, 0),
					 (size_t)sqlite3_column_bytes(catalog->find_part, 0));
	sqlite3_reset(catalog->find_part);
	return part;
}

static json_t *find_part(void *context, size_t n)
{
	struct catalog *catalog = context;

	if (n >= catalog->parts)
		return NULL;
	if (!catalog->part[n])
		catalog->part[n] = read_part(catalog, n);
	return catalog->part[n];
}

/* Room for all parts of this transaction. */
static int begin_parts(struct catalog *catalog, struct error *err)
{
	struct db *db = &catalog->db;
	sqlite3_stmt *most = NULL;
	int row = 0, rc = db_prepare(&most, db, "SELECT max(n) FROM part");

	if (!rc)
		rc = db_step(&row, db, most);
	if (!rc) {
		catalog->parts = (size_t)sqlite3_column_int64(most, 0) + 1;
		catalog->part = mem_zeroed(catalog->parts, sizeof(json_t *));
		rc = catalog->part ? 0 : error_nomem(err);
		catalog->parts = catalog->part ? catalog->parts : 0;
	}
	sqlite3_finalize(most);
	catalog->reading = (struct brief_parts){.find = find_part, .context = catalog};
	if (!rc)
		rc = brief_stubs(&catalog->reading, err);
	return rc ? rc : db_prepare(&catalog->find_part, db, "SELECT bytes FROM part WHERE n = ?1");
}

enum column { COLUMN_PATH, COLUMN_POINT, COLUMN_BRIEF, COLUMN_COMMIT };

static int add_row(struct runs *runs, struct catalog *catalog, sqlite3_stmt *row, const struct catalog_query *query,
		   struct error *err)
{
	const char *path = db_text(row, COLUMN_PATH), *commit = db_text(row, COLUMN_COMMIT);
	size_t len = strlen(path), file = strlen("/run.json");
	const struct brief_wanted wanted = {query->metric, query->lean, query->factors};
	struct seen_run seen = {.where = WHERE_GIT};

	if (MEM_GROW(runs->item, runs->n, runs->cap, err) < 0)
		return ERR_NOMEM;
	seen.run.json = brief_unpack(sqlite3_column_blob(row, COLUMN_BRIEF),
				     (size_t)sqlite3_column_bytes(row, COLUMN_BRIEF), &wanted, &catalog->reading);
	if (!seen.run.json) {
		catalog->db.code = SQLITE_CORRUPT;
		return DB_TROUBLE;
	}
	seen.folder = mem_text_n(path, len > file ? len - file : 0);
	if (!seen.folder) {
		run_release(&seen.run);
		return error_nomem(err);
	}
	snprintf(seen.point, sizeof(seen.point), "%s", db_text(row, COLUMN_POINT));
	if (!query->no_commits) /* where no message names a run, the tip at least holds it */
		snprintf(seen.commit, sizeof(seen.commit), "%s", *commit ? commit : catalog->tip);
	runs->item[runs->n++] = seen;
	return 0;
}

static int read_rows(struct runs *runs, struct catalog *catalog, const struct catalog_query *query, struct error *err)
{
	struct db *db = &catalog->db;
	sqlite3_stmt *rows = NULL;
	const char *experiment = query->and_baselines ? " AND (experiment = ?2 OR kind = 'baseline')"
						      : " AND experiment = ?2";
	char sql[320];
	int row = 1, rc;

	/* All are read in the table's own order; a plus keeps the indexes out of that. */
	snprintf(sql, sizeof(sql), "SELECT path, point, brief, %s WHERE %sroot = ?1%s%s ORDER BY run.id, path",
		 query->no_commits ? "'' FROM run" : "hex FROM run LEFT JOIN brought USING (id)",
		 query->experiment || query->kind ? "" : "+", query->experiment ? experiment : "",
		 query->kind ? " AND kind = ?3" : "");
	rc = db_prepare(&rows, db, sql);
	if (!rc) {
		db_bind_text(rows, 1, query->root ? query->root : "");
		db_bind_text(rows, 2, query->experiment);
		db_bind_text(rows, 3, query->kind);
	}
	while (!rc && row) {
		rc = db_step(&row, db, rows);
		if (!rc && row)
			rc = add_row(runs, catalog, rows, query, err);
	}
	sqlite3_finalize(rows);
	return rc;
}

static int read_problems(struct runs *runs, struct db *db, struct error *err)
{
	sqlite3_stmt *rows = NULL;
	int row = 1, rc = db_prepare(&rows, db, "SELECT text FROM problem ORDER BY path");

	while (!rc && row) {
		rc = db_step(&row, db, rows);
		if (!rc && row)
			rc = names_add(&runs->problems, db_text(rows, 0), err);
	}
	sqlite3_finalize(rows);
	return rc;
}

static void take_back(struct runs *runs, size_t n, size_t problems)
{
	while (runs->n > n)
		seen_release(&runs->item[--runs->n]);
	while (runs->problems.n > problems)
		free(runs->problems.name[--runs->problems.n]);
}

/* All of one transaction, in which the catalog is at the tip; another process may take it to another branch's in between. */
static int read_all(struct runs *runs, struct catalog *catalog, const struct catalog_query *query, struct error *err)
{
	struct db *db = &catalog->db;
	size_t n = runs->n, problems = runs->problems.n;
	char at[OID_HEX];
	int rc = db_exec(db, "BEGIN");

	if (!rc)
		rc = catalog_about(at, db, "tip");
	if (!rc && strcmp(at, catalog->tip) != 0) {
		db->code = SQLITE_BUSY;
		rc = DB_TROUBLE;
	}
	if (!rc)
		rc = begin_parts(catalog, err);
	if (!rc)
		rc = read_rows(runs, catalog, query, err);
	forget_parts(catalog);
	if (!rc)
		rc = read_problems(runs, db, err);
	if (!rc)
		rc = db_exec(db, "COMMIT");
	if (rc) {
		db_rollback(db);
		take_back(runs, n, problems);
	}
	return rc;
}

/* Of what is in flight, what the query asks for. */
static void keep_asked(struct runs *runs, const struct catalog_query *query)
{
	size_t n = 0;

	for (size_t i = 0; i < runs->n; i++) {
		const struct run *run = &runs->item[i].run;

		if ((query->experiment && strcmp(run_experiment(run), query->experiment) != 0 &&
		     !(query->and_baselines && strcmp(run_text(run, "kind"), "baseline") == 0)) ||
		    (query->kind && strcmp(run_text(run, "kind"), query->kind) != 0))
			seen_release(&runs->item[i]);
		else
			runs->item[n++] = runs->item[i];
	}
	runs->n = n;
}

int catalog_runs(struct runs *out, struct catalog *catalog, const struct catalog_query *query, struct error *err)
{
	struct runs runs = {0};
	int rc = 0;

	if (query->in_flight) /* first: what lands meanwhile is then seen on the branch */
		rc = runs_add_in_flight(&runs, catalog->store, query->root, err);
	keep_asked(&runs, query);
	for (int attempt = 0; !rc && attempt <= TRIES; attempt++) {
		rc = refresh(catalog, !query->no_commits, err);
		if (!rc)
			rc = read_all(&runs, catalog, query, err);
		if (rc != DB_TROUBLE)
			break;
		rc = attempt == TRIES ? fail(&catalog->db, err) : change_state(catalog, attempt, err);
	}
	if (!rc) {
		memcpy(runs.tip, catalog->tip, sizeof(runs.tip));
		runs_settle(&runs);
		*out = runs;
	} else {
		runs_free(&runs);
	}
	return rc;
}

/* In one statement, but for a state of the file that has to be changed first. */
static int count_looks(size_t *out, struct catalog *catalog, const char *root, const char *rows, const char *experiment)
{
	static const char sql[] =
		"SELECT COUNT(*) FROM run WHERE root = ?1 AND look = ?2 AND experiment <> ?3 AND"
		" (parent = '' OR NOT EXISTS (SELECT 1 FROM run AS other WHERE other.id = run.parent))";
	sqlite3_stmt *count = NULL;
	int row = 0, rc = db_prepare(&count, &catalog->db, sql);

	if (!rc) {
		db_bind_text(count, 1, root);
		db_bind_text(count, 2, rows);
		db_bind_text(count, 3, experiment);
		rc = db_step(&row, &catalog->db, count);
	}
	if (!rc && row)
		*out = (size_t)sqlite3_column_int64(count, 0);
	sqlite3_finalize(count);
	return rc;
}

int catalog_looks_elsewhere(size_t *out, struct catalog *catalog, const char *root, const struct run *run,
			    struct error *err)
{
	char rows[LOOK_ROWS];
	int rc = 0;

	*out = 0;
	if (!look_rows(rows, run))
		return 0;
	for (int attempt = 0; !rc && attempt <= TRIES; attempt++) {
		rc = refresh(catalog, 0, err);
		if (!rc)
			rc = count_looks(out, catalog, root ? root : "", rows, run_experiment(run));
		if (rc != DB_TROUBLE)
			break;
		rc = attempt == TRIES ? fail(&catalog->db, err) : change_state(catalog, attempt, err);
	}
	return rc;
}

int runs_complete(struct seen_run *seen, struct store *store, const struct runs *runs, struct error *err)
{
	struct buf text = BUF_INIT;
	struct run whole = {0};
	char *path;
	int rc;

	if (seen->where != WHERE_GIT)
		return 0;
	path = mem_printf("%s/run.json", seen->folder);
	rc = path ? store_file_at(&text, store, runs->tip, path, err) : error_nomem(err);
	if (!rc)
		rc = run_parse(&whole, text.text, text.len, path, err);
	if (!rc) {
		run_release(&seen->run);
		seen->run = whole;
	}
	buf_release(&text);
	free(path);
	return rc;
}

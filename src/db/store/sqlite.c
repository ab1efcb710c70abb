// SPDX-License-Identifier: GPL-2.0-or-later
/* The store in one SQLite file: write-ahead log, synchronous=FULL, a batch is a transaction
 * and each of its parts a savepoint.  New rows are appended; an index finds them by class
 * and ref.
 *
 * Nobody else may write the file: a lock beside it keeps other daemons out, and a change by
 * any other program is noticed and ends all writing.  So the guards of a batch hold by
 * themselves but for what its own parts lost.  Reading it with sqlite3(1) meanwhile is
 * fine. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "db/store.h"
#include "db/store/sqlite_file.h"
#include "db/store/sqlite_log.h"

#define SCHEMA               2
#define BUSY_TIMEOUT_MS      10000
#define CHECKPOINT_PAGES     1000 /* 4 MiB of log */
#define DELETIONS_KEPT       512  /* of each class */
#define DELETIONS_TRIM_EVERY 4096
#define ERA_END              1000000 /* epochs and runs have 6 digits in a token */

enum statement {
    BEGIN,
    COMMIT,
    ROLLBACK,
    SAVEPOINT,
    RELEASE,
    ROLLBACK_TO,
    PUT,
    STAMP,
    DELETE,
    REMEMBER,
    TRIM,
    SET_META,
    GET_META,
    DATA_VERSION,
    N_STATEMENTS
};

static const char *const sql[N_STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [SAVEPOINT] = "SAVEPOINT part",
    [RELEASE] = "RELEASE part",
    [ROLLBACK_TO] = "ROLLBACK TO part",
    [PUT] =
        "INSERT INTO object(class, ref, created, modified, fields) VALUES(?1, ?2, ?3, ?4, "
        "?5)"
        " ON CONFLICT(class, ref) DO UPDATE SET created = ?3, modified = ?4, fields = ?5",
    [STAMP] =
        "UPDATE object SET modified = ?4 WHERE class = ?1 AND ref = ?2 AND created = ?3",
    [DELETE] = "DELETE FROM object WHERE class = ?1 AND ref = ?2",
    [REMEMBER] =
        "INSERT INTO deleted(class, ref, created, modified) VALUES(?1, ?2, ?3, ?4)",
    [TRIM] = ("DELETE FROM deleted WHERE id IN (SELECT id FROM (SELECT id, row_number()"
              " OVER (PARTITION BY class ORDER BY id DESC) AS age FROM deleted) WHERE age "
              "> ?1)"),
    [SET_META] = "INSERT OR REPLACE INTO meta(key, value) VALUES(?1, ?2)",
    [GET_META] = "SELECT value FROM meta WHERE key = ?1",
    [DATA_VERSION] = "PRAGMA data_version",
};

static const char schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE object(id INTEGER PRIMARY KEY, class TEXT NOT NULL, ref TEXT NOT NULL,"
    " created INTEGER NOT NULL, modified INTEGER NOT NULL, fields TEXT NOT NULL,"
    " UNIQUE(class, ref));"
    "CREATE TABLE deleted(id INTEGER PRIMARY KEY, class TEXT NOT NULL, ref TEXT NOT NULL,"
    " created INTEGER NOT NULL, modified INTEGER NOT NULL);";

/* What makes a database of schema i + 1 one of i + 2.  A new one goes through all. */
static const char *const upgrades[SCHEMA - 1] = {
    /* Who wrote here last: so that an older program can name the newer one. */
    "CREATE TABLE note(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
};

struct sqlite_store {
    struct store store;
    char *path;
    sqlite3 *handle;
    sqlite3_stmt *statements[N_STATEMENTS];
    int lock_fd;
    int64_t data_version;
    int log_pages; /* in the write-ahead log, at the last commit */
    size_t n_deleted;
    bool broken; /* what the disk holds is in doubt: no more promises */
};

static struct sqlite_store *sqlite(struct store *store)
{
    return (struct sqlite_store *)store;
}

/* ---- errors ---- */

static struct err *failure(const struct sqlite_store *s, const char *doing)
{
    int code = s->handle ? sqlite3_errcode(s->handle) : SQLITE_NOMEM;
    struct err *e;

    if (code == SQLITE_FULL) {
        e = err_new(ERR_OUT_OF_SPACE, "%s %s: the disk is full", doing, s->path);
        return err_param(e, "the database");
    }
    e = err_new(ERR_INTERNAL_ERROR, "%s %s: %s (%d)%s", doing, s->path,
                s->handle ? sqlite3_errmsg(s->handle) : "out of memory",
                s->handle ? sqlite3_extended_errcode(s->handle) : code,
                code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? SQLITE_FILE_HINT : "");
    return err_paramf(e, "the database: %s", sqlite3_errstr(code));
}

static struct err *refusal(const struct sqlite_store *s, const char *why)
{
    return err_paramf(err_new(ERR_INTERNAL_ERROR, "opening %s: %s", s->path, why),
                      "the database: %s", why);
}

/* Does 'code' leave the file as it was, so that a later attempt may be believed? */
static bool is_harmless(int code)
{
    return code == SQLITE_FULL || code == SQLITE_BUSY;
}

/* ---- statements ---- */

static int run(struct sqlite_store *s, enum statement which)
{
    sqlite3_stmt *statement = s->statements[which];
    int r;

    do
        r = sqlite3_step(statement);
    while (r == SQLITE_ROW);
    sqlite3_reset(statement);
    return r == SQLITE_DONE ? SQLITE_OK : r;
}

/* The single number a statement gives, or 'otherwise' when it gives none. */
static int64_t number(struct sqlite_store *s, enum statement which, int64_t otherwise)
{
    sqlite3_stmt *statement = s->statements[which];
    int64_t value = otherwise;

    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_reset(statement);
    return value;
}

static int64_t get_meta(struct sqlite_store *s, const char *key)
{
    sqlite3_bind_text(s->statements[GET_META], 1, key, -1, SQLITE_STATIC);
    return number(s, GET_META, -1);
}

static int set_meta(struct sqlite_store *s, const char *key, uint64_t value)
{
    sqlite3_bind_text(s->statements[SET_META], 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s->statements[SET_META], 2, (int64_t)value);
    return run(s, SET_META);
}

static int run_row(struct sqlite_store *s, enum statement which,
                   const struct store_row *row)
{
    sqlite3_stmt *statement = s->statements[which];

    sqlite3_bind_text(statement, 1, row->class_name, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, row->ref, -1, SQLITE_STATIC);
    if (which != DELETE) {
        sqlite3_bind_int64(statement, 3, (int64_t)row->created);
        sqlite3_bind_int64(statement, 4, (int64_t)row->modified);
    }
    if (which == PUT)
        sqlite3_bind_text64(statement, 5, row->fields, row->fields_len, SQLITE_STATIC,
                            SQLITE_UTF8);
    return run(s, which);
}

/* ---- one batch ---- */

static int write_row(struct sqlite_store *s, const struct store_row *row)
{
    int r;

    switch (row->op) {
    case STORE_PUT:
        return run_row(s, PUT, row);
    case STORE_STAMP:
        r = run_row(s, STAMP, row);
        return r == SQLITE_OK && sqlite3_changes(s->handle) != 1 ? SQLITE_CONSTRAINT : r;
    case STORE_DELETE:
        s->n_deleted++;
        r = run_row(s, DELETE, row);
        return r == SQLITE_OK ? run_row(s, REMEMBER, row) : r;
    }
    return SQLITE_MISUSE;
}

/* SQLITE_OK with the outcome, or what ended the whole batch. */
static int write_part(struct sqlite_store *s, const struct store_txn *txn,
                      enum store_outcome *ret_outcome)
{
    int r = run(s, SAVEPOINT);

    for (size_t i = 0; r == SQLITE_OK && i < txn->n_rows; i++)
        r = write_row(s, &txn->rows[i]);
    *ret_outcome = STORE_DONE;
    if (r == SQLITE_CONSTRAINT || r == SQLITE_TOOBIG || r == SQLITE_MISMATCH) {
        log_warn(DB, "the store refuses a transaction: %s", sqlite3_errmsg(s->handle));
        *ret_outcome = STORE_FAILED;
        r = run(s, ROLLBACK_TO);
    }
    return r == SQLITE_OK ? run(s, RELEASE) : r;
}

static int write_batch(struct sqlite_store *s, const struct store_txn *txns, size_t n,
                       enum store_outcome *outcomes)
{
    int r = run(s, BEGIN);

    if (r == SQLITE_OK && number(s, DATA_VERSION, -1) != s->data_version) {
        log_error(DB, "another program wrote into %s: nothing more is written", s->path);
        r = SQLITE_PROTOCOL;
    }
    for (size_t i = 0; r == SQLITE_OK && i < n; i++) {
        outcomes[i] = store_check_after(&txns[i], outcomes);
        if (outcomes[i] == STORE_DONE && txns[i].n_rows > 0)
            r = write_part(s, &txns[i], &outcomes[i]);
    }
    return r == SQLITE_OK ? run(s, COMMIT) : r;
}

/* Ends a failed batch.  Trying again after a failed write or sync could confirm what the
 * disk lost. */
static struct err *give_up(struct sqlite_store *s, int code, const char *doing)
{
    struct err *e = failure(s, doing);

    if (!sqlite3_get_autocommit(s->handle))
        run(s, ROLLBACK);
    if (!is_harmless(code)) {
        s->broken = true;
        log_error(DB, "%s: no more changes are accepted until the daemon is started again",
                  err_sentence(e));
    }
    return e;
}

static struct err *refuse_if_broken(const struct sqlite_store *s)
{
    return s->broken ? err_param(err_new(ERR_INTERNAL_ERROR, "writing %s: it failed before",
                                         s->path),
                                 "the database cannot be written")
                     : NULL;
}

static struct err *commit(struct store *store, const struct store_txn *txns, size_t n,
                          enum store_outcome *outcomes)
{
    struct sqlite_store *s = sqlite(store);
    struct err *e = refuse_if_broken(s);
    int r;

    if (e)
        return e;
    r = write_batch(s, txns, n, outcomes);
    return r == SQLITE_OK ? NULL : give_up(s, r, "writing");
}

static struct err *reserve(struct store *store, uint64_t limit)
{
    struct sqlite_store *s = sqlite(store);
    struct err *e = refuse_if_broken(s);
    int r;

    if (e)
        return e;
    r = set_meta(s, "reserved", limit); /* alone: a transaction of its own */
    return r == SQLITE_OK ? NULL : give_up(s, r, "reserving generations in");
}

static int note_log_size(void *arg, sqlite3 *handle, const char *name, int pages)
{
    ((struct sqlite_store *)arg)->log_pages = pages;
    return SQLITE_OK;
}

/* Copies the log back into the file and forgets old deletions. */
static void tidy(struct store *store)
{
    struct sqlite_store *s = sqlite(store);
    int r = SQLITE_OK;

    if (s->broken)
        return;
    if (s->n_deleted >= DELETIONS_TRIM_EVERY) {
        s->n_deleted = 0;
        r = run(s, TRIM);
    }
    if (r == SQLITE_OK && s->log_pages >= CHECKPOINT_PAGES) {
        r = sqlite3_wal_checkpoint_v2(s->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL,
                                      NULL);
        s->log_pages = 0;
    }
    if (r != SQLITE_OK)
        err_ignore(give_up(s, r, "tidying"), "the next batch tells");
}

/* ---- loading ---- */

static struct err *load_table(struct sqlite_store *s, enum store_op op, const char *query,
                              store_load_fn fn, void *arg)
{
    sqlite3_stmt *statement;
    struct err *e = NULL;
    int r;

    if (sqlite3_prepare_v2(s->handle, query, -1, &statement, NULL) != SQLITE_OK)
        return failure(s, "reading");
    while (!e && (r = sqlite3_step(statement)) == SQLITE_ROW) {
        struct store_row row = {
            .op = op,
            .class_name = (const char *)sqlite3_column_text(statement, 0),
            .ref = (const char *)sqlite3_column_text(statement, 1),
            .created = (uint64_t)sqlite3_column_int64(statement, 2),
            .modified = (uint64_t)sqlite3_column_int64(statement, 3),
        };

        if (op == STORE_PUT) {
            row.fields = (const char *)sqlite3_column_text(statement, 4);
            row.fields_len = (size_t)sqlite3_column_bytes(statement, 4);
        }
        if (!row.class_name || !row.ref || (op == STORE_PUT && !row.fields))
            e = refusal(s, "damaged");
        else
            e = fn(&row, arg);
    }
    if (!e && r != SQLITE_DONE)
        e = failure(s, "reading");
    sqlite3_finalize(statement);
    return e;
}

/* Counts this run durably: a token must never name a run that was forgotten. */
static struct err *begin_run(struct sqlite_store *s, struct store_state *ret_state)
{
    int64_t epoch = get_meta(s, "epoch"), run_number = get_meta(s, "run") + 1;
    int64_t born = get_meta(s, "born"), reserved = get_meta(s, "reserved");

    if (epoch < 1 || run_number < 1 || born < 1 || reserved < born)
        return refusal(s, "damaged");
    if (run_number >= ERA_END) {
        run_number = 1;
        epoch++;
    }
    sqlite3_bind_int(s->statements[TRIM], 1, DELETIONS_KEPT);
    if (run(s, BEGIN) != SQLITE_OK ||
        set_meta(s, "run", (uint64_t)run_number) != SQLITE_OK ||
        set_meta(s, "epoch", (uint64_t)epoch) != SQLITE_OK || run(s, TRIM) != SQLITE_OK ||
        run(s, COMMIT) != SQLITE_OK)
        return failure(s, "writing");
    s->data_version = number(s, DATA_VERSION, -1);
    *ret_state = (struct store_state){(uint32_t)epoch, (uint32_t)run_number, (uint64_t)born,
                                      (uint64_t)reserved};
    return NULL;
}

static struct err *load(struct store *store, store_load_fn fn, void *arg,
                        struct store_state *ret_state)
{
    struct sqlite_store *s = sqlite(store);
    struct err *e = load_table(
        s, STORE_PUT,
        "SELECT class, ref, created, modified, fields FROM object ORDER BY id", fn, arg);

    if (!e)
        e = load_table(s, STORE_DELETE,
                       "SELECT class, ref, created, modified FROM deleted ORDER BY id", fn,
                       arg);
    return e ? e : begin_run(s, ret_state);
}

/* ---- opening and closing ---- */

static void close_store(struct store *store)
{
    struct sqlite_store *s = sqlite(store);

    for (int i = 0; i < N_STATEMENTS; i++)
        sqlite3_finalize(s->statements[i]);
    sqlite3_close(s->handle);
    cleanup_close(&s->lock_fd);
    free(s->path);
    free(s);
}

static struct err *take_lock(struct sqlite_store *s)
{
    autofree char *path = xasprintf("%s.lock", s->path);

    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s->lock_fd < 0)
        return err_errno(errno, "opening %s", path);
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return NULL;
    return errno == EWOULDBLOCK ? refusal(s, "in use by another process")
                                : err_errno(errno, "locking %s", path);
}

/* Makes the file if need be.  It is closed again before SQLite opens it: closing any
 * descriptor of a file later would drop SQLite's locks on it. */
static struct err *check_file(struct sqlite_store *s)
{
    autoclose int fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        return err_errno(errno, "opening %s", s->path);
    if (!S_ISREG(st.st_mode))
        return refusal(s, "not a regular file");
    if (st.st_uid != geteuid() || (st.st_mode & 077) != 0)
        return refusal(s, "others than its owner may read or write it");
    return NULL;
}

static int64_t pragma(struct sqlite_store *s, const char *text)
{
    sqlite3_stmt *statement;
    int64_t value = -1;

    if (sqlite3_prepare_v2(s->handle, text, -1, &statement, NULL) != SQLITE_OK)
        return -1;
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static int exec(struct sqlite_store *s, const char *text)
{
    return sqlite3_exec(s->handle, text, NULL, NULL, NULL);
}

static int note_writer(struct sqlite_store *s)
{
    return exec(s,
                "INSERT OR REPLACE INTO note VALUES('written by', '" LATCHKEY_VERSION "')");
}

/* In a transaction: the steps from 'version' on. */
static int upgrade_steps(struct sqlite_store *s, int64_t version)
{
    autofree char *mark = xasprintf("PRAGMA user_version = %d", SCHEMA);
    int r = SQLITE_OK;

    for (; r == SQLITE_OK && version < SCHEMA; version++)
        r = exec(s, upgrades[version - 1]);
    return r == SQLITE_OK ? exec(s, mark) : r;
}

static struct err *make_schema(struct sqlite_store *s)
{
    autofree char *rest = NULL;
    uint64_t first = store_first_generation();

    rest = xasprintf("INSERT INTO meta VALUES('epoch', 1), ('run', 0), ('born', %llu),"
                     " ('reserved', %llu); PRAGMA application_id = %d",
                     (unsigned long long)first, (unsigned long long)first, SQLITE_FILE_ID);
    if (exec(s, "BEGIN IMMEDIATE") != SQLITE_OK || exec(s, schema) != SQLITE_OK ||
        exec(s, rest) != SQLITE_OK || upgrade_steps(s, 1) != SQLITE_OK ||
        note_writer(s) != SQLITE_OK || exec(s, "COMMIT") != SQLITE_OK)
        return failure(s, "making");
    return NULL;
}

/* A database of an older program: as it was it is kept beside, then it is upgraded wholly
 * or not at all. */
static struct err *upgrade(struct sqlite_store *s, int64_t version)
{
    autofree char *kept = xasprintf("%s.schema-%lld", s->path, (long long)version);
    struct err *e = sqlite_copy(s->handle, s->path, kept);

    if (e)
        return e;
    if (exec(s, "BEGIN IMMEDIATE") != SQLITE_OK || upgrade_steps(s, version) != SQLITE_OK ||
        exec(s, "COMMIT") != SQLITE_OK)
        return failure(s, "upgrading");
    log_info(DB, "%s: upgraded from schema %lld to %d; as it was it is kept in %s", s->path,
             (long long)version, SCHEMA, kept);
    return NULL;
}

static struct err *refuse_newer(struct sqlite_store *s)
{
    sqlite3_stmt *statement = NULL;
    struct err *e = NULL;

    sqlite3_prepare_v2(s->handle, "SELECT value FROM note WHERE key = 'written by'", -1,
                       &statement, NULL);
    if (statement && sqlite3_step(statement) == SQLITE_ROW) {
        autofree char *why =
            xasprintf("written by a newer version of this program, %.40s (this one is %s)",
                      (const char *)sqlite3_column_text(statement, 0), LATCHKEY_VERSION);

        e = refusal(s, why);
    }
    sqlite3_finalize(statement);
    return e ? e : refusal(s, "written by a newer version of this program");
}

static struct err *check_schema(struct sqlite_store *s)
{
    int64_t id, version;
    struct err *e;

    if (exec(s, "SELECT 1 FROM sqlite_schema") != SQLITE_OK)
        return failure(s, "reading");
    id = pragma(s, "PRAGMA application_id");
    version = pragma(s, "PRAGMA user_version");
    if (id == 0 && version == 0 && pragma(s, "SELECT count(*) FROM sqlite_schema") == 0)
        return make_schema(s);
    if (id != SQLITE_FILE_ID || version < 1)
        return refusal(s, "not a database of this program");
    if (version > SCHEMA)
        return refuse_newer(s);
    e = sqlite_check_pages(s->handle, s->path, SQLITE_FILE_HINT);
    if (!e && version < SCHEMA)
        e = upgrade(s, version);
    if (!e && note_writer(s) != SQLITE_OK)
        e = failure(s, "writing");
    return e;
}

static struct err *open_handle(struct sqlite_store *s)
{
    if (sqlite3_open_v2(s->path, &s->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return failure(s, "opening");
    sqlite3_extended_result_codes(s->handle, 0);
    sqlite3_busy_timeout(s->handle, BUSY_TIMEOUT_MS);
    if (exec(s, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                "PRAGMA temp_store = MEMORY; PRAGMA journal_mode = WAL;"
                "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                "PRAGMA journal_size_limit = 16777216") != SQLITE_OK)
        return failure(s, "opening");
    sqlite3_wal_hook(s->handle, note_log_size, s);
    return NULL;
}

static struct err *prepare(struct sqlite_store *s)
{
    for (int i = 0; i < N_STATEMENTS; i++)
        if (sqlite3_prepare_v3(s->handle, sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &s->statements[i], NULL) != SQLITE_OK)
            return failure(s, "preparing statements for");
    return NULL;
}

static const struct store_ops sqlite_ops = {
    .name = "SQLite",
    .load = load,
    .reserve = reserve,
    .commit = commit,
    .tidy = tidy,
    .close = close_store,
};

struct err *store_sqlite_open(const char *path, struct store **ret_store)
{
    struct sqlite_store *s = xcalloc(1, sizeof(*s));
    struct err *e;

    s->store.ops = &sqlite_ops;
    s->path = xstrdup(path);
    s->lock_fd = -1;
    e = take_lock(s);
    if (!e)
        e = sqlite_take_restored(path);
    if (!e)
        e = sqlite_log_check(path);
    if (!e)
        e = check_file(s);
    if (!e)
        e = open_handle(s);
    if (!e)
        e = check_schema(s);
    if (!e)
        e = prepare(s);
    if (e) {
        close_store(&s->store);
        return err_context(e, "opening the database");
    }
    *ret_store = &s->store;
    return NULL;
}

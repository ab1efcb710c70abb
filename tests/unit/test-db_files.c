// SPDX-License-Identifier: GPL-2.0-or-later
/* The database's files damaged, old, new, copied and put back. */
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fd.h"
#include "db/backup.h"
#include "test-db.h"

#define N_VMS     40
#define FRAME     (24 + 4096)
#define LOG_START 32

static char *beside(const struct fixture *fx, const char *suffix)
{
    return xasprintf("%s%s", fx->path, suffix);
}

static void remove_all(struct fixture *fx)
{
    static const char *const suffixes[] = {".dump",     ".replaced", ".replaced-wal",
                                           ".schema-1", ".restored", ".aside"};

    for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
        autofree char *path = beside(fx, suffixes[i]);

        unlink(path);
    }
    remove_files(fx);
}

/* A copy of the files as a crash would leave them, with the log, in the place of the
 * database. */
static void crash(struct fixture *fx)
{
    static const char *const suffixes[] = {"", "-wal"};
    struct buf data[2] = {BUF_INIT, BUF_INIT};

    for (size_t i = 0; i < 2; i++) {
        autofree char *path = beside(fx, suffixes[i]);

        CHECK(fd_read_file(AT_FDCWD, path, 64 << 20, &data[i]) == 0);
    }
    fixture_close(fx);
    for (size_t i = 0; i < 2; i++) {
        autofree char *path = beside(fx, suffixes[i]);

        CHECK(fd_replace_file(AT_FDCWD, path, data[i].data, data[i].size, 0600) == 0);
        buf_fini(&data[i]);
    }
}

static void make_vms(struct fixture *fx)
{
    for (int i = 0; i < N_VMS; i++) {
        autofree char *name = xasprintf("VM %d", i);

        made_vm(fx->db, name);
    }
}

/* A database with N_VMS VMs, most of them in its log alone. */
static void crashed_with_vms(struct fixture *fx)
{
    fixture_dir(fx);
    fixture_open(fx);
    make_vms(fx);
    crash(fx);
}

static off_t size_of(const struct fixture *fx, const char *suffix)
{
    autofree char *path = beside(fx, suffix);
    struct stat st;

    CHECK(stat(path, &st) == 0);
    return st.st_size;
}

static void flip(const struct fixture *fx, const char *suffix, off_t at)
{
    autofree char *path = beside(fx, suffix);
    autoclose int fd = open(path, O_RDWR | O_CLOEXEC);
    char byte;

    CHECK(pread(fd, &byte, 1, at) == 1);
    byte ^= 0x55;
    CHECK(pwrite(fd, &byte, 1, at) == 1);
}

/* It does not open, and the text has 'part'. */
static bool is_refused(const struct fixture *fx, const char *part)
{
    struct store *store = NULL;
    struct db *db = NULL;
    autoptr(err) e = store_sqlite_open(fx->path, &store);

    if (!e)
        e = db_open(store, &db);
    if (e && strstr(err_sentence(e), part) && strstr(err_sentence(e), fx->path) &&
        !strchr(err_sentence(e), '\n'))
        return true;
    printf("# %s\n", e ? err_sentence(e) : "it opens");
    db_close(db);
    return false;
}

static void sql(const char *path, const char *text)
{
    sqlite3 *handle;
    char *why = NULL;

    CHECK(sqlite3_open(path, &handle) == SQLITE_OK);
    if (sqlite3_exec(handle, text, NULL, NULL, &why) != SQLITE_OK)
        TEST_FAIL("%s: %s", text, why);
    CHECK(sqlite3_close(handle) == SQLITE_OK);
}

/* ---- damage ---- */

TEST(what_a_crash_leaves_in_the_log_is_there)
{
    struct fixture fx = {.sqlite = true};

    crashed_with_vms(&fx);
    CHECK_INT(size_of(&fx, "-wal"), >, LOG_START + N_VMS * FRAME);
    fixture_open(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
    fixture_close(&fx);
    remove_all(&fx);
}

TEST(a_log_with_a_damaged_header_is_refused_not_dropped)
{
    for (off_t at = 0; at < LOG_START; at += 4) {
        struct fixture fx = {.sqlite = true};

        crashed_with_vms(&fx);
        flip(&fx, "-wal", at);
        CHECK(is_refused(&fx, "header is damaged"));
        flip(&fx, "-wal", at);
        fixture_open(&fx);
        CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
        fixture_close(&fx);
        remove_all(&fx);
    }
}

TEST(a_log_damaged_before_confirmed_changes_is_refused_not_cut_short)
{
    struct fixture fx = {.sqlite = true};
    off_t last;

    crashed_with_vms(&fx);
    last = size_of(&fx, "-wal") - 8 * FRAME;
    for (off_t at = LOG_START; at < last; at += 3 * FRAME + 997) {
        flip(&fx, "-wal", at);
        CHECK(is_refused(&fx, "damaged before changes"));
        flip(&fx, "-wal", at);
    }
    fixture_open(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
    fixture_close(&fx);
    remove_all(&fx);
}

TEST(a_torn_last_transaction_is_dropped_whole)
{
    struct fixture fx = {.sqlite = true};

    crashed_with_vms(&fx);
    flip(&fx, "-wal", size_of(&fx, "-wal") - 100);
    fixture_open(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS - 1);
    fixture_close(&fx);
    remove_all(&fx);
}

TEST(a_log_without_its_database_is_refused)
{
    struct fixture fx = {.sqlite = true};
    autofree char *aside = NULL;

    crashed_with_vms(&fx);
    aside = beside(&fx, ".aside");
    CHECK(rename(fx.path, aside) == 0);
    CHECK(is_refused(&fx, "gone or empty"));
    CHECK(access(fx.path, F_OK) < 0);
    close(open(fx.path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    CHECK(is_refused(&fx, "gone or empty"));
    CHECK(rename(aside, fx.path) == 0);
    fixture_open(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
    fixture_close(&fx);
    remove_all(&fx);
}

/* Everything in the file itself. */
static void closed_with_vms(struct fixture *fx)
{
    fixture_dir(fx);
    fixture_open(fx);
    make_vms(fx);
    fixture_close(fx);
}

TEST(garbage_in_place_of_the_database_is_refused)
{
    struct fixture fx = {.sqlite = true};
    char garbage[20000];

    fixture_dir(&fx);
    memset(garbage, 0xa5, sizeof(garbage));
    CHECK(fd_replace_file(AT_FDCWD, fx.path, garbage, sizeof(garbage), 0600) == 0);
    CHECK(is_refused(&fx, "restore a backup"));
    CHECK_INT(size_of(&fx, ""), ==, sizeof(garbage));
    remove_all(&fx);
}

TEST(a_database_cut_short_is_refused)
{
    for (int pages = 1; pages < 6; pages++) {
        struct fixture fx = {.sqlite = true};
        off_t size;

        closed_with_vms(&fx);
        size = size_of(&fx, "");
        CHECK_INT(size, >, 6 * 4096);
        CHECK(truncate(fx.path, size - pages * 4096 - 77) == 0);
        CHECK(is_refused(&fx, "restore a backup"));
        remove_all(&fx);
    }
}

TEST(pages_that_are_garbage_are_refused)
{
    struct fixture fx = {.sqlite = true};
    autobuf good = BUF_INIT;

    closed_with_vms(&fx);
    CHECK(fd_read_file(AT_FDCWD, fx.path, 1 << 24, &good) == 0);
    for (size_t at = 4096; at < good.size; at += 4096) {
        autofree char *bad = xmalloc(good.size);

        memcpy(bad, good.data, good.size);
        memset(bad + at, 0x5a, 4096);
        CHECK(fd_replace_file(AT_FDCWD, fx.path, bad, good.size, 0600) == 0);
        CHECK(is_refused(&fx, "restore a backup"));
    }
    remove_all(&fx);
}

TEST(a_lock_left_by_the_dead_keeps_nobody_out_one_of_the_living_does)
{
    struct fixture fx = {.sqlite = true};

    closed_with_vms(&fx);
    CHECK_INT(size_of(&fx, ".lock"), >=, 0);
    fixture_open(&fx);
    CHECK(is_refused(&fx, "in use by another process"));
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
    fixture_close(&fx);
    remove_all(&fx);
}

/* ---- old and new ---- */

/* Of schema 1, as the first version of the program made it. */
static const char schema_1[] =
    "PRAGMA journal_mode = WAL;"
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE object(id INTEGER PRIMARY KEY, class TEXT NOT NULL, ref TEXT NOT NULL,"
    " created INTEGER NOT NULL, modified INTEGER NOT NULL, fields TEXT NOT NULL,"
    " UNIQUE(class, ref));"
    "CREATE TABLE deleted(id INTEGER PRIMARY KEY, class TEXT NOT NULL, ref TEXT NOT NULL,"
    " created INTEGER NOT NULL, modified INTEGER NOT NULL);"
    "INSERT INTO meta VALUES('epoch', 3), ('run', 7), ('born', 1000), ('reserved', 21000);"
    "INSERT INTO object(class, ref, created, modified, fields) VALUES"
    " ('VM', 'OpaqueRef:old', 1001, 1002, '{\"uuid\":"
    "\"11111111-2222-4333-8444-555555555555\",\"name__label\":\"from of old\","
    "\"field__of__old\":\"x\"}'), ('ClassOfOld', 'OpaqueRef:gone', 1003, 1003, '{}');"
    "PRAGMA application_id = 0x4c6b6462; PRAGMA user_version = 1;";

static void make_old(struct fixture *fx)
{
    fixture_dir(fx);
    sql(fx->path, schema_1);
    CHECK(chmod(fx->path, 0600) == 0);
}

TEST(a_database_of_the_first_schema_is_upgraded_and_kept_as_it_was)
{
    struct fixture fx = {.sqlite = true}, kept = {.sqlite = true};
    autofree char *old = NULL;

    make_old(&fx);
    fixture_open(&fx);
    {
        autoptr(row) row = db_get(fx.db, CLASS_VM, "OpaqueRef:old");

        CHECK(row);
        CHECK_STR(row_name_label(row), "from of old");
        CHECK_INT(db_now(fx.db).epoch, ==, 3);
        CHECK_INT(db_now(fx.db).run, ==, 8);
        CHECK_INT(db_now(fx.db).generation, ==, 21000);
    }
    made_vm(fx.db, "new");
    fixture_close(&fx);
    sql(fx.path, "INSERT INTO note VALUES('is there', 'yes')");
    old = beside(&fx, ".schema-1");
    sql(old, "CREATE TABLE note(is_not_there)");
    sql(old, "DROP TABLE note; DELETE FROM object WHERE ref = 'OpaqueRef:gone'");
    snprintf(kept.path, sizeof(kept.path), "%s", old);
    fixture_reopen(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, 2);
    fixture_close(&fx);
    remove_all(&fx);
}

TEST(a_database_of_a_newer_program_is_refused_with_its_name_and_left_alone)
{
    struct fixture fx = {.sqlite = true};

    closed_with_vms(&fx);
    sql(fx.path, "PRAGMA user_version = 3; UPDATE note SET value = '7.8.9'");
    CHECK(is_refused(&fx, "newer version of this program, 7.8.9"));
    sql(fx.path, "PRAGMA user_version = 2");
    fixture_open(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
    fixture_close(&fx);
    remove_all(&fx);
}

/* ---- copies ---- */

TEST(a_dump_is_taken_while_others_write_and_restored_under_a_new_epoch)
{
    struct fixture fx = {.sqlite = true};
    struct db_token then, now;
    autofree char *dump = NULL;
    struct stat st;

    fixture_dir(&fx);
    fixture_open(&fx);
    dump = beside(&fx, ".dump");
    make_vms(&fx);
    CHECK_OK(db_dump(fx.path, dump));
    CHECK(stat(dump, &st) == 0 && (st.st_mode & 077) == 0);
    made_vm(fx.db, "after the dump");
    then = db_now(fx.db);
    CHECK_OK(db_restore(fx.path, dump, RESTORE_TRY));
    fixture_reopen(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS + 1);
    CHECK_OK(db_restore(fx.path, dump, RESTORE));
    made_vm(fx.db, "after the restore was asked");
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS + 2);
    fixture_reopen(&fx);
    now = db_now(fx.db);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
    CHECK_INT(now.epoch, ==, then.epoch + 1);
    CHECK_INT(now.generation, >=, then.generation);
    made_vm(fx.db, "goes on");
    fixture_reopen(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS + 1);
    fixture_close(&fx);
    snprintf(fx.path + strlen(fx.path), sizeof(fx.path) - strlen(fx.path), ".replaced");
    fixture_open(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS + 2);
    fixture_close(&fx);
    unlink(dump);
    remove_files(&fx);
    fx.path[strlen(fx.path) - strlen(".replaced")] = '\0';
    remove_all(&fx);
}

TEST(a_restore_takes_the_place_of_a_database_that_is_damaged)
{
    struct fixture fx = {.sqlite = true};
    autofree char *dump = NULL;

    closed_with_vms(&fx);
    dump = beside(&fx, ".dump");
    CHECK_OK(db_dump(fx.path, dump));
    fixture_open(&fx);
    made_vm(fx.db, "lost");
    crash(&fx);
    flip(&fx, "-wal", 1);
    CHECK(is_refused(&fx, "header is damaged"));
    CHECK_OK(db_restore(fx.path, dump, RESTORE));
    fixture_open(&fx);
    CHECK_INT(db_count(fx.db, CLASS_VM), ==, N_VMS);
    CHECK_INT(db_now(fx.db).epoch, ==, 2);
    fixture_close(&fx);
    CHECK_INT(size_of(&fx, ".replaced-wal"), >, FRAME);
    remove_all(&fx);
}

static void check_not_restored(struct fixture *fx, const char *dump)
{
    autofree char *restored = beside(fx, ".restored");

    CHECK_ERR(db_restore(fx->path, dump, RESTORE), ERR_INTERNAL_ERROR);
    CHECK(access(restored, F_OK) < 0);
    fixture_open(fx);
    CHECK_INT(db_count(fx->db, CLASS_VM), ==, N_VMS);
    fixture_close(fx);
}

TEST(what_is_no_whole_dump_is_not_restored)
{
    struct fixture fx = {.sqlite = true};
    autofree char *dump = NULL;

    closed_with_vms(&fx);
    dump = beside(&fx, ".dump");
    check_not_restored(&fx, dump);
    CHECK(access(dump, F_OK) < 0);
    CHECK_OK(db_dump(fx.path, dump));
    sql(dump, "PRAGMA user_version = 3");
    check_not_restored(&fx, dump);
    sql(dump, "PRAGMA user_version = 2; UPDATE object SET fields = '{' WHERE id = 3");
    check_not_restored(&fx, dump);
    CHECK_OK(db_dump(fx.path, dump));
    sql(dump, "CREATE TRIGGER x AFTER INSERT ON object BEGIN DELETE FROM object; END");
    check_not_restored(&fx, dump);
    CHECK_OK(db_dump(fx.path, dump));
    CHECK(truncate(dump, 5 * 4096) == 0);
    check_not_restored(&fx, dump);
    sql(fx.path, "PRAGMA quick_check");
    remove_all(&fx);
}

TEST_MAIN

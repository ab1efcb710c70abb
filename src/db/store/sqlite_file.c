// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/store/sqlite_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "db/store.h"
#include "db/store/sqlite_log.h"

#define BUSY_TIMEOUT_MS 10000
#define COPY_HINT       "; the file is damaged, or no database"

/* 'hint': what to say of a damaged file. */
static struct err *failure(sqlite3 *handle, const char *doing, const char *path,
                           const char *hint)
{
    int code = handle ? sqlite3_errcode(handle) : SQLITE_NOMEM;
    struct err *e;

    if (code == SQLITE_FULL)
        return err_param(err_new(ERR_OUT_OF_SPACE, "%s %s: the disk is full", doing, path),
                         "the database");
    e = err_new(ERR_INTERNAL_ERROR, "%s %s: %s%s", doing, path,
                handle ? sqlite3_errmsg(handle) : "out of memory",
                code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? hint : "");
    return err_paramf(e, "the database: %s", sqlite3_errstr(code));
}

static struct err *refusal(const char *path, const char *why)
{
    return err_paramf(err_new(ERR_INTERNAL_ERROR, "opening %s: %s", path, why),
                      "the database: %s", why);
}

static int64_t number(sqlite3 *handle, const char *query, int64_t otherwise)
{
    sqlite3_stmt *statement;
    int64_t value = otherwise;

    if (sqlite3_prepare_v2(handle, query, -1, &statement, NULL) != SQLITE_OK)
        return otherwise;
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

/* By SQLite's own descriptor: closing another one of the file would end its locks. */
static bool is_readable(sqlite3 *handle, int which)
{
    uint8_t part[4096];
    sqlite3_file *file = NULL;
    sqlite3_int64 size = 0;
    bool is_ok;

    if (sqlite3_file_control(handle, NULL, which, &file) != SQLITE_OK || !file ||
        !file->pMethods)
        return true;
    is_ok = file->pMethods->xFileSize(file, &size) == SQLITE_OK;
    for (sqlite3_int64 at = 0; is_ok && at + (int)sizeof(part) <= size; at += sizeof(part))
        is_ok = file->pMethods->xRead(file, part, sizeof(part), at) == SQLITE_OK;
    return is_ok;
}

/* SQLite's check calls a page damaged that a disk refused, too. */
static struct err *damage(sqlite3 *handle, const char *path, const char *found,
                          const char *hint)
{
    const char *line = strrchr(found, '\n'); /* a head line may come before */

    if (!is_readable(handle, SQLITE_FCNTL_FILE_POINTER) ||
        !is_readable(handle, SQLITE_FCNTL_JOURNAL_POINTER))
        return refusal(path, "the disk does not give all of it; look at the system's log");
    return err_param(err_new(ERR_INTERNAL_ERROR, "checking %s: %s%s", path,
                             line ? line + 1 : found, hint),
                     "the database: damaged");
}

struct err *sqlite_check_pages(sqlite3 *handle, const char *path, const char *hint)
{
    sqlite3_stmt *statement;
    const char *found;
    struct err *e = NULL;

    if (sqlite3_prepare_v2(handle, "PRAGMA quick_check(1)", -1, &statement, NULL) !=
        SQLITE_OK)
        return failure(handle, "checking", path, hint);
    found = sqlite3_step(statement) == SQLITE_ROW
                ? (const char *)sqlite3_column_text(statement, 0)
                : NULL;
    if (!found)
        e = failure(handle, "checking", path, hint);
    else if (!STREQ(found, "ok"))
        e = damage(handle, path, found, hint);
    sqlite3_finalize(statement);
    return e;
}

/* ---- copying ---- */

static int sync_folder_of(const char *path)
{
    autofree char *copy = xstrdup(path);
    autoclose int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd < 0 || fsync(fd) < 0 ? -errno : 0;
}

/* 'part' becomes 'path', durably. */
static struct err *keep(const char *part, const char *path)
{
    int r = rename(part, path) < 0 ? -errno : sync_folder_of(path);

    return r < 0 ? err_errno(-r, "keeping %s", path) : NULL;
}

struct err *sqlite_copy(sqlite3 *handle, const char *path, const char *to)
{
    autofree char *part = xasprintf("%s.part", to);
    char *query = sqlite3_mprintf("VACUUM INTO %Q", part);
    autoclose int fd = -1;
    struct err *e = NULL;

    if (unlink(part) < 0 && errno != ENOENT)
        e = err_errno(errno, "removing %s", part);
    if (!e)
        fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (!e && fd < 0)
        e = err_errno(errno, "making %s", part);
    if (!e && sqlite3_exec(handle, query, NULL, NULL, NULL) != SQLITE_OK)
        e = failure(handle, "copying", path, COPY_HINT);
    if (!e && fsync(fd) < 0)
        e = err_errno(errno, "writing %s", part);
    sqlite3_free(query);
    if (e && fd >= 0)
        unlink(part);
    return e ? e : keep(part, to);
}

/* A daemon works on it: then that daemon has looked at the log, which changes under whoever
 * reads it now. */
static bool is_in_use(const char *path)
{
    autofree char *lock = xasprintf("%s.lock", path);
    autoclose int fd = open(lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

    return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) < 0;
}

static struct err *check_log_at_rest(const char *path)
{
    return is_in_use(path) ? NULL : sqlite_log_check(path);
}

/* Opens what must be there, and be a database of this program. */
static struct err *open_whole(const char *path, sqlite3 **ret_handle)
{
    struct err *e = NULL;

    *ret_handle = NULL;
    if (sqlite3_open_v2(path, ret_handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        return failure(*ret_handle, "opening", path, COPY_HINT);
    sqlite3_busy_timeout(*ret_handle, BUSY_TIMEOUT_MS);
    if (sqlite3_exec(*ret_handle,
                     "PRAGMA trusted_schema = OFF; SELECT 1 FROM sqlite_schema", NULL, NULL,
                     NULL) != SQLITE_OK)
        return failure(*ret_handle, "reading", path, COPY_HINT);
    if (number(*ret_handle, "PRAGMA application_id", 0) != SQLITE_FILE_ID)
        return refusal(path, "not a database of this program");
    if (number(*ret_handle,
               "SELECT count(*) FROM sqlite_schema WHERE type IN ('trigger', 'view')", 1))
        e = refusal(path, "it has programs in it");
    return e ? e : sqlite_check_pages(*ret_handle, path, COPY_HINT);
}

struct err *store_sqlite_copy(const char *path, const char *to)
{
    sqlite3 *handle = NULL;
    struct err *e = check_log_at_rest(path);

    if (!e)
        e = open_whole(path, &handle);
    if (!e)
        e = sqlite_copy(handle, path, to);
    sqlite3_close(handle);
    return err_context(e, "copying the database");
}

/* ---- restoring ---- */

struct era {
    int64_t epoch, reserved;
};

/* Zeros when it cannot be read any more.  SQLite is kept from a log that it would cut
 * short: somebody may want to look at it. */
static struct era era_of(const char *path)
{
    autoptr(err) fault = check_log_at_rest(path);
    struct era era = {0};
    sqlite3 *handle = NULL;

    if (fault)
        return era;
    if (sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK) {
        sqlite3_busy_timeout(handle, BUSY_TIMEOUT_MS);
        era.epoch = number(handle, "SELECT value FROM meta WHERE key = 'epoch'", 0);
        era.reserved = number(handle, "SELECT value FROM meta WHERE key = 'reserved'", 0);
    }
    sqlite3_close(handle);
    return era;
}

static int64_t max(int64_t x, int64_t y)
{
    return x > y ? x : y;
}

/* Another history begins: no token of the old one may seem to belong to it. */
static struct err *begin_era(const char *path, struct era old)
{
    struct era own = era_of(path);
    int64_t first = max(max(own.reserved, old.reserved), (int64_t)store_first_generation());
    autofree char *query =
        xasprintf("UPDATE meta SET value = %lld WHERE key = 'epoch';"
                  "UPDATE meta SET value = %lld WHERE key IN ('born', 'reserved')",
                  (long long)max(own.epoch, old.epoch) + 1, (long long)first);
    sqlite3 *handle = NULL;
    struct err *e = open_whole(path, &handle);

    if (!e && sqlite3_exec(handle, query, NULL, NULL, NULL) != SQLITE_OK)
        e = failure(handle, "writing", path, COPY_HINT);
    sqlite3_close(handle);
    return e;
}

/* As the one whose place it takes: who restores may be root, and the daemon is not. */
static struct err *give_to_owner_of(const char *old, const char *path)
{
    struct stat wanted, now;

    if (stat(old, &wanted) < 0)
        return NULL;
    if (stat(path, &now) < 0)
        return err_errno(errno, "looking at %s", path);
    if (now.st_uid != wanted.st_uid && chown(path, wanted.st_uid, wanted.st_gid) < 0)
        return err_errno(errno, "giving %s to its owner", path);
    return NULL;
}

struct err *store_sqlite_replace(const char *path, const char *with)
{
    static const char *const older[] = {"", "-wal"};
    autofree char *restored = xasprintf("%s.restored", path);
    struct err *e = begin_era(with, era_of(path));

    if (!e)
        e = give_to_owner_of(path, with);
    for (size_t i = 0; !e && i < ARRAY_SIZE(older); i++) {
        autofree char *replaced = xasprintf("%s.replaced%s", path, older[i]);

        if (unlink(replaced) < 0 && errno != ENOENT)
            e = err_errno(errno, "removing %s", replaced);
    }
    return e ? e : keep(with, restored);
}

/* 'from' may be gone already: this was cut off before. */
static struct err *move_aside(const char *path, const char *suffix)
{
    autofree char *from = xasprintf("%s%s", path, suffix);
    autofree char *to = xasprintf("%s.replaced%s", path, suffix);

    return rename(from, to) < 0 && errno != ENOENT ? err_errno(errno, "keeping %s", from)
                                                   : NULL;
}

struct err *sqlite_take_restored(const char *path)
{
    autofree char *restored = xasprintf("%s.restored", path);
    autofree char *index = xasprintf("%s-shm", path);
    struct err *e;

    if (access(restored, F_OK) < 0)
        return NULL;
    e = move_aside(path, "-wal");
    if (!e)
        e = move_aside(path, "");
    if (!e && unlink(index) < 0 && errno != ENOENT)
        e = err_errno(errno, "removing %s", index);
    if (!e)
        e = keep(restored, path);
    if (!e)
        log_info(DB, "%s was restored; what it held is in %s.replaced", path, path);
    return e;
}

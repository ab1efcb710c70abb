// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "db/db.h"
#include "db/store.h"

/* The folder itself is locked: root may do this beside a daemon that is not, and leaves no
 * file it could not open. */
struct err *db_backup_begin(const char *path, int *ret_fd)
{
    autofree char *copy = xstrdup(path);
    autoclose int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return err_errno(errno, "opening the folder of %s", path);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        *ret_fd = take_fd(fd);
        return NULL;
    }
    return errno == EWOULDBLOCK
               ? err_new(ERR_TOO_BUSY, "another dump or restore of %s is under way", path)
               : err_errno(errno, "locking the folder of %s", path);
}

struct err *db_dump(const char *path, const char *to)
{
    return err_context(store_sqlite_copy(path, to), "dumping");
}

/* Upgrades it, too, if it is an old one. */
static struct err *open_and_close(const char *path)
{
    struct store *store;
    struct db *db = NULL;
    struct err *e = store_sqlite_open(path, &store);

    if (!e)
        e = db_open(store, &db);
    db_close(db);
    return e;
}

static void remove_beside(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", ".schema-1"};

    for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
        autofree char *name = xasprintf("%s%s", path, suffixes[i]);

        unlink(name);
    }
}

struct err *db_restore(const char *path, const char *from, enum db_restore how)
{
    autofree char *trial = xasprintf("%s.trial", path);
    struct err *e;

    remove_beside(trial);
    e = store_sqlite_copy(from, trial);
    if (!e)
        e = open_and_close(trial);
    if (!e && how == RESTORE)
        e = store_sqlite_replace(path, trial);
    remove_beside(trial);
    return err_context(e, "restoring %s", from);
}

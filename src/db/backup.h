// SPDX-License-Identifier: GPL-2.0-or-later
/* The database as a file to keep, and back from it.  The file is a SQLite database as the
 * store's own, in one piece; it holds secrets, and only its owner may read it.  Both may be
 * asked while a daemon works on the database.  No state but db_backup_begin's; any thread.
 */
#pragma once

#include <stdbool.h>

#include "base/err.h"

/* Keeps other dumps and restores of the database at 'path' out, of any process, until the
 * descriptor is closed; it is the caller's.  TOO_BUSY when there is one. */
struct err *db_backup_begin(const char *path, int *ret_fd) MUST_CHECK;

/* What the database at 'path' holds at one moment, as the file 'to'. */
struct err *db_dump(const char *path, const char *to) MUST_CHECK;

enum db_restore {
    RESTORE_TRY, /* only finds out whether it could be restored */
    RESTORE,
};

/* Checks the dump 'from' as a start would; then the next opening of the database at 'path'
 * finds it restored, with events of a new epoch, and what it held before in
 * 'path'.replaced.  After db_backup_begin: the file it is tried in has one name.
 * INTERNAL_ERROR [text]. */
struct err *db_restore(const char *path, const char *from, enum db_restore how) MUST_CHECK;

// SPDX-License-Identifier: GPL-2.0-or-later
/* The SQLite store's file as a whole: checked, copied, put in another's place.  No state.
 */
#pragma once

#include <sqlite3.h>

#include "base/err.h"

#define SQLITE_FILE_ID 0x4c6b6462 /* "Lkdb": the file's application_id */
/* What to do of a store that does not open, after a message that names the file. */
#define SQLITE_FILE_HINT                                                                   \
    "; the file is damaged: restore a backup (latchkeyd --restore-database), or move the " \
    "file and its -wal away to begin with an empty database"

/* Reads every page, also those that loading does not come by, so that damage is told at the
 * start and not amid work.  'hint' ends what is said of damage. */
struct err *sqlite_check_pages(sqlite3 *handle, const char *path,
                               const char *hint) MUST_CHECK;

/* What 'handle' (of the file 'path') holds, as one file 'to' that only its owner may read;
 * durable, and there wholly or not at all. */
struct err *sqlite_copy(sqlite3 *handle, const char *path, const char *to) MUST_CHECK;

/* Puts the database that waits as 'path'.restored, if one does, in the place of 'path'; the
 * old one is 'path'.replaced then.  May be cut off anywhere and is finished the next time.
 * Under the lock of 'path'. */
struct err *sqlite_take_restored(const char *path) MUST_CHECK;

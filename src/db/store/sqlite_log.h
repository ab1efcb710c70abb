// SPDX-License-Identifier: GPL-2.0-or-later
/* A look at the write-ahead log of a SQLite file before SQLite opens it.  SQLite takes the
 * first place it cannot read for the end of the log and drops what follows, without a word;
 * so a log whose later commits were durable is refused here instead.  No state. */
#pragma once

#include "base/err.h"

/* NULL when what SQLite would drop of the log beside the database 'path' is at most the one
 * transaction that nobody had confirmed when the power went.  Files that are not there are
 * fine, but not a log without its database.  INTERNAL_ERROR [text]. */
struct err *sqlite_log_check(const char *path) MUST_CHECK;

// SPDX-License-Identifier: GPL-2.0-or-later
/* Files on their way from or to the server, as parts of a task: the task says in the end
 * what became of it.  One thread. */
#pragma once

#include "base/buf.h"
#include "cli/run.h"

struct transfer {
    const char *label; /* of the task */
    const char *path;  /* "/export" */
    struct buf query;  /* "&name=value..." */
    const char *file;  /* "" when downloading: the standard output */
    bool is_upload;
};

/* Appends to the query. */
void transfer_add(struct transfer *transfer, const char *name, const char *value);
void transfer_fini(struct transfer *transfer);

/* Uploads the file, or downloads to a file that is not there yet and does not stay when it
 * fails.  'ret_result' gets the task's result. */
struct err *transfer_run(struct run *run, const struct transfer *transfer,
                         struct buf *ret_result) MUST_CHECK;

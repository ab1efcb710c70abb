// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verb_transfer.h"

#include <string.h>

#include "cli/fail.h"
#include "cli/target.h"
#include "cli/transfer.h"
#include "model/model.h"

#define MAX_PAIRS 2

static const struct row {
    const char *command, *path;
    bool is_upload;
    const char *file;      /* the argument that names it */
    const char *otherwise; /* the file when it does not; NULL: it must */
    struct {
        const char *name, *argument;
    } pairs[MAX_PAIRS]; /* of the query, when the argument is there */
} rows[] = {
    {"audit-log-get", "/audit_log", false, "filename", NULL, {{"since", "since"}}},
    {"blob-get", "/blob", false, "filename", NULL, {{"uuid", "uuid"}}},
    {"blob-put", "/blob", true, "filename", NULL, {{"uuid", "uuid"}}},
    {"host-backup", "/host_backup", false, "file-name", NULL, {{NULL}}},
    {"host-get-system-status",
     "/system-status",
     false,
     "filename",
     NULL,
     {{"entries", "entries"}, {"output", "output"}}},
    {"host-logs-download", "/host_logs_download", false, "file-name", "logs", {{NULL}}},
    {"host-restore", "/host_restore", true, "file-name", NULL, {{NULL}}},
    {"pool-dump-database", "/pool/xmldbdump", false, "file-name", NULL, {{NULL}}},
    {"pool-restore-database",
     "/pool/xmldbdump",
     true,
     "file-name",
     NULL,
     {{"dry_run", "dry-run"}}},
    {"pool-sync-bundle", "/bundle", true, "filename", NULL, {{NULL}}},
};

static const struct row *find_row(const char *command)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (STREQ(rows[i].command, command))
            return &rows[i];
    return NULL;
}

/* A host keeps its own files: only the one that answers is asked. */
static struct err *check_host(struct run *run)
{
    ref_list hosts = VEC_INIT;
    const char *here;
    struct err *e = target_select(run, &hosts);

    if (!e)
        e = target_host(run, &here);
    if (!e && (hosts.n != 1 || !STREQ(hosts.at[0], here)))
        e = fail("That is another host's: name it with -s");
    VEC_FINI(&hosts);
    return e;
}

static struct err *run_row(struct run *run, const struct row *row)
{
    const char *file = args_get(run->args, row->file);
    autobuf result = BUF_INIT;
    struct transfer transfer = {.label = row->command,
                                .path = row->path,
                                .file = file ? file : row->otherwise,
                                .is_upload = row->is_upload};
    struct err *e;

    for (size_t i = 0; i < MAX_PAIRS && row->pairs[i].name; i++) {
        const char *value = args_get(run->args, row->pairs[i].argument);

        if (value)
            transfer_add(&transfer, row->pairs[i].name, value);
    }
    e = transfer_run(run, &transfer, &result);
    transfer_fini(&transfer);
    return e;
}

struct err *verb_transfer(struct run *run)
{
    struct err *e = run->command->on == XE_ON_HOST ? check_host(run) : NULL;

    return e ? e : run_row(run, find_row(run->command->name));
}

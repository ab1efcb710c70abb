// SPDX-License-Identifier: GPL-2.0-or-later
/* A look into the server's own workings: threads, memory, rows, what the storage does. */
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "api/bodies.h"
#include "api/host.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/str.h"
#include "rpc/agents.h"
#include "rpc/dispatch.h"
#include "rpc/manager.h"
#include "rpc/usage.h"
#include "wire/json.h"

#define TASKS    "/proc/self/task"
#define MAX_STAT 4096

/* ---- threads ---- */

/* "<thread> <name> <state>": the state is the letter behind the name's parenthesis. */
static void add_thread(struct buf *out, const char *thread)
{
    autofree char *path = xasprintf(TASKS "/%s/stat", thread);
    autobuf stat = BUF_INIT;
    const char *name, *end;

    if (fd_read_file(AT_FDCWD, path, MAX_STAT, &stat) < 0)
        return; /* it ended meanwhile */
    name = strchr(buf_str(&stat), '(');
    end = strrchr(buf_str(&stat), ')');
    if (!name || !end || end < name || !str_is_utf8(name, (size_t)(end - name)))
        return;
    buf_addf(out, "%s %.*s %.1s\n", thread, (int)(end - name - 1), name + 1,
             end[1] == ' ' ? end + 2 : "?");
}

static struct err *get_thread_diagnostics(struct call *call, struct val *ret_result)
{
    struct err *e = host_need_this(call, arg_text(call, 0));
    DIR *dir = e ? NULL : opendir(TASKS);
    const struct dirent *entry;
    autobuf out = BUF_INIT;

    if (!e && !dir)
        e = err_new(ERR_INTERNAL_ERROR, "reading " TASKS);
    if (e)
        return e;
    while ((entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            add_thread(&out, entry->d_name);
    closedir(dir);
    *ret_result = val_str(buf_str(&out));
    return NULL;
}

/* ---- clients and their calls ---- */

/* Arguments: host, counts */
static struct err *get_timing_stats(struct call *call, struct val *ret_result)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        *ret_result = usage_times(rpc_usage(call->manager->rpc), arg_bool(call, 1));
    return e;
}

static struct err *get_user_agents(struct call *call, struct val *ret_result)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        *ret_result = usage_clients(rpc_usage(call->manager->rpc));
    return e;
}

/* ---- storage ---- */

/* What lk-stored does by itself, as JSON. */
static struct err *get_sm_diagnostics(struct call *call, struct val *ret_result)
{
    autoval struct val jobs = val_void();
    autobuf out = BUF_INIT;
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        e = agents_call(call->manager->agents, AGENT_STORED, "job.list", val_map(0), NULL,
                        0, 0, &jobs, NULL, NULL);
    if (e)
        return e;
    json_add(&out, &jobs);
    *ret_result = val_str(buf_str(&out));
    return NULL;
}

/* ---- memory ---- */

static struct err *gc_compact(struct call *call, struct val *ret_result UNUSED)
{
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        malloc_trim(0);
    return e;
}

static struct err *gc_stats(struct call *call, struct val *ret_result)
{
    struct err *e = host_need_this(call, arg_text(call, 0));
    struct mallinfo2 info;

    if (e)
        return e;
    info = mallinfo2();
    const struct {
        const char *name;
        size_t bytes;
    } figures[] = {
        {"from_system", info.arena + info.hblkhd},
        {"in_use", info.uordblks + info.hblkhd},
        {"free", info.fordblks},
        {"returnable", info.keepcost},
    };

    *ret_result = val_map(ARRAY_SIZE(figures));
    for (size_t i = 0; i < ARRAY_SIZE(figures); i++)
        val_put_str(ret_result, figures[i].name, val_strf("%zu", figures[i].bytes));
    return NULL;
}

/* ---- the database ---- */

static struct err *db_stats(struct call *call, struct val *ret_result)
{
    struct db_token now = db_now(call->db);
    size_t n_rows = 0;

    *ret_result = val_map(N_CLASSES + 2);
    for (int cls = 0; cls < N_CLASSES; cls++) {
        size_t n = classes[cls].in_database ? db_count(call->db, cls) : 0;

        if (n)
            val_put(ret_result, val_strf("rows of %s", classes[cls].name),
                    val_strf("%zu", n));
        n_rows += n;
    }
    val_put_str(ret_result, "rows", val_strf("%zu", n_rows));
    val_put_str(ret_result, "generation",
                val_strf("%llu", (unsigned long long)now.generation));
    return NULL;
}

const struct body_def diagnostics_bodies[] = {
    {"host.get_thread_diagnostics", get_thread_diagnostics, BODY_PRIORITY},
    {"host.get_diagnostic_timing_stats", get_timing_stats, BODY_PRIORITY},
    {"host.get_tracked_user_agents", get_user_agents, BODY_PRIORITY},
    {"host.get_sm_diagnostics", get_sm_diagnostics, BODY_NORMAL},
    {"Diagnostics.gc_compact", gc_compact, BODY_PRIORITY},
    {"Diagnostics.gc_stats", gc_stats, BODY_PRIORITY},
    {"Diagnostics.db_stats", db_stats, BODY_PRIORITY},
    {0},
};

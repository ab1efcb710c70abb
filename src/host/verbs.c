// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/verbs.h"

#include "host/facts.h"
#include "host/nics.h"
#include "host/now.h"

static struct err *run_info(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;

    *ret_result = host_facts(host->root_fd);
    return NULL;
}

static struct err *run_memory(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;
    struct host_memory memory = host_memory_read(host->root_fd);

    if (!memory.total)
        return err_params(ERR_INTERNAL_ERROR, "reading /proc/meminfo", NULL);
    *ret_result = val_map(2);
    val_put_str(ret_result, "total", val_int(memory.total));
    val_put_str(ret_result, "free", val_int(memory.free));
    return NULL;
}

static struct err *run_stat(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;
    struct host_memory memory = host_memory_read(host->root_fd);

    *ret_result = val_map(4);
    val_put_str(ret_result, "total", val_int(memory.total));
    val_put_str(ret_result, "free", val_int(memory.free));
    val_put_str(ret_result, "load", val_float(host_load(host->root_fd)));
    val_put_str(ret_result, "clock_synchronized", val_bool(host_clock_is_synchronized()));
    return NULL;
}

static struct err *run_nics(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;

    *ret_result = val_map(1);
    val_put_str(ret_result, "nics", host_nics(host->root_fd));
    return NULL;
}

static struct err *run_timezones(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;

    *ret_result = val_map(1);
    val_put_str(ret_result, "zones", host_timezones(host->root_fd));
    return NULL;
}

static struct err *run_kernel_log(struct verb_call *call, struct val *ret_result)
{
    const struct host *host = call->state;
    struct val text;
    struct err *e = host_kernel_log(host->root_fd, &text);

    if (e)
        return e;
    *ret_result = val_map(1);
    val_put_str(ret_result, "text", text);
    return NULL;
}

const struct verb host_verbs[] = {
    {"host.info", NULL, 0, NULL, run_info, "what the machine is"},
    {"host.memory", NULL, 0, NULL, run_memory, "its memory now"},
    {"host.stat", NULL, 0, NULL, run_stat, "its memory, load and clock now"},
    {"host.nics", NULL, 0, NULL, run_nics, "its network cards"},
    {"host.timezones", NULL, 0, NULL, run_timezones, "the time zones it knows"},
    {"host.kernel_log", NULL, 0, NULL, run_kernel_log, "its kernel's messages"},
};
const size_t n_host_verbs = ARRAY_SIZE(host_verbs);

// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/verbs.h"

#include "host/facts.h"

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

const struct verb host_verbs[] = {
    {"host.info", NULL, 0, NULL, run_info, "what the machine is"},
    {"host.memory", NULL, 0, NULL, run_memory, "its memory now"},
};
const size_t n_host_verbs = ARRAY_SIZE(host_verbs);

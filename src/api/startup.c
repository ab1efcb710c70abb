// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/startup.h"

#include "api/disk_live.h"
#include "api/host_facts.h"
#include "api/journal.h"
#include "api/merges.h"
#include "api/sr_plug.h"
#include "api/sr_space.h"
#include "api/vm_memory.h"
#include "api/vm_watch.h"
#include "base/log.h"
#include "rpc/manager.h"

static const struct connected_hook {
    enum agent_id agent;
    void (*run)(struct manager *manager);
} connected_hooks[] = {
    {AGENT_VMD, vm_watch_reconcile},     {AGENT_VMD, disk_live_settle_all},
    {AGENT_STORED, sr_plug_reconcile},   {AGENT_STORED, disk_live_settle_all},
    {AGENT_STORED, vm_memory_sweep},     {AGENT_HOSTD, host_facts_refresh},
    {AGENT_VMD, journal_recover},        {AGENT_STORED, journal_recover},
    {AGENT_NETD, journal_recover},       {AGENT_STORED, merges_look_everywhere},
    {AGENT_VMD, merges_look_everywhere}, {N_AGENTS, NULL},
};

static const struct notice_hook {
    enum agent_id agent;
    void (*run)(struct manager *manager, const char *name, const struct val *params);
} notice_hooks[] = {
    {AGENT_VMD, vm_watch_notice},
    {AGENT_STORED, merges_notice},
    {AGENT_STORED, sr_space_notice},
    {N_AGENTS, NULL},
};

void startup_agent_connected(enum agent_id agent, void *manager)
{
    for (const struct connected_hook *hook = connected_hooks; hook->run; hook++) {
        if (hook->agent == agent)
            hook->run(manager);
    }
}

void startup_agent_notice(enum agent_id agent, const char *name, const struct val *params,
                          void *manager)
{
    bool heard = false;

    for (const struct notice_hook *hook = notice_hooks; hook->run; hook++) {
        if (hook->agent != agent)
            continue;
        hook->run(manager, name, params);
        heard = true;
    }
    if (!heard)
        log_debug(API, "nobody wants to hear %s of agent %d", name, (int)agent);
}

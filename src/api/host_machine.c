// SPDX-License-Identifier: GPL-2.0-or-later
/* What lk-hostd tells of the machine when it is asked: its clock, time zones, kernel
 * messages. */
#include "api/bodies.h"
#include "api/host.h"
#include "rpc/agents.h"
#include "rpc/manager.h"

/* One member of what a verb of this host's lk-hostd answers. */
static struct err *ask_member(struct call *call, const char *verb, const char *member,
                              struct val *ret_result)
{
    autoval struct val answer = val_void();
    const struct val *found;
    struct err *e = host_need_this(call, arg_text(call, 0));

    if (!e)
        e = agents_call(call->manager->agents, AGENT_HOSTD, verb, val_map(0), NULL, 0, 0,
                        &answer, NULL, NULL);
    if (e)
        return e;
    found = val_find(&answer, member);
    if (!found)
        return err_new(ERR_INTERNAL_ERROR, "asking lk-hostd %s: no %s", verb, member);
    *ret_result = val_ref(found);
    return NULL;
}

static struct err *get_ntp_synchronized(struct call *call, struct val *ret_result)
{
    return ask_member(call, "host.stat", "clock_synchronized", ret_result);
}

static struct err *list_timezones(struct call *call, struct val *ret_result)
{
    return ask_member(call, "host.timezones", "zones", ret_result);
}

static struct err *dmesg(struct call *call, struct val *ret_result)
{
    return ask_member(call, "host.kernel_log", "text", ret_result);
}

const struct body_def host_machine_bodies[] = {
    {"host.get_ntp_synchronized", get_ntp_synchronized, BODY_NORMAL},
    {"host.list_timezones", list_timezones, BODY_NORMAL},
    {"host.dmesg", dmesg, BODY_NORMAL},
    {0},
};

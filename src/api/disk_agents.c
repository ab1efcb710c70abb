// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/disk_agents.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "rpc/manager.h"

struct err *disk_agents_call(struct manager *m, enum agent_id agent, const char *verb,
                             struct val params, struct val *ret_answer)
{
    autoval struct val again = val_ref(&params);
    struct err *e =
        agents_call(m->agents, agent, verb, params, NULL, 0, 0, ret_answer, NULL, NULL);

    if (!e || err_code(e) != ERR_INTERNAL_ERROR)
        return e;
    err_ignore(e, "it is asked once more, when the agent is there");
    return agents_call(m->agents, agent, verb, take_val(again), NULL, 0, 0, ret_answer,
                       NULL, NULL);
}

struct err *disk_agents_layers(struct manager *m, const char *vm_uuid, int device,
                               struct val *ret_answer)
{
    struct val params = val_map(2);

    val_put_str(&params, "vm", val_str(vm_uuid));
    val_put_str(&params, "device", val_int(device));
    return disk_agents_call(m, AGENT_VMD, "vm.disk_layers", params, ret_answer);
}

struct err *disk_agents_top(struct manager *m, const char *vm_uuid, int device,
                            char ret_top[40])
{
    autoval struct val answer = val_void();
    struct err *e = disk_agents_layers(m, vm_uuid, device, &answer);
    const struct val *layers = e ? NULL : val_find(&answer, "layers");

    if (e)
        return e;
    if (!layers || layers->kind != VAL_SET || val_count(layers) == 0 ||
        val_at(layers, 0)->kind != VAL_STR)
        return err_params(ERR_INTERNAL_ERROR, "lk-vmd answered without layers", NULL);
    snprintf(ret_top, 40, "%s", val_text(val_at(layers, 0)));
    return NULL;
}

struct err *disk_agents_end_snapshot(struct manager *m, struct val params, const char *top,
                                     struct val *ret_answer)
{
    val_put_str(&params, "top", val_str(top));
    return disk_agents_call(m, AGENT_STORED, "vdi.snapshot_end", params, ret_answer);
}

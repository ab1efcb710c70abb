// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/verbs.h"

#include "net/net.h"

static struct err *run_backend(struct verb_call *call, struct val *ret_result)
{
    *ret_result = val_map(1);
    val_put_str(ret_result, "backend", val_str(net_backend_name(call->state)));
    return NULL;
}

static struct err *run_attach(struct verb_call *call, struct val *ret_result)
{
    struct net_interface interface = {
        .vm = uuid_lower(call_text(call, "vm")),
        .device = (unsigned)call_int(call, "device", 0),
        .network = uuid_lower(call_text(call, "network")),
    };

    struct err *e;

    if (!mac_parse(call_text(call, "mac"), &interface.mac))
        return err_params(ERR_MAC_INVALID, call_text(call, "mac"), NULL);
    e = net_forwards_parse(call_text(call, "forward"), &interface.forwards);
    if (e)
        return e;
    return net_attach(call->state, &interface, ret_result);
}

static struct err *run_detach(struct verb_call *call, struct val *ret_result)
{
    struct uuid vm = uuid_lower(call_text(call, "vm"));

    return net_detach(call->state, &vm, (unsigned)call_int(call, "device", 0));
}

static struct err *run_list(struct verb_call *call, struct val *ret_result)
{
    *ret_result = val_map(1);
    val_put_str(ret_result, "interfaces", net_list(call->state));
    return NULL;
}

static const struct verb_arg args_attach[] = {
    {"vm", ARG_UUID},
    {"device", ARG_INT, .min = 0, .max = NET_MAX_DEVICE},
    {"network", ARG_UUID},
    {"mac", ARG_TEXT, .max = 32},
    {"forward", ARG_TEXT, .optional = true, .max = 256},
};
static const struct verb_arg args_detach[] = {
    {"vm", ARG_UUID},
    {"device", ARG_INT, .min = 0, .max = NET_MAX_DEVICE},
};

const struct verb net_verbs[] = {
    {"net.backend", NULL, 0, NULL, run_backend, "what connects VMs here"},
    {"net.attach", args_attach, ARRAY_SIZE(args_attach), "vm", run_attach,
     "connects an interface of a VM"},
    {"net.detach", args_detach, ARRAY_SIZE(args_detach), "vm", run_detach, "the opposite"},
    {"net.list", NULL, 0, NULL, run_list, "what is attached"},
};
const size_t n_net_verbs = ARRAY_SIZE(net_verbs);

// SPDX-License-Identifier: GPL-2.0-or-later
/* The backend 'user': the VM's own process translates addresses (QEMU's user networking).
 * Needs no right and touches nothing of the host's network; every interface is an island
 * with a way out, whatever its network. */
#include "net/backend.h"

static struct err *user_attach(void *state, const struct net_interface *interface,
                               struct val *entry)
{
    val_put_str(entry, "mode", val_str("user"));
    if (interface->forwards.n)
        val_put_str(entry, "forward", net_forwards_to_val(&interface->forwards));
    return NULL;
}

const struct net_backend net_backend_user = {
    .name = "user",
    .can_forward = true,
    .attach = user_attach,
};

// SPDX-License-Identifier: GPL-2.0-or-later
/* What messages about hosts share with the start of the daemon. */
#pragma once

#include "rpc/call.h"

/* HOST_OFFLINE unless 'ref' (checked to be a host) is this one: what can only be done by
 * the host itself. */
struct err *host_need_this(const struct call *call, const char *ref) MUST_CHECK;

/* Why each VM that is on and resident on 'host' would not leave it: VM to [code,
 * parameters...], for an API answer. */
struct val host_stuck_vms(struct txn *t, const struct row *host);

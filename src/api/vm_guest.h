// SPDX-License-Identifier: GPL-2.0-or-later
/* What a guest's agent says about itself, as VM_guest_metrics.  The guest wrote it: sizes
 * and names are bounded here, and nothing in it is believed beyond being shown. */
#pragma once

#include "rpc/manager.h"

/* 'params' is the notice vm.guest {vm, report}, or vm.list's entry {vm, guest};
 * docs/design/guest-agent.md. */
void vm_guest_report(struct manager *m, const struct val *params);

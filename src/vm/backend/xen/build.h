// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes the domain of a VM: its description for libxl, its kernel, its disks.  Any thread.
 */
#pragma once

#include <stdint.h>

#include "base/err.h"

struct vm_config;
struct vm_identity;
struct xen_backend;

/* Makes it, paused.  After an error there may be half a domain: end it. */
struct err *xen_build(struct xen_backend *backend, const struct vm_identity *id,
                      const struct vm_config *config, uint32_t *ret_domid) MUST_CHECK;

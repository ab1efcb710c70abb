// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks a template asks for: other_config:disks, a small XML text (object-semantics,
 * provision). */
#pragma once

#include "rpc/call.h"

/* Makes the disks and their VBDs; nothing is left behind on failure.  A VM without the key
 * is success. */
struct err *vm_provision_disks(struct call *call, const char *vm_ref) MUST_CHECK;

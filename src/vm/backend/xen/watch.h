// SPDX-License-Identifier: GPL-2.0-or-later
/* Notices domains that end by themselves. */
#pragma once

#include "base/err.h"

struct xen_backend;

/* Loop thread. */
struct err *xen_watch_open(struct xen_backend *backend) MUST_CHECK;
void xen_watch_close(struct xen_backend *backend);

/* Asks the hypervisor for all domains, and reports those that have ended.  Any thread. */
void xen_watch_look(struct xen_backend *backend);

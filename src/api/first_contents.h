// SPDX-License-Identifier: GPL-2.0-or-later
/* What a fresh host offers before anybody made anything: a network, and the template to
 * start from.  And what each start computes anew: allowed_operations, which are volatile.
 */
#pragma once

#include "base/err.h"

struct manager;

/* Makes what is missing.  What an administrator deleted is made again only when there is no
 * other of its kind. */
struct err *first_contents(struct manager *m) MUST_CHECK;

// SPDX-License-Identifier: GPL-2.0-or-later
/* What latchkeyd takes from itself before anything from outside reaches it: rights, system
 * calls, files, ports, core files (docs/design/isolation.md).  Once, at start, before other
 * threads are made. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct manager_config;

struct confine_config {
    const struct manager_config *manager;
    const char *const *addresses; /* it will listen on */
    size_t n_addresses;
    /* In the lab nobody starts it again when it is asked to start again, so it executes
     * what lies in the folder of its program, confined as it is. */
    bool executes_itself;
};

/* An error where it could not be done; where the kernel has no Landlock, or an old one,
 * that is logged and less is taken.  Root is refused but in the lab. */
struct err *confine(const struct confine_config *config) MUST_CHECK;
/* The system calls alone; for tests. */
struct err *confine_calls(bool executes_itself) MUST_CHECK;

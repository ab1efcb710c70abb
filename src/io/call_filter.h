// SPDX-License-Identifier: GPL-2.0-or-later
/* A filter of system calls, made of tables (seccomp).  It holds for the whole process and
 * whatever it starts, for good.  No state; before other threads are made. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum call_verdict {
    CALL_ALLOWED,
    CALL_ABSENT, /* ENOSYS: the C library does it in another way */
    CALL_DEADLY, /* ends the process by SIGSYS: nobody here calls it */
};

/* Calls by name, with spaces between.  One that this machine or the library does not know
 * is passed over. */
struct call_group {
    enum call_verdict verdict;
    const char *names;
};

/* How an argument must be: (argument & mask) == value. */
struct call_condition {
    unsigned argument; /* from 0 */
    uint64_t mask, value;
};

/* A call that is allowed where all conditions hold; of several rows where one does. */
struct call_row {
    const char *name;
    size_t n_conditions;
    struct call_condition conditions[2];
};

/* From now on a call that no group and no row allows is answered EPERM.  No call is in two
 * groups, or in a group and a row.  Needs no_new_privs. */
struct err *call_filter_load(const struct call_group *groups, size_t n_groups,
                             const struct call_row *rows, size_t n_rows) MUST_CHECK;

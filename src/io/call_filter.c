// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/call_filter.h"

#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define MAX_NAME 64

static void filter_fini(scmp_filter_ctx *filter)
{
    if (*filter)
        seccomp_release(*filter);
}

static int add_call(scmp_filter_ctx filter, uint32_t action, const char *name,
                    const struct scmp_arg_cmp *compares, unsigned n)
{
    int number = seccomp_syscall_resolve_name(name);

    /* Below 0 too: a call of other machines. */
    return number < 0 ? 0 : seccomp_rule_add_array(filter, action, number, n, compares);
}

static int add_group(scmp_filter_ctx filter, const struct call_group *group)
{
    static const uint32_t actions[] = {
        [CALL_ALLOWED] = SCMP_ACT_ALLOW,
        [CALL_ABSENT] = SCMP_ACT_ERRNO(ENOSYS),
        [CALL_DEADLY] = SCMP_ACT_KILL_PROCESS,
    };
    int r = 0;

    for (const char *at = group->names; *at && r == 0; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        char name[MAX_NAME];

        snprintf(name, sizeof(name), "%.*s", (int)len, at);
        r = add_call(filter, actions[group->verdict], name, NULL, 0);
        at += len;
    }
    return r;
}

static int add_row(scmp_filter_ctx filter, const struct call_row *row)
{
    struct scmp_arg_cmp compares[ARRAY_SIZE(row->conditions)];

    for (size_t i = 0; i < row->n_conditions; i++) {
        const struct call_condition *c = &row->conditions[i];

        compares[i] =
            (struct scmp_arg_cmp){c->argument, SCMP_CMP_MASKED_EQ, c->mask, c->value};
    }
    return add_call(filter, SCMP_ACT_ALLOW, row->name, compares,
                    (unsigned)row->n_conditions);
}

struct err *call_filter_load(const struct call_group *groups, size_t n_groups,
                             const struct call_row *rows, size_t n_rows)
{
    CLEANUP(filter_fini) scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int r = filter ? 0 : -ENOMEM;

    /* A call by the numbers of another machine is nothing a compiler made of our text. */
    if (r == 0)
        r = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (r == 0)
        r = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree, no list */
    for (size_t i = 0; i < n_groups && r == 0; i++)
        r = add_group(filter, &groups[i]);
    for (size_t i = 0; i < n_rows && r == 0; i++)
        r = add_row(filter, &rows[i]);
    if (r == 0)
        r = seccomp_load(filter);
    return r < 0 ? err_errno(-r, "filtering system calls") : NULL;
}

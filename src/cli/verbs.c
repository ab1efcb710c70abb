// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verbs.h"

#include <string.h>

#include "base/cleanup.h"
#include "cli/verb_vm.h"

static const struct {
    const char *name;
    verb_fn fn;
} rows[] = {
    {"vm-install", verb_vm_install},
    {"vm-uninstall", verb_vm_uninstall},
};

verb_fn verb_by_name(const char *command)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (STREQ(rows[i].name, command))
            return rows[i].fn;
    return NULL;
}

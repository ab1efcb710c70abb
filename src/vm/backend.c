// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend.h"

#include <string.h>

#define VM_BACKEND(name) extern const struct vm_backend vm_backend_##name;
#include "vm/backends.def"
#undef VM_BACKEND

static const struct vm_backend *const backends[] = {
#define VM_BACKEND(name) &vm_backend_##name,
#include "vm/backends.def"
#undef VM_BACKEND
};

const struct vm_backend *vm_backend_by_name(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(backends); i++)
        if (STREQ(backends[i]->name, name))
            return backends[i];
    return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "net/backend.h"

#include <string.h>

#define NET_BACKEND(name) extern const struct net_backend net_backend_##name;
#include "net/backends.def"
#undef NET_BACKEND

const struct net_backend *const net_backends[] = {
#define NET_BACKEND(name) &net_backend_##name,
#include "net/backends.def"
#undef NET_BACKEND
    NULL,
};

const struct net_backend *net_backend_by_name(const char *name)
{
    for (size_t i = 0; net_backends[i]; i++)
        if (STREQ(net_backends[i]->name, name))
            return net_backends[i];
    return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/layers.h"

#include <unistd.h>

void layers_fini(struct layers *layers)
{
    for (size_t i = 0; i < layers->n; i++)
        if (layers->at[i].fd >= 0)
            close(layers->at[i].fd);
    layers->n = 0;
}

const char *open_mode_name(enum open_mode mode)
{
    return mode == OPEN_RW ? "rw" : "ro";
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* QEMU's block nodes for the layers of a disk, on the command line and over QMP alike: a
 * node for the bytes ("f...") and one for the format ("l..."), named after drive and layer,
 * with the backing file always given and never looked up.  Pure; any thread. */
#pragma once

#include <stdbool.h>

#include "base/uuid.h"
#include "base/value.h"
#include "vm/config.h"

#define QEMU_NODE_NAME_SIZE 32 /* QEMU's own limit, NUL included */

enum qemu_aio { QEMU_AIO_THREADS, QEMU_AIO_URING };

/* How a layer is opened. */
struct qemu_layer_mode {
    unsigned device; /* of the disk: two may share a layer */
    bool is_writable;
    bool is_block_device, is_direct; /* what its descriptor turned out to be */
    enum qemu_aio aio;
    unsigned fdset;
};

/* "l<device>-<the layer's id in 22 digits of 6 bits>", and "f..." for its bytes. */
void qemu_node_name(char kind, unsigned device, const char *layer_id,
                    char ret_name[QEMU_NODE_NAME_SIZE]);
/* The layer's id out of the name of a node of that kind and device; false for any other. */
bool qemu_node_parse(const char *name, char kind, unsigned device,
                     struct uuid *ret_layer_id);

/* The arguments of blockdev-add (and of -blockdev) for the bytes of 'layer'. */
struct val qemu_file_node(const struct vm_layer *layer, const struct qemu_layer_mode *mode);
/* The same for its format.  'backing' is the layer under it, NULL for the lowest. */
struct val qemu_format_node(const struct vm_layer *layer, const struct vm_layer *backing,
                            const struct qemu_layer_mode *mode);

// SPDX-License-Identifier: GPL-2.0-or-later
/* The layers a volume is made of, opened: the leaf first, its parent next.  One thread at a
 * time. */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"
#include "base/uuid.h"

/* Four whole disks fit into one message between manager and agents (FRAME_MAX_FDS). */
#define LAYERS_MAX 240

enum open_mode { OPEN_RO, OPEN_RW };

struct layer {
    int fd; /* close-on-exec */
    struct uuid id;
    const char *format; /* "qcow2" or "raw"; a constant */
};

struct layers {
    struct layer at[LAYERS_MAX];
    size_t n;
};

void layers_fini(struct layers *layers); /* closes what was not taken */
#define autolayers CLEANUP(layers_fini) struct layers

const char *open_mode_name(enum open_mode mode); /* "ro", "rw" */

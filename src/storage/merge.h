// SPDX-License-Identifier: GPL-2.0-or-later
/* Layers that can become one (docs/design/storage.md).  Plain data; one thread at a time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"
#include "storage/layers.h"

/* A run of layers: all but the highest are hidden, and only the next needs them. */
struct merge {
    struct uuid *layers; /* the lowest first */
    size_t n_layers;     /* at least two */
    uint64_t bytes;      /* in all but the lowest */
    size_t depth;        /* of the deepest chain through them */
    struct uuid *vdis;   /* read through them */
    size_t n_vdis;
};

void merge_fini(struct merge *merge);
#define automerge CLEANUP(merge_fini) struct merge

struct merge_list {
    struct merge *at;
    size_t n, room;
};

void merge_list_fini(struct merge_list *list);
#define automerges CLEANUP(merge_list_fini) struct merge_list

static inline const struct uuid *merge_lower(const struct merge *merge)
{
    return &merge->layers[0];
}
static inline const struct uuid *merge_upper(const struct merge *merge)
{
    return &merge->layers[merge->n_layers - 1];
}

/* Two neighbours to be merged at rest. */
struct merge_step {
    struct uuid ids[2];   /* the upper and the lower */
    struct layers layers; /* these, the lower for writing, and those below */
    struct uuid *vdis;    /* read through them */
    size_t n_vdis;
    uint64_t virtual_size; /* the largest of a volume read through them */
    uint64_t bytes;        /* in the upper */
    bool is_empty;         /* the upper was never written: nothing to copy */
};

void merge_step_fini(struct merge_step *step);
#define automergestep CLEANUP(merge_step_fini) struct merge_step

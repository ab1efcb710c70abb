// SPDX-License-Identifier: GPL-2.0-or-later
/* One volume as drivers report it and the manager is told.  One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/uuid.h"
#include "base/value.h"

struct vdi {
    struct uuid uuid;
    char *name_label, *name_description;
    char *kind;                                  /* XenAPI's vdi_type */
    char *location;                              /* unique in its SR */
    uint64_t virtual_size, physical_utilisation; /* bytes */
    bool read_only;
    bool is_a_snapshot;
    struct uuid snapshot_of; /* "" when it is none */
    int64_t snapshot_time;   /* seconds since 1970; 0 when it is none */
    /* Begun by whoever writes to it, and not ended. */
    struct uuid snapshotting; /* the snapshot's uuid; "": none */
    uint64_t resizing_to;     /* 0: none */
    char *damaged;            /* why it cannot be used, else NULL */
};

void vdi_fini(struct vdi *vdi);
#define autovdi CLEANUP(vdi_fini) struct vdi

struct vdi_list {
    struct vdi *at;
    size_t n, room;
};

void vdi_list_fini(struct vdi_list *list);
#define autovdilist CLEANUP(vdi_list_fini) struct vdi_list

/* The object of docs/design/agent-protocol.md; 'holders' (taken) is the list of who has it
 * open. */
struct val vdi_to_val(const struct vdi *vdi, struct val holders);

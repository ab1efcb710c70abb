// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows one transaction read and what it made of them, found by class and ref.  Guarded
 * by the database's writer lock. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "db/row.h"

enum entry_flags {
    ENTRY_READ = 1 << 0,    /* guarded at commit */
    ENTRY_WRITTEN = 1 << 1, /* made, set or deleted by the function */
    ENTRY_DERIVED = 1 << 2, /* a back-reference in it was changed */
    ENTRY_TOUCHED = 1 << 3,
    ENTRY_SHOWN = 1 << 4, /* the function has seen 'now': it must not change under it */
    /* Set when the function has returned. */
    ENTRY_CHANGED = 1 << 5, /* 'now' differs from 'base' */
};

struct entry {
    int cls;
    unsigned flags;
    uint64_t hash; /* of the ref */
    struct val ref;
    struct row *base; /* what the transaction found; NULL: nothing */
    struct row *now;  /* what it leaves; NULL: nothing */
};

struct overlay {
    struct entry **at; /* in the order they came */
    size_t n, room;
    uint32_t *slots; /* 1 + index in 'at', by hash; only once there are more than a few */
    size_t n_slots;
};

void overlay_fini(struct overlay *o);
struct entry *overlay_find(const struct overlay *o, int cls, const char *ref,
                           uint64_t hash);
/* A new entry for a row that has none: 'base' (NULL: absent) is both its versions. */
struct entry *overlay_add(struct overlay *o, int cls, const char *ref, uint64_t hash,
                          struct row *base);

// SPDX-License-Identifier: GPL-2.0-or-later
/* A hash table from text to a pointer.  Keys are copied; values are borrowed.  Open
 * addressing, hashed with a per-process random seed so that clients cannot choose
 * collisions.  One thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

struct map_slot {
    char *key; /* NULL: free */
    void *value;
    uint64_t hash;
};

struct map {
    struct map_slot *slots; /* 'room' of them, a power of two, or NULL */
    size_t n, room;
};

void map_fini(struct map *m); /* keys only: values are the caller's */
void *map_get(const struct map *m, const char *key); /* NULL when absent */
/* Sets 'key' to 'value' (never NULL) and returns what was there, or NULL. */
void *map_put(struct map *m, const char *key, void *value);
void *map_remove(struct map *m, const char *key); /* returns what was there, or NULL */

/* Walks all entries in no order: size_t i = 0; while ((slot = map_next(m, &i))).  No
 * changes meanwhile. */
const struct map_slot *map_next(const struct map *m, size_t *i);

/* The table's hash, for those who need one: SipHash-like mixing of 'len' bytes with the
 * process's seed. */
uint64_t map_hash(const void *data, size_t len);

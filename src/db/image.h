// SPDX-License-Identifier: GPL-2.0-or-later
/* The memory image: what is committed.  A table for each class with its rows by ref, by
 * uuid and by name_label, in the order they were made, and in the order they last changed
 * (so that events cost what changed); and the newest deletions.
 *
 * No lock of its own: the database's image lock is held, shared to read and exclusive to
 * change. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/db.h"
#include "db/row.h"

/* Deletions are cut to the newest half whenever there are this many of a class. */
#define TOMBSTONES_MAX 512

struct tombstone {
    struct val ref;
    struct stamp created, deleted;
};

enum image_key { BY_REF, BY_UUID, BY_NAME_LABEL, N_IMAGE_KEYS };

/* The place of a row in its table: it stays while versions of the row come and go. */
struct node {
    struct row *row;
    struct {
        struct node *next,
            **link; /* the chain of its bucket; link NULL: not in this index */
    } chain[N_IMAGE_KEYS];
    struct node *made_before, *made_after;
    struct node *changed_before, *changed_after;
};

struct index {
    struct node **buckets; /* 'room' of them, a power of two, or NULL */
    size_t n, room;
};

struct table {
    struct index by[N_IMAGE_KEYS];
    struct node *first_made, *last_made;
    struct node *first_changed, *last_changed;
    size_t n;
    struct tombstone *tombstones; /* oldest first */
    size_t n_tombstones;
    uint64_t newest; /* generation of the last durable change of any row */
};

struct image {
    struct table tables[N_CLASSES];
};

void image_init(struct image *image);
void image_fini(struct image *image);

/* NULL when absent; borrowed. */
struct row *image_get(const struct image *image, int cls, const char *ref, uint64_t hash);
struct row *image_get_by_uuid(const struct image *image, int cls, const char *uuid);
/* The rows called 'name_label': pass NULL first, then the last one found. */
const struct node *image_next_named(const struct image *image, int cls,
                                    const char *name_label, const struct node *last);
uint64_t image_hash(const char *ref);

/* Puts a row in, or a new version of one; takes 'row' and returns the version it replaces
 * (the caller releases it), or NULL.  It becomes the row changed last. */
struct row *image_put(struct image *image, struct row *row);
/* Takes a row out, leaving a tombstone; returns it, or NULL when there was none. */
struct row *image_remove(struct image *image, int cls, const char *ref,
                         const struct stamp *deleted);
void image_add_tombstone(struct image *image, int cls, const struct tombstone *stone);

/* Puts all rows in the order they were made and last changed: after a load in any order. */
void image_sort(struct image *image);

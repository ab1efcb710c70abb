// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/image.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"

#define MIN_ROOM 16

uint64_t image_hash(const char *ref)
{
    return map_hash(ref, strlen(ref));
}

static const char *key_of(const struct row *row, enum image_key key)
{
    switch (key) {
    case BY_REF:
        return row_ref(row);
    case BY_UUID:
        return row_uuid(row);
    default:
        return row_name_label(row);
    }
}

static bool class_has_key(int cls, enum image_key key)
{
    return key == BY_REF || (key == BY_UUID && classes[cls].uuid_field >= 0) ||
           (key == BY_NAME_LABEL && classes[cls].name_label_field >= 0);
}

/* ---- one index: chained, since many rows may share a name ---- */

static void chain_add(struct index *index, enum image_key key, struct node *node,
                      uint64_t hash)
{
    struct node **bucket = &index->buckets[hash & (index->room - 1)];

    node->chain[key].next = *bucket;
    node->chain[key].link = bucket;
    if (*bucket)
        (*bucket)->chain[key].link = &node->chain[key].next;
    *bucket = node;
}

static void index_grow(struct index *index, enum image_key key)
{
    struct index old = *index;

    index->room = old.room ? old.room * 2 : MIN_ROOM;
    index->buckets = xcalloc(index->room, sizeof(struct node *));
    for (size_t i = 0; i < old.room; i++) {
        struct node *node = old.buckets[i], *next;

        for (; node; node = next) {
            next = node->chain[key].next;
            chain_add(index, key, node, image_hash(key_of(node->row, key)));
        }
    }
    free(old.buckets);
}

static void index_add(struct table *table, enum image_key key, struct node *node)
{
    struct index *index = &table->by[key];

    if (!class_has_key(node->row->cls, key))
        return;
    if (index->n == index->room)
        index_grow(index, key);
    chain_add(index, key, node, image_hash(key_of(node->row, key)));
    index->n++;
}

static void index_remove(struct table *table, enum image_key key, struct node *node)
{
    struct node *next = node->chain[key].next, **link = node->chain[key].link;

    if (!link)
        return;
    *link = next;
    if (next)
        next->chain[key].link = link;
    node->chain[key].next = NULL;
    node->chain[key].link = NULL;
    table->by[key].n--;
}

static struct node *index_find(const struct index *index, enum image_key key,
                               const char *text, uint64_t hash)
{
    struct node *node = index->room ? index->buckets[hash & (index->room - 1)] : NULL;

    while (node && strcmp(key_of(node->row, key), text) != 0)
        node = node->chain[key].next;
    return node;
}

/* ---- the two orders ---- */

static void append_made(struct table *table, struct node *node)
{
    node->made_before = table->last_made;
    node->made_after = NULL;
    *(table->last_made ? &table->last_made->made_after : &table->first_made) = node;
    table->last_made = node;
}

static void unlink_made(struct table *table, struct node *node)
{
    *(node->made_before ? &node->made_before->made_after : &table->first_made) =
        node->made_after;
    *(node->made_after ? &node->made_after->made_before : &table->last_made) =
        node->made_before;
}

static void append_changed(struct table *table, struct node *node)
{
    node->changed_before = table->last_changed;
    node->changed_after = NULL;
    *(table->last_changed ? &table->last_changed->changed_after : &table->first_changed) =
        node;
    table->last_changed = node;
}

static void unlink_changed(struct table *table, struct node *node)
{
    *(node->changed_before ? &node->changed_before->changed_after : &table->first_changed) =
        node->changed_after;
    *(node->changed_after ? &node->changed_after->changed_before : &table->last_changed) =
        node->changed_before;
}

/* ---- the image ---- */

void image_init(struct image *image)
{
    memset(image, 0, sizeof(*image));
}

static void table_fini(struct table *table)
{
    struct node *node = table->first_made, *next;

    for (; node; node = next) {
        next = node->made_after;
        row_release(node->row);
        free(node);
    }
    for (size_t i = 0; i < table->n_tombstones; i++)
        val_unref(&table->tombstones[i].ref);
    free(table->tombstones);
    for (int key = 0; key < N_IMAGE_KEYS; key++)
        free(table->by[key].buckets);
}

void image_fini(struct image *image)
{
    for (int cls = 0; cls < N_CLASSES; cls++)
        table_fini(&image->tables[cls]);
    image_init(image);
}

struct row *image_get(const struct image *image, int cls, const char *ref, uint64_t hash)
{
    struct node *node = index_find(&image->tables[cls].by[BY_REF], BY_REF, ref, hash);

    return node ? node->row : NULL;
}

struct row *image_get_by_uuid(const struct image *image, int cls, const char *uuid)
{
    struct node *node;

    if (!*uuid)
        return NULL;
    node = index_find(&image->tables[cls].by[BY_UUID], BY_UUID, uuid, image_hash(uuid));
    return node ? node->row : NULL;
}

const struct node *image_next_named(const struct image *image, int cls,
                                    const char *name_label, const struct node *last)
{
    const struct index *index = &image->tables[cls].by[BY_NAME_LABEL];
    const struct node *node;

    if (!last)
        return index_find(index, BY_NAME_LABEL, name_label, image_hash(name_label));
    node = last->chain[BY_NAME_LABEL].next;
    while (node && strcmp(row_name_label(node->row), name_label) != 0)
        node = node->chain[BY_NAME_LABEL].next;
    return node;
}

static void note_generation(struct table *table, const struct stamp *stamp)
{
    if (stamp->generation > table->newest)
        table->newest = stamp->generation;
}

static void add_node(struct table *table, struct row *row)
{
    struct node *node = xcalloc(1, sizeof(*node));

    node->row = row;
    for (int key = 0; key < N_IMAGE_KEYS; key++)
        index_add(table, key, node);
    append_made(table, node);
    append_changed(table, node);
    table->n++;
}

struct row *image_put(struct image *image, struct row *row)
{
    struct table *table = &image->tables[row->cls];
    const char *ref = row_ref(row);
    struct node *node = index_find(&table->by[BY_REF], BY_REF, ref, image_hash(ref));
    struct row *old;

    note_generation(table, &row->changed);
    if (!node) {
        add_node(table, row);
        return NULL;
    }
    old = node->row;
    for (int key = BY_UUID; key < N_IMAGE_KEYS; key++) {
        bool moved = strcmp(key_of(old, key), key_of(row, key)) != 0;

        if (moved)
            index_remove(table, key, node);
        node->row = row;
        if (moved)
            index_add(table, key, node);
        node->row = old;
    }
    node->row = row;
    unlink_changed(table, node);
    append_changed(table, node);
    return old;
}

struct row *image_remove(struct image *image, int cls, const char *ref,
                         const struct stamp *deleted)
{
    struct table *table = &image->tables[cls];
    struct node *node = index_find(&table->by[BY_REF], BY_REF, ref, image_hash(ref));
    struct tombstone stone;
    struct row *row;

    if (!node)
        return NULL;
    row = node->row;
    for (int key = 0; key < N_IMAGE_KEYS; key++)
        index_remove(table, key, node);
    unlink_made(table, node);
    unlink_changed(table, node);
    table->n--;
    free(node);
    stone = (struct tombstone){row->ref, row->created, *deleted};
    image_add_tombstone(image, cls, &stone);
    return row;
}

void image_add_tombstone(struct image *image, int cls, const struct tombstone *stone)
{
    struct table *table = &image->tables[cls];
    const size_t half = TOMBSTONES_MAX / 2;

    if (!table->tombstones)
        table->tombstones = xcalloc(TOMBSTONES_MAX, sizeof(*table->tombstones));
    if (table->n_tombstones == TOMBSTONES_MAX) {
        for (size_t i = 0; i < half; i++)
            val_unref(&table->tombstones[i].ref);
        memmove(table->tombstones, table->tombstones + half,
                (TOMBSTONES_MAX - half) * sizeof(*table->tombstones));
        table->n_tombstones -= half;
    }
    table->tombstones[table->n_tombstones] = *stone;
    table->tombstones[table->n_tombstones++].ref = val_ref(&stone->ref);
    note_generation(table, &stone->deleted);
}

/* ---- after a load ---- */

struct sortable {
    uint64_t generation;
    size_t position; /* keeps the order of rows made by one transaction */
    struct node *node;
};

static int by_generation(const void *a, const void *b)
{
    const struct sortable *x = a, *y = b;

    if (x->generation != y->generation)
        return x->generation < y->generation ? -1 : 1;
    return (x->position > y->position) - (x->position < y->position);
}

static void table_sort(struct table *table)
{
    autofree struct sortable *all = xcalloc(table->n, sizeof(*all));
    size_t n = 0;

    for (struct node *node = table->first_made; node; node = node->made_after, n++)
        all[n] = (struct sortable){node->row->created.generation, n, node};
    qsort(all, n, sizeof(all[0]), by_generation);
    table->first_made = table->last_made = NULL;
    for (size_t i = 0; i < n; i++)
        append_made(table, all[i].node);

    for (size_t i = 0; i < n; i++) {
        all[i].generation = all[i].node->row->changed.generation;
        all[i].position = i;
    }
    qsort(all, n, sizeof(all[0]), by_generation);
    table->first_changed = table->last_changed = NULL;
    for (size_t i = 0; i < n; i++)
        append_changed(table, all[i].node);
}

void image_sort(struct image *image)
{
    for (int cls = 0; cls < N_CLASSES; cls++)
        if (image->tables[cls].n)
            table_sort(&image->tables[cls]);
}

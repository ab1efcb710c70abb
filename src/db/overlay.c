// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/overlay.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define FEW 8 /* up to here a walk is quicker than a table */

void overlay_fini(struct overlay *o)
{
    for (size_t i = 0; i < o->n; i++) {
        row_release(o->at[i]->base);
        row_release(o->at[i]->now);
        val_unref(&o->at[i]->ref);
        free(o->at[i]);
    }
    free(o->at);
    free(o->slots);
    *o = (struct overlay){0};
}

static bool is_entry(const struct entry *e, int cls, const char *ref, uint64_t hash)
{
    return e->hash == hash && e->cls == cls && strcmp(val_text(&e->ref), ref) == 0;
}

struct entry *overlay_find(const struct overlay *o, int cls, const char *ref, uint64_t hash)
{
    if (!o->slots) {
        for (size_t i = 0; i < o->n; i++)
            if (is_entry(o->at[i], cls, ref, hash))
                return o->at[i];
        return NULL;
    }
    for (size_t i = hash & (o->n_slots - 1); o->slots[i]; i = (i + 1) & (o->n_slots - 1))
        if (is_entry(o->at[o->slots[i] - 1], cls, ref, hash))
            return o->at[o->slots[i] - 1];
    return NULL;
}

static void put_slot(struct overlay *o, size_t index)
{
    size_t i = o->at[index]->hash & (o->n_slots - 1);

    while (o->slots[i])
        i = (i + 1) & (o->n_slots - 1);
    o->slots[i] = (uint32_t)index + 1;
}

static void make_slots(struct overlay *o)
{
    free(o->slots);
    o->n_slots = o->n_slots ? o->n_slots * 2 : 8 * FEW;
    o->slots = xcalloc(o->n_slots, sizeof(*o->slots));
    for (size_t i = 0; i < o->n; i++)
        put_slot(o, i);
}

struct entry *overlay_add(struct overlay *o, int cls, const char *ref, uint64_t hash,
                          struct row *base)
{
    struct entry *e = xmalloc(sizeof(*e));

    *e = (struct entry){.cls = cls, .hash = hash};
    e->ref = base ? val_ref(&base->ref) : val_str(ref);
    e->base = base ? row_hold(base) : NULL;
    e->now = base ? row_hold(base) : NULL;
    if (o->n == o->room) {
        o->room = o->room ? o->room * 2 : FEW;
        o->at = xreallocarray(o->at, o->room, sizeof(struct entry *));
    }
    o->at[o->n++] = e;
    if (o->n > FEW && o->n * 2 > o->n_slots)
        make_slots(o);
    else if (o->slots)
        put_slot(o, o->n - 1);
    return e;
}

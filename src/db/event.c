// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "db/db_private.h"

/* A token made comparable with the stamps of this run. */
struct since {
    struct stamp at;
    bool everything;  /* it cannot be honoured: every row comes as made */
    bool earlier_run; /* volatile fields have restarted since */
};

struct gathering {
    struct db *db;
    struct since since;
    const struct db_subscription *sub;
    VEC(struct db_event) events;
};

static struct since place_of(const struct db *db, const struct db_token *token)
{
    struct since since = {.at = {token->generation, token->volatile_generation}};

    if (token->epoch != db->start.epoch || token->generation < db->born ||
        token->run > db->start.run) {
        since.everything = true;
    } else if (token->run < db->start.run) {
        since.earlier_run = true;
        since.at.volatile_generation = 0;
        since.everything = token->generation > db->start.generation;
    } else {
        since.everything = token->generation > db->now.generation ||
                           token->volatile_generation > db->now.volatile_generation;
    }
    return since;
}

static bool is_after(const struct stamp *stamp, const struct since *since)
{
    return since->everything || stamp->generation > since->at.generation ||
           stamp->volatile_generation > since->at.volatile_generation;
}

static uint64_t event_id(const struct stamp *stamp)
{
    return stamp->generation + stamp->volatile_generation;
}

static void add_row_event(struct gathering *g, struct row *row)
{
    *VEC_PUSH(&g->events) = (struct db_event){
        .kind = is_after(&row->created, &g->since) ? DB_ADD : DB_MOD,
        .cls = row->cls,
        .generation = event_id(&row->changed),
        .ref = xstrdup(row_ref(row)),
        .row = row_hold(row),
    };
}

static void add_deletion(struct gathering *g, int cls, const struct tombstone *stone)
{
    const char *ref = val_text(&stone->ref);

    if (g->since.everything || is_after(&stone->created, &g->since) ||
        !is_after(&stone->deleted, &g->since) ||
        image_get(&g->db->image, cls, ref, image_hash(ref)))
        return;
    *VEC_PUSH(&g->events) = (struct db_event){
        .kind = DB_DEL,
        .cls = cls,
        .generation = event_id(&stone->deleted),
        .ref = xstrdup(ref),
    };
}

static bool has_volatile_fields(int cls)
{
    for (int i = 0; i < classes[cls].n_fields; i++)
        if (!classes[cls].fields[i].persist)
            return true;
    return false;
}

static void reverse(struct db_event *at, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct db_event swap = at[i];

        at[i] = at[n - 1 - i];
        at[n - 1 - i] = swap;
    }
}

/* Rows stand in the order they last changed: from the newest back to the first that did
 * not. */
static void gather_class(struct gathering *g, int cls)
{
    const struct table *table = &g->db->image.tables[cls];
    bool all = g->since.everything || (g->since.earlier_run && has_volatile_fields(cls));
    size_t first = g->events.n;

    for (const struct node *node = table->last_changed; node; node = node->changed_before) {
        if (!all && !is_after(&node->row->changed, &g->since))
            break;
        add_row_event(g, node->row);
    }
    for (size_t i = table->n_tombstones; i-- > 0;) {
        if (!is_after(&table->tombstones[i].deleted, &g->since))
            break;
        add_deletion(g, cls, &table->tombstones[i]);
    }
    reverse(g->events.at + first, g->events.n - first);
}

static void gather_row(struct gathering *g, int cls, const char *ref)
{
    const struct table *table = &g->db->image.tables[cls];
    struct row *row = image_get(&g->db->image, cls, ref, image_hash(ref));

    if (row) {
        if (is_after(&row->changed, &g->since) ||
            (g->since.earlier_run && has_volatile_fields(cls)))
            add_row_event(g, row);
        return;
    }
    for (size_t i = table->n_tombstones; i-- > 0;) {
        if (strcmp(val_text(&table->tombstones[i].ref), ref) == 0) {
            add_deletion(g, cls, &table->tombstones[i]);
            return;
        }
    }
}

static bool wants_class(const struct db_subscription *sub, int cls)
{
    return (sub->classes[cls / 8] >> (cls % 8)) & 1;
}

static bool has_events(int cls)
{
    return classes[cls].in_database && classes[cls].has_events;
}

void db_events_since(struct db *db, const struct db_subscription *sub,
                     const struct db_token *since, struct db_events *ret_events)
{
    struct gathering g = {.db = db, .sub = sub};
    struct db_events events = {0};

    pthread_rwlock_rdlock(&db->image_lock);
    g.since = place_of(db, since);
    for (int cls = 0; cls < N_CLASSES; cls++) {
        events.counts[cls] = db->image.tables[cls].n;
        if (wants_class(sub, cls) && has_events(cls))
            gather_class(&g, cls);
    }
    for (size_t i = 0; i < sub->n_rows; i++)
        if (!wants_class(sub, sub->rows[i].cls) && has_events(sub->rows[i].cls))
            gather_row(&g, sub->rows[i].cls, sub->rows[i].ref);
    events.token = db->now;
    pthread_rwlock_unlock(&db->image_lock);
    events.at = g.events.at;
    events.n = g.events.n;
    *ret_events = events;
}

void db_events_fini(struct db_events *events)
{
    for (size_t i = 0; i < events->n; i++) {
        free(events->at[i].ref);
        row_release(events->at[i].row);
    }
    free(events->at);
    *events = (struct db_events){0};
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/seal.h"

#include "base/alloc.h"
#include "db/fields.h"

/* What the store and the counters must know of one entry. */
static unsigned difference(const struct entry *e)
{
    bool remade = e->base && e->now && !e->now->created.generation &&
                  !e->now->created.volatile_generation;
    unsigned found = 0;

    if (!e->base && !e->now)
        return 0;
    if (!e->base || !e->now || remade)
        return classes[e->cls].persist ? ROW_DURABLE : ROW_VOLATILE;
    if (e->base != e->now)
        found = row_compare(e->base, e->now);
    if (!found && (e->flags & ENTRY_TOUCHED))
        found = ROW_VOLATILE;
    return found;
}

static bool is_durable(unsigned difference)
{
    return (difference & (ROW_DURABLE | ROW_DERIVED_DURABLE)) != 0;
}

/* The transaction's number of that kind, counted up at its first use. */
static uint64_t next(uint64_t *counter, uint64_t *mine)
{
    if (!*mine)
        *mine = ++*counter;
    return *mine;
}

static void stamp_row(struct txn *t, struct entry *e, bool durable)
{
    struct row *row;

    if (durable)
        next(&t->db->generation, &t->stamp.generation);
    else
        next(&t->db->volatile_generation, &t->stamp.volatile_generation);
    if (!e->now)
        return;
    row = txn_own_version(t, e);
    if (durable)
        row->changed.generation = t->stamp.generation;
    else
        row->changed.volatile_generation = t->stamp.volatile_generation;
    if (!row->created.generation && !row->created.volatile_generation)
        row->created = row->changed;
}

/* The row's text is found by its place in t->text until that stands still. */
static void add_store_row(struct txn *t, const struct entry *e, unsigned found)
{
    struct store_row *out = VEC_PUSH(&t->rows);
    size_t start = t->text.size;

    *out = (struct store_row){
        .class_name = classes[e->cls].name,
        .ref = val_text(&e->ref),
        .created = e->now ? e->now->created.generation : e->base->created.generation,
        .modified = t->stamp.generation,
    };
    if (!e->now) {
        out->op = STORE_DELETE;
    } else if (!(found & ROW_DURABLE)) {
        out->op = STORE_STAMP;
    } else {
        out->op = STORE_PUT;
        fields_write(e->now, &t->text);
        out->fields_len = t->text.size - start;
    }
}

static void place_texts(struct txn *t)
{
    const char *text = buf_str(&t->text);

    for (size_t i = 0; i < t->rows.n; i++) {
        if (t->rows.at[i].op != STORE_PUT)
            continue;
        t->rows.at[i].fields = text;
        text += t->rows.at[i].fields_len;
    }
}

static void add_guards(struct txn *t)
{
    for (size_t i = 0; i < t->seen.n; i++) {
        const struct entry *e = t->seen.at[i];

        if ((e->flags & ENTRY_READ) && classes[e->cls].persist)
            *VEC_PUSH(&t->guards) =
                (struct store_guard){classes[e->cls].name, val_text(&e->ref),
                                     e->base ? e->base->changed.generation : 0};
    }
    for (size_t i = 0; i < t->class_guards.n; i++)
        *VEC_PUSH(&t->guards) = t->class_guards.at[i];
}

void txn_seal(struct txn *t)
{
    for (size_t i = 0; i < t->seen.n; i++) {
        struct entry *e = t->seen.at[i];
        unsigned found = difference(e);
        bool durable = is_durable(found);

        if (!found)
            continue;
        e->flags |= ENTRY_CHANGED;
        e->flags &= ~(unsigned)ENTRY_SHOWN; /* the function has returned */
        t->changed = true;
        t->changed_class[e->cls] = true;
        t->changed_durably[e->cls] |= durable;
        stamp_row(t, e, durable);
        if (durable)
            add_store_row(t, e, found);
    }
    place_texts(t);
    add_guards(t);
}

void txn_abandon(struct txn *t)
{
    for (size_t i = 0; i < t->seen.n; i++)
        t->seen.at[i]->flags &= ENTRY_READ;
}

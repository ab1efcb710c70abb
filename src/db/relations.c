// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/relations.h"

#include <string.h>

#include "base/alloc.h"

bool relation_derives(int cls, int field, int *ret_cls, int *ret_field)
{
    const struct field_def *f = &classes[cls].fields[field], *other;

    if ((f->relation != REL_PARENT && f->relation != REL_MANY) || f->rel_class < 0)
        return false;
    other = &classes[f->rel_class].fields[f->rel_field];
    if (other->relation != REL_DERIVED || other->rel_class != cls ||
        other->rel_field != field)
        return false;
    *ret_cls = f->rel_class;
    *ret_field = f->rel_field;
    return true;
}

static bool names_a_row(const struct val *ref)
{
    const char *text = val_text(ref);

    return *text && strcmp(text, NULL_REF) != 0;
}

static void apply(struct row *parent, const struct relation_change *change)
{
    struct val *cell = &parent->cells[change->field], old = *cell;

    *cell = change->came ? val_set_with(&old, val_ref(&change->child))
                         : val_set_without(&old, val_text(&change->child));
    val_unref(&old);
}

/* ---- inside a transaction ---- */

static void change_parent(struct txn *t, int cls, int field, const struct val *parent,
                          const struct val *child, bool came)
{
    struct relation_change *change;
    struct entry *e;

    if (!names_a_row(parent))
        return;
    e = txn_derive(t, cls, val_text(parent));
    if (!e->now)
        return; /* the reference dangles */
    change = VEC_PUSH(&t->relations);
    *change = (struct relation_change){.cls = cls,
                                       .field = field,
                                       .parent = val_ref(parent),
                                       .child = val_ref(child),
                                       .came = came};
    apply(txn_own_version(t, e), change);
    e->flags |= ENTRY_DERIVED;
}

static void follow_set(struct txn *t, int cls, int field, const struct val *child,
                       const struct val *from, const struct val *to, bool came)
{
    size_t n = from ? val_count(from) : 0;

    for (size_t i = 0; i < n; i++) {
        const struct val *parent = val_at(from, i);

        if (!to || !val_set_has(to, val_text(parent)))
            change_parent(t, cls, field, parent, child, came);
    }
}

void relations_follow(struct txn *t, int cls, int field, const struct val *child,
                      const struct val *old, const struct val *new)
{
    int parent_cls, parent_field;

    if (!relation_derives(cls, field, &parent_cls, &parent_field))
        return;
    if (classes[cls].fields[field].relation == REL_MANY) {
        follow_set(t, parent_cls, parent_field, child, old, new, false);
        follow_set(t, parent_cls, parent_field, child, new, old, true);
        return;
    }
    if (old)
        change_parent(t, parent_cls, parent_field, old, child, false);
    if (new)
        change_parent(t, parent_cls, parent_field, new, child, true);
}

static bool refers_to(const struct row *child, int field, const char *ref)
{
    const struct val *v = &child->cells[field];

    return v->kind == VAL_SET ? val_set_has(v, ref) : strcmp(val_text(v), ref) == 0;
}

void relations_adopt(struct txn *t, struct entry *made)
{
    const struct class_def *cls = &classes[made->cls];
    const char *ref = val_text(&made->ref);

    for (int i = 0; i < cls->n_fields; i++) {
        const struct field_def *f = &cls->fields[i];
        const struct row *const *children;
        size_t n;

        if (f->relation != REL_DERIVED)
            continue;
        children = txn_list(t, f->rel_class, &n);
        for (size_t j = 0; j < n; j++)
            if (children[j] != made->now && refers_to(children[j], f->rel_field, ref))
                change_parent(t, made->cls, i, &made->ref, &children[j]->ref, true);
    }
}

static void rebase(struct txn *t, struct entry *e)
{
    const struct stamp *old = &e->now->changed;
    struct row *base = txn_before(t, e->cls, val_text(&e->ref), e->hash);
    struct row *now;

    assert_msg(base, "a parent's existence was not guarded");
    now = row_copy(base);
    for (size_t i = 0; i < t->relations.n; i++) {
        const struct relation_change *change = &t->relations.at[i];

        if (change->cls == e->cls && val_equal(&change->parent, &e->ref))
            apply(now, change);
    }
    if (old->generation == t->stamp.generation)
        now->changed.generation = old->generation;
    if (old->volatile_generation == t->stamp.volatile_generation)
        now->changed.volatile_generation = old->volatile_generation;
    row_hold(base);
    row_release(e->base);
    row_release(e->now);
    e->base = base;
    e->now = now;
}

void relations_rebase(struct txn *t)
{
    for (size_t i = 0; i < t->seen.n; i++) {
        struct entry *e = t->seen.at[i];

        if ((e->flags & ENTRY_CHANGED) && !(e->flags & (ENTRY_WRITTEN | ENTRY_TOUCHED)))
            rebase(t, e);
    }
}

/* ---- after a load ---- */

/* Notes 'child' with the parent that 'ref' names, and returns it; NULL when it names none.
 */
static struct row *load_one(struct image *image, int cls, int field,
                            const struct row *child, const struct val *ref)
{
    const char *text = val_text(ref);
    struct row *parent;
    struct val *cell;

    if (!names_a_row(ref))
        return NULL;
    parent = image_get(image, cls, text, image_hash(text));
    if (!parent)
        return NULL;
    cell = &parent->cells[field];
    if (val_count(cell) == 0) {
        val_unref(cell);
        *cell = val_set(1);
    }
    val_push(cell, val_ref(&child->ref));
    return parent;
}

static void load_field(struct image *image, int cls, int field, int parent_cls,
                       int parent_field)
{
    struct node *node = image->tables[cls].first_made;

    for (; node; node = node->made_after) {
        struct val *cell = &node->row->cells[field];
        struct row *parent;

        if (classes[cls].fields[field].relation == REL_MANY) {
            for (size_t i = 0; i < val_count(cell); i++)
                load_one(image, parent_cls, parent_field, node->row, val_at(cell, i));
            continue;
        }
        parent = load_one(image, parent_cls, parent_field, node->row, cell);
        if (!parent)
            continue;
        val_unref(cell); /* share one text instead of keeping two */
        *cell = val_ref(&parent->ref);
    }
}

void relations_load(struct image *image)
{
    for (int cls = 0; cls < N_CLASSES; cls++) {
        for (int i = 0; i < classes[cls].n_fields; i++) {
            int parent_cls, parent_field;

            if (relation_derives(cls, i, &parent_cls, &parent_field))
                load_field(image, cls, i, parent_cls, parent_field);
        }
    }
}

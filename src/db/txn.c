// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/txn.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/uuid.h"
#include "db/relations.h"

void txn_init(struct txn *t, struct db *db)
{
    memset(t, 0, sizeof(*t));
    t->db = db;
    sem_init(&t->decided, 0, 0);
}

void txn_fini(struct txn *t)
{
    overlay_fini(&t->seen);
    for (size_t i = 0; i < t->relations.n; i++) {
        val_unref(&t->relations.at[i].parent);
        val_unref(&t->relations.at[i].child);
    }
    for (size_t i = 0; i < t->shown.n; i++)
        row_release(t->shown.at[i]);
    for (size_t i = 0; i < t->lists.n; i++)
        free(t->lists.at[i]);
    VEC_FINI(&t->relations);
    VEC_FINI(&t->after);
    VEC_FINI(&t->class_guards);
    VEC_FINI(&t->shown);
    VEC_FINI(&t->lists);
    VEC_FINI(&t->rows);
    VEC_FINI(&t->guards);
    buf_fini(&t->text);
    err_free(t->error);
    sem_destroy(&t->decided);
}

/* The first wrong write decides; the function need not check each. */
static void fail(struct txn *t, struct err *e)
{
    if (t->error)
        err_free(e);
    else
        t->error = e;
}

static struct err *no_such_row(int cls, const char *ref)
{
    return err_params(ERR_HANDLE_INVALID, classes[cls].name, ref, NULL);
}

/* ---- what stands before a transaction ---- */

static struct txn *last_before(const struct txn *t)
{
    return t->number ? t->before : t->db->last_pending;
}

struct row *txn_before(const struct txn *t, int cls, const char *ref, uint64_t hash)
{
    for (const struct txn *p = last_before(t); p; p = p->before) {
        const struct entry *e;

        if (!p->changed_class[cls])
            continue;
        e = overlay_find(&p->seen, cls, ref, hash);
        if (e && (e->flags & ENTRY_CHANGED))
            return e->now;
    }
    return image_get(&t->db->image, cls, ref, hash);
}

static void come_after(struct txn *t, const struct txn *p)
{
    for (size_t i = 0; i < t->after.n; i++)
        if (t->after.at[i] == p->number)
            return;
    *VEC_PUSH(&t->after) = p->number;
}

/* All whose changes show in the row: back to the last that wrote it, which itself came
 * after the others. */
static void come_after_writers(struct txn *t, const struct entry *row)
{
    for (const struct txn *p = last_before(t); p; p = p->before) {
        const struct entry *e;

        if (!p->changed_class[row->cls])
            continue;
        e = overlay_find(&p->seen, row->cls, val_text(&row->ref), row->hash);
        if (!e || !(e->flags & ENTRY_CHANGED))
            continue;
        come_after(t, p);
        if (e->flags & (ENTRY_WRITTEN | ENTRY_TOUCHED))
            return;
    }
}

/* The last that made or deleted the row. */
static void come_after_maker(struct txn *t, const struct entry *row)
{
    for (const struct txn *p = last_before(t); p; p = p->before) {
        const struct entry *e =
            overlay_find(&p->seen, row->cls, val_text(&row->ref), row->hash);

        if (e && (e->flags & ENTRY_CHANGED) && !e->base != !e->now) {
            come_after(t, p);
            return;
        }
    }
}

static struct entry *entry_of(struct txn *t, int cls, const char *ref)
{
    uint64_t hash = image_hash(ref);
    struct entry *e = overlay_find(&t->seen, cls, ref, hash);

    return e ? e : overlay_add(&t->seen, cls, ref, hash, txn_before(t, cls, ref, hash));
}

struct entry *txn_read(struct txn *t, int cls, const char *ref)
{
    struct entry *e = entry_of(t, cls, ref);

    if (!(e->flags & ENTRY_READ)) {
        e->flags |= ENTRY_READ;
        come_after_writers(t, e);
    }
    return e;
}

struct entry *txn_derive(struct txn *t, int cls, const char *ref)
{
    struct entry *e = entry_of(t, cls, ref);

    if (!(e->flags & (ENTRY_READ | ENTRY_DERIVED)))
        come_after_maker(t, e);
    return e;
}

static void replace_now(struct txn *t, struct entry *e, struct row *now)
{
    if (e->now && (e->flags & ENTRY_SHOWN))
        *VEC_PUSH(&t->shown) = e->now;
    else
        row_release(e->now);
    e->now = now;
    e->flags &= ~(unsigned)ENTRY_SHOWN;
}

struct row *txn_own_version(struct txn *t, struct entry *e)
{
    if (e->now == e->base || (e->flags & ENTRY_SHOWN))
        replace_now(t, e, row_copy(e->now));
    return e->now;
}

/* ---- reading ---- */

const struct row *txn_get(struct txn *t, int cls, const char *ref)
{
    struct entry *e = txn_read(t, cls, ref);

    e->flags |= ENTRY_SHOWN;
    return e->now;
}

struct err *txn_need(struct txn *t, int cls, const char *ref, const struct row **ret_row)
{
    const struct row *row = txn_get(t, cls, ref);

    if (!row)
        return no_such_row(cls, ref);
    *ret_row = row;
    return NULL;
}

/* Guards all of a class: no row of it may come, go or change. */
static void read_class(struct txn *t, int cls)
{
    uint64_t newest = t->db->image.tables[cls].newest;

    if (t->class_read[cls])
        return;
    t->class_read[cls] = true;
    for (const struct txn *p = t->db->last_pending; p; p = p->before) {
        if (!p->changed_class[cls])
            continue;
        come_after(t, p);
        if (p->changed_durably[cls] && p->stamp.generation > newest)
            newest = p->stamp.generation;
    }
    if (classes[cls].persist)
        *VEC_PUSH(&t->class_guards) =
            (struct store_guard){.class_name = classes[cls].name, .modified = newest};
}

static const char *uuid_in(const struct entry *e, int cls)
{
    return e->cls == cls && e->now ? row_uuid(e->now) : "";
}

/* A row of the class with this uuid in what transactions made, newest first, else in the
 * image. */
static const char *find_uuid(const struct txn *t, int cls, const char *uuid)
{
    const struct row *row;

    for (size_t i = 0; i < t->seen.n; i++)
        if (strcmp(uuid_in(t->seen.at[i], cls), uuid) == 0)
            return val_text(&t->seen.at[i]->ref);
    for (const struct txn *p = t->db->last_pending; p; p = p->before) {
        for (size_t i = 0; p->changed_class[cls] && i < p->seen.n; i++) {
            const struct entry *e = p->seen.at[i];

            if ((e->flags & ENTRY_CHANGED) && strcmp(uuid_in(e, cls), uuid) == 0)
                return val_text(&e->ref);
        }
    }
    row = image_get_by_uuid(&t->db->image, cls, uuid);
    return row ? row_ref(row) : NULL;
}

const struct row *txn_get_by_uuid(struct txn *t, int cls, const char *uuid)
{
    const char *ref = *uuid ? find_uuid(t, cls, uuid) : NULL;
    const struct row *row = ref ? txn_get(t, cls, ref) : NULL;

    if (row && strcmp(row_uuid(row), uuid) == 0)
        return row;
    read_class(t, cls); /* that there is none must stay true */
    return NULL;
}

/* ---- lists ---- */

struct listing {
    struct txn *t;
    int cls;
    VEC(const struct row *) rows;
};

static void list_row(struct listing *list, const char *ref, uint64_t hash)
{
    struct entry *e = overlay_find(&list->t->seen, list->cls, ref, hash);
    const struct row *row = e ? e->now : txn_before(list->t, list->cls, ref, hash);

    if (!row)
        return;
    if (e)
        e->flags |= ENTRY_SHOWN;
    *VEC_PUSH(&list->rows) = row;
}

static bool made_again_later(const struct txn *p, const struct entry *made)
{
    for (p = p->next; p; p = p->next) {
        const struct entry *e =
            overlay_find(&p->seen, made->cls, val_text(&made->ref), made->hash);

        if (e && (e->flags & ENTRY_CHANGED) && !e->base && e->now)
            return true;
    }
    return false;
}

/* Rows that pending transaction 'p' made and the image does not have. */
static void list_made_by(struct listing *list, const struct txn *p)
{
    const struct image *image = &list->t->db->image;

    for (size_t i = 0; p->changed_class[list->cls] && i < p->seen.n; i++) {
        const struct entry *e = p->seen.at[i];
        const char *ref = val_text(&e->ref);

        if (e->cls == list->cls && (e->flags & ENTRY_CHANGED) && !e->base && e->now &&
            !image_get(image, e->cls, ref, e->hash) && !made_again_later(p, e))
            list_row(list, ref, e->hash);
    }
}

/* Rows the transaction itself made and nobody else had, not even for a while. */
static void list_own(struct listing *list)
{
    struct txn *t = list->t;

    for (size_t i = 0; i < t->seen.n; i++) {
        struct entry *e = t->seen.at[i];
        const char *ref = val_text(&e->ref);

        if (e->cls != list->cls || e->base || !e->now ||
            image_get(&t->db->image, e->cls, ref, e->hash))
            continue;
        e->flags |= ENTRY_SHOWN;
        *VEC_PUSH(&list->rows) = e->now;
    }
}

/* Is a row of the class other than in the image for this transaction? */
static bool differs_from_image(const struct txn *t, int cls)
{
    for (const struct txn *p = t->db->last_pending; p; p = p->before)
        if (p->changed_class[cls])
            return true;
    for (size_t i = 0; i < t->seen.n; i++)
        if (t->seen.at[i]->cls == cls && t->seen.at[i]->now != t->seen.at[i]->base)
            return true;
    return false;
}

const struct row *const *txn_list(struct txn *t, int cls, size_t *ret_n)
{
    struct listing list = {.t = t, .cls = cls};
    const struct node *node = t->db->image.tables[cls].first_made;
    bool plain = !differs_from_image(t, cls);

    read_class(t, cls);
    for (; node; node = node->made_after) {
        const char *ref = row_ref(node->row);

        if (plain)
            *VEC_PUSH(&list.rows) = node->row;
        else
            list_row(&list, ref, image_hash(ref));
    }
    for (const struct txn *p = t->db->first_pending; p; p = p->next)
        list_made_by(&list, p);
    list_own(&list);
    *VEC_PUSH(&t->lists) = list.rows.at;
    *ret_n = list.rows.n;
    return list.rows.at;
}

/* ---- writing ---- */

static struct entry *entry_to_write(struct txn *t, int cls, const char *ref)
{
    struct entry *e = txn_read(t, cls, ref);

    if (e->now)
        return e;
    fail(t, no_such_row(cls, ref));
    return NULL;
}

static bool uuid_is_free(struct txn *t, int cls, const char *uuid)
{
    if (!*uuid || !txn_get_by_uuid(t, cls, uuid))
        return true;
    fail(t, err_params(ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION, classes[cls].name, "uuid",
                       uuid, NULL));
    return false;
}

static void set_cell(struct txn *t, struct entry *e, int field, struct val value)
{
    struct row *row = txn_own_version(t, e);
    struct val old = row->cells[field];

    row->cells[field] = value;
    e->flags |= ENTRY_WRITTEN;
    relations_follow(t, e->cls, field, &e->ref, &old, &value);
    val_unref(&old);
}

void txn_set(struct txn *t, int cls, const char *ref, int field, struct val value)
{
    const struct field_def *f = &classes[cls].fields[field];
    struct entry *e;

    assert_msg(field >= 0 && field < classes[cls].n_fields, "no such field");
    e = entry_to_write(t, cls, ref);
    if (!e || val_equal(&e->now->cells[field], &value)) {
        val_unref(&value);
        return;
    }
    if (f->relation == REL_DERIVED) {
        fail(t, err_new(ERR_INTERNAL_ERROR, "setting %s.%s, which is derived",
                        classes[cls].name, f->name));
        val_unref(&value);
        return;
    }
    if (field == classes[cls].uuid_field && !uuid_is_free(t, cls, val_text(&value))) {
        val_unref(&value);
        return;
    }
    set_cell(t, e, field, value);
}

const char *txn_create(struct txn *t, int cls)
{
    return txn_create_as(t, cls, NULL, NULL);
}

const char *txn_create_as(struct txn *t, int cls, const char *ref, const char *uuid)
{
    struct ref fresh_ref = ref_new();
    struct uuid fresh_uuid = uuid_new();
    int field = classes[cls].uuid_field;
    struct entry *e = txn_read(t, cls, ref ? ref : fresh_ref.text);

    if (e->now) {
        fail(t, err_params(ERR_DB_UNIQUENESS_CONSTRAINT_VIOLATION, classes[cls].name,
                           "_ref", ref, NULL));
        return val_text(&e->ref);
    }
    if (uuid && field >= 0)
        uuid_is_free(t, cls, uuid);
    e->now = row_new(cls, &e->ref);
    e->flags = (e->flags & ~(unsigned)ENTRY_SHOWN) | ENTRY_WRITTEN;
    if (field >= 0)
        set_cell(t, e, field, val_str(uuid ? uuid : fresh_uuid.text));
    if (ref)
        relations_adopt(t, e);
    return val_text(&e->ref);
}

void txn_delete(struct txn *t, int cls, const char *ref)
{
    struct entry *e = entry_to_write(t, cls, ref);
    struct row *old;

    if (!e)
        return;
    old = row_hold(e->now);
    replace_now(t, e, NULL);
    e->flags |= ENTRY_WRITTEN;
    for (int i = 0; i < classes[cls].n_fields; i++)
        relations_follow(t, cls, i, &e->ref, &old->cells[i], NULL);
    row_release(old);
}

void txn_touch(struct txn *t, int cls, const char *ref)
{
    struct entry *e = entry_to_write(t, cls, ref);

    if (e)
        e->flags |= ENTRY_TOUCHED;
}

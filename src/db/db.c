// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "db/commit.h"
#include "db/fields.h"
#include "db/relations.h"

/* ---- opening ---- */

static struct err *load_row(const struct store_row *stored, void *arg)
{
    struct db *db = arg;
    const struct class_def *cls = class_by_name(stored->class_name);
    struct stamp created = {.generation = stored->created};
    struct stamp changed = {.generation = stored->modified};
    autoval struct val ref = val_void();
    struct row *row;
    struct err *e;

    if (!cls || !cls->in_database || !cls->persist)
        return NULL; /* stays in the store */
    ref = val_str(stored->ref);
    if (stored->op == STORE_DELETE) {
        struct tombstone stone = {ref, created, changed};

        image_add_tombstone(&db->image, class_index(cls), &stone);
        return NULL;
    }
    row = row_new(class_index(cls), &ref);
    row->created = created;
    row->changed = changed;
    e = fields_read(row, stored->fields, stored->fields_len);
    if (e) {
        row_release(row);
        return e;
    }
    row_release(image_put(&db->image, row));
    return NULL;
}

static struct err *load(struct db *db)
{
    struct store_state state;
    struct err *e = db->store->ops->load(db->store, load_row, db, &state);

    if (e)
        return err_context(e, "loading the database");
    image_sort(&db->image);
    relations_load(&db->image);
    db->start = (struct db_token){
        .epoch = state.epoch, .generation = state.reserved, .run = state.run};
    db->now = db->start;
    db->born = state.born;
    db->generation = db->reserved = state.reserved;
    return NULL;
}

static void init_locks(struct db *db)
{
    pthread_rwlockattr_t attr;

    /* Readers come in streams: the commit thread must not wait for a gap between them. */
    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setkind_np(&attr, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&db->image_lock, &attr);
    pthread_rwlockattr_destroy(&attr);
    pthread_mutex_init(&db->writer, NULL);
    pthread_cond_init(&db->work, NULL);
    pthread_cond_init(&db->idle, NULL);
}

static void free_db(struct db *db)
{
    db->store->ops->close(db->store);
    image_fini(&db->image);
    pthread_rwlock_destroy(&db->image_lock);
    pthread_mutex_destroy(&db->writer);
    pthread_cond_destroy(&db->work);
    pthread_cond_destroy(&db->idle);
    free(db);
}

struct err *db_open(struct store *store, struct db **ret_db)
{
    struct db *db = xcalloc(1, sizeof(*db));
    struct err *e;

    row_defaults_init();
    db->store = store;
    image_init(&db->image);
    init_locks(db);
    e = load(db);
    if (!e)
        e = commit_start(db);
    if (e) {
        free_db(db);
        return e;
    }
    log_info(DB, "opened the %s store: epoch %u, run %u, generation %llu", store->ops->name,
             db->start.epoch, db->start.run, (unsigned long long)db->start.generation);
    *ret_db = db;
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    commit_stop(db);
    free_db(db);
}

/* ---- reading the committed state ---- */

struct row *db_get(struct db *db, int cls, const char *ref)
{
    uint64_t hash = image_hash(ref);
    struct row *row;

    pthread_rwlock_rdlock(&db->image_lock);
    row = image_get(&db->image, cls, ref, hash);
    if (row)
        row_hold(row);
    pthread_rwlock_unlock(&db->image_lock);
    return row;
}

struct err *db_need(struct db *db, int cls, const char *ref, struct row **ret_row)
{
    struct row *row = db_get(db, cls, ref);

    if (!row)
        return err_params(ERR_HANDLE_INVALID, classes[cls].name, ref, NULL);
    *ret_row = row;
    return NULL;
}

struct err *db_need_uuid(struct db *db, int cls, const char *uuid, struct row **ret_row)
{
    struct row *row;

    pthread_rwlock_rdlock(&db->image_lock);
    row = image_get_by_uuid(&db->image, cls, uuid);
    if (row)
        row_hold(row);
    pthread_rwlock_unlock(&db->image_lock);
    if (!row)
        return err_params(ERR_UUID_INVALID, classes[cls].name, uuid, NULL);
    *ret_row = row;
    return NULL;
}

void db_list(struct db *db, int cls, struct row_list *ret_rows)
{
    struct row_list rows = {0};

    pthread_rwlock_rdlock(&db->image_lock);
    rows.at = xcalloc(db->image.tables[cls].n, sizeof(struct row *));
    for (struct node *node = db->image.tables[cls].first_made; node;
         node = node->made_after)
        rows.at[rows.n++] = row_hold(node->row);
    pthread_rwlock_unlock(&db->image_lock);
    *ret_rows = rows;
}

static int by_created(const void *a, const void *b)
{
    const struct row *x = *(struct row *const *)a, *y = *(struct row *const *)b;
    const struct stamp *m = &x->created, *n = &y->created;

    if (m->generation != n->generation)
        return m->generation < n->generation ? -1 : 1;
    return (m->volatile_generation > n->volatile_generation) -
           (m->volatile_generation < n->volatile_generation);
}

void db_list_by_name_label(struct db *db, int cls, const char *name_label,
                           struct row_list *ret_rows)
{
    VEC(struct row *) rows = VEC_INIT;
    const struct node *node = NULL;

    pthread_rwlock_rdlock(&db->image_lock);
    while ((node = image_next_named(&db->image, cls, name_label, node)))
        *VEC_PUSH(&rows) = row_hold(node->row);
    pthread_rwlock_unlock(&db->image_lock);
    if (rows.n > 1)
        qsort(rows.at, rows.n, sizeof(rows.at[0]), by_created);
    *ret_rows = (struct row_list){rows.at, rows.n};
}

size_t db_count(struct db *db, int cls)
{
    size_t n;

    pthread_rwlock_rdlock(&db->image_lock);
    n = db->image.tables[cls].n;
    pthread_rwlock_unlock(&db->image_lock);
    return n;
}

/* ---- one-field writes ---- */

struct one_write {
    int cls, field;
    const char *ref;
    const struct val *value;
};

static struct err *write_one(struct txn *t, void *arg)
{
    const struct one_write *w = arg;

    txn_set(t, w->cls, w->ref, w->field, val_ref(w->value));
    return NULL;
}

struct err *db_set(struct db *db, int cls, const char *ref, int field, struct val value)
{
    struct one_write w = {cls, field, ref, &value};
    struct err *e = db_run(db, write_one, &w);

    val_unref(&value);
    return e;
}

/* ---- waking ---- */

void db_on_change(struct db *db, db_wake_fn fn, void *arg)
{
    pthread_mutex_lock(&db->writer);
    assert_msg(db->n_wakes < MAX_WAKES, "too many wake functions");
    db->wakes[db->n_wakes].fn = fn;
    db->wakes[db->n_wakes++].arg = arg;
    pthread_mutex_unlock(&db->writer);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* What the database's tests share: a database over each kind of store, and the usual small
 * transactions. */
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/rand.h"
#include "base/uuid.h"
#include "db/db.h"
#include "db/store.h"
#include "lib/test.h"

struct fixture {
    const char *home;
    bool sqlite;
    struct store_faults faults;
    char dir[64], path[80];
    struct store_memory_keep *keep;
    struct db *db;
};

static inline struct store *fixture_store(struct fixture *fx)
{
    struct store *store = NULL;
    struct err *e;

    if (!fx->sqlite)
        return store_memory_open(fx->keep, &fx->faults);
    e = store_sqlite_open(fx->path, &store);
    if (e)
        printf("# %s\n", err_sentence(e));
    return store;
}

static inline void fixture_open(struct fixture *fx)
{
    struct store *store = fixture_store(fx);

    CHECK(store);
    CHECK_OK(db_open(store, &fx->db));
}

static inline void fixture_close(struct fixture *fx)
{
    db_close(fx->db);
    fx->db = NULL;
}

static inline void fixture_reopen(struct fixture *fx)
{
    fixture_close(fx);
    fixture_open(fx);
}

static inline void remove_files(struct fixture *fx)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".lock"};

    for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
        autofree char *path = xasprintf("%s%s", fx->path, suffixes[i]);

        unlink(path);
    }
    rmdir(fx->dir);
}

static inline void fixture_dir(struct fixture *fx)
{
    snprintf(fx->dir, sizeof(fx->dir), "/tmp/test-db-XXXXXX");
    CHECK(mkdtemp(fx->dir));
    snprintf(fx->path, sizeof(fx->path), "%s/state.db", fx->dir);
}

/* Runs 'body' on SQLite, on the memory store, and on a memory store that conflicts and
 * dawdles. */
static inline void on_each_store(void (*body)(struct fixture *fx))
{
    struct fixture homes[] = {
        {.home = "SQLite", .sqlite = true},
        {.home = "memory"},
        {.home = "memory with conflicts",
         .faults = {.conflict_percent = 30, .max_delay_ms = 2, .seed = rand_u64()}},
    };

    for (size_t i = 0; i < ARRAY_SIZE(homes); i++) {
        struct fixture *fx = &homes[i];

        printf("# on %s, seed %llu\n", fx->home, (unsigned long long)fx->faults.seed);
        if (fx->sqlite)
            fixture_dir(fx);
        else
            fx->keep = store_memory_keep_new();
        fixture_open(fx);
        body(fx);
        db_close(fx->db);
        store_memory_keep_free(fx->keep);
        if (fx->sqlite)
            remove_files(fx);
    }
}

#define DB_TEST(claim)                                                                     \
    static void body_##claim(struct fixture *fx);                                          \
    TEST(claim)                                                                            \
    {                                                                                      \
        on_each_store(body_##claim);                                                       \
    }                                                                                      \
    static void body_##claim(struct fixture *fx)

/* ---- small transactions ---- */

struct make {
    int cls, field; /* 'field' < 0: none is set */
    const char *text;
    struct ref ref;
};

static inline struct err *make_row(struct txn *t, void *arg)
{
    struct make *make = arg;
    const char *ref = txn_create(t, make->cls);

    if (make->field >= 0)
        txn_set(t, make->cls, ref, make->field, val_str(make->text));
    snprintf(make->ref.text, sizeof(make->ref.text), "%s", ref);
    return NULL;
}

/* A new row with one text or reference set. */
static inline struct ref made(struct db *db, int cls, int field, const char *text)
{
    struct make make = {cls, field, text, {""}};

    CHECK_OK(db_run(db, make_row, &make));
    return make.ref;
}

static inline struct ref made_vm(struct db *db, const char *name)
{
    return made(db, CLASS_VM, F_VM_NAME_LABEL, name);
}

static inline struct ref made_vbd(struct db *db, const char *vm)
{
    return made(db, CLASS_VBD, F_VBD_VM, vm);
}

struct target {
    int cls;
    const char *ref;
};

static inline struct err *delete_row(struct txn *t, void *arg)
{
    const struct target *target = arg;

    txn_delete(t, target->cls, target->ref);
    return NULL;
}

static inline struct err *touch_row(struct txn *t, void *arg)
{
    const struct target *target = arg;

    txn_touch(t, target->cls, target->ref);
    return NULL;
}

static inline void delete_one(struct db *db, int cls, const char *ref)
{
    struct target target = {cls, ref};

    CHECK_OK(db_run(db, delete_row, &target));
}

static inline bool exists(struct db *db, int cls, const char *ref)
{
    autoptr(row) row = db_get(db, cls, ref);

    return row != NULL;
}

/* How many elements the set 'field' has, and whether 'ref' is one. */
static inline size_t set_size(struct db *db, int cls, const char *ref, int field)
{
    autoptr(row) row = db_get(db, cls, ref);

    CHECK(row);
    return val_count(row_get(row, field));
}

static inline bool set_has(struct db *db, int cls, const char *ref, int field,
                           const char *elem)
{
    autoptr(row) row = db_get(db, cls, ref);

    CHECK(row);
    return val_set_has(row_get(row, field), elem);
}

/* Every back-reference of the image is what the references on the other side say, and
 * nothing else. */
static inline bool back_references_hold(struct db *db)
{
    for (int cls = 0; cls < N_CLASSES; cls++) {
        autorows rows = {0};

        db_list(db, cls, &rows);
        for (int f = 0; f < classes[cls].n_fields; f++) {
            const struct field_def *def = &classes[cls].fields[f];
            autorows children = {0};

            if (def->relation != REL_DERIVED)
                continue;
            db_list(db, def->rel_class, &children);
            for (size_t i = 0; i < rows.n; i++) {
                const struct val *set = row_get(rows.at[i], f);
                size_t n = 0;

                for (size_t j = 0; j < children.n; j++) {
                    const struct val *v = row_get(children.at[j], def->rel_field);
                    bool refers = v->kind == VAL_SET
                                      ? val_set_has(v, row_ref(rows.at[i]))
                                      : STREQ(val_text(v), row_ref(rows.at[i]));

                    n += refers;
                    if (refers != val_set_has(set, row_ref(children.at[j])))
                        return false;
                }
                if (n != val_count(set))
                    return false;
            }
        }
    }
    return true;
}

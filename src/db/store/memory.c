// SPDX-License-Identifier: GPL-2.0-or-later
/* A store in memory for tests: it checks every guard as a store with other writers would,
 * and conflicts, fails and dawdles as told. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/map.h"
#include "base/vec.h"
#include "db/store.h"

struct kept {
    enum store_op op; /* STORE_PUT, or STORE_DELETE: what remembers a deletion */
    char *class_name, *ref, *fields;
    size_t fields_len;
    uint64_t created, modified;
    size_t place; /* in 'all' */
};

struct store_memory_keep {
    struct map rows;    /* "class ref" to struct kept, of those that exist */
    struct map classes; /* class to its newest generation, boxed */
    VEC(struct kept *)
    all; /* in the order they came; deletions too; NULL: a row that went */
    struct store_state state;
};

struct memory_store {
    struct store store;
    struct store_memory_keep *keep;
    struct store_faults faults;
    uint64_t dice;
};

/* ---- what is kept ---- */

struct store_memory_keep *store_memory_keep_new(void)
{
    struct store_memory_keep *keep = xcalloc(1, sizeof(*keep));

    keep->state = (struct store_state){.epoch = 1, .born = 1, .reserved = 1};
    return keep;
}

static void free_kept(struct kept *kept)
{
    if (!kept)
        return;
    free(kept->class_name);
    free(kept->ref);
    free(kept->fields);
    free(kept);
}

void store_memory_keep_free(struct store_memory_keep *keep)
{
    const struct map_slot *slot;
    size_t i = 0;

    if (!keep)
        return;
    while ((slot = map_next(&keep->classes, &i)))
        free(slot->value);
    for (i = 0; i < keep->all.n; i++)
        free_kept(keep->all.at[i]);
    map_fini(&keep->rows);
    map_fini(&keep->classes);
    VEC_FINI(&keep->all);
    free(keep);
}

static struct kept *find(const struct store_memory_keep *keep, const char *class_name,
                         const char *ref)
{
    autofree char *key = xasprintf("%s %s", class_name, ref);

    return map_get(&keep->rows, key);
}

static void note_generation(struct store_memory_keep *keep, const struct store_row *row)
{
    uint64_t *newest = map_get(&keep->classes, row->class_name);

    if (!newest) {
        newest = xcalloc(1, sizeof(*newest));
        map_put(&keep->classes, row->class_name, newest);
    }
    if (row->modified > *newest)
        *newest = row->modified;
}

static struct kept *add(struct store_memory_keep *keep, const struct store_row *row)
{
    struct kept *kept = xcalloc(1, sizeof(*kept));

    kept->op = row->op;
    kept->class_name = xstrdup(row->class_name);
    kept->ref = xstrdup(row->ref);
    kept->created = row->created;
    kept->modified = row->modified;
    kept->place = keep->all.n;
    *VEC_PUSH(&keep->all) = kept;
    return kept;
}

static void write_row(struct store_memory_keep *keep, const struct store_row *row)
{
    autofree char *key = xasprintf("%s %s", row->class_name, row->ref);
    struct kept *kept = map_get(&keep->rows, key);

    note_generation(keep, row);
    if (row->op == STORE_DELETE) {
        map_remove(&keep->rows, key);
        if (kept)
            keep->all.at[kept->place] = NULL;
        free_kept(kept);
        add(keep, row);
        return;
    }
    if (!kept) {
        assert_msg(row->op == STORE_PUT, "a stamp for a row that is not there");
        kept = add(keep, row);
        map_put(&keep->rows, key, kept);
    }
    kept->created = row->created;
    kept->modified = row->modified;
    if (row->op == STORE_PUT) {
        free(kept->fields);
        kept->fields = xstrndup(row->fields, row->fields_len);
        kept->fields_len = row->fields_len;
    }
}

/* ---- the store ---- */

static struct memory_store *memory(struct store *store)
{
    return (struct memory_store *)store;
}

/* xorshift64*: repeatable by its seed. */
static bool roll(struct memory_store *m, unsigned percent)
{
    m->dice ^= m->dice >> 12;
    m->dice ^= m->dice << 25;
    m->dice ^= m->dice >> 27;
    return (m->dice * UINT64_C(2685821657736338717) >> 33) % 100 < percent;
}

static void delay(struct memory_store *m)
{
    uint64_t ns;

    if (m->faults.max_delay_ms == 0)
        return;
    ns = m->dice % (m->faults.max_delay_ms * UINT64_C(1000000));
    nanosleep(&(struct timespec){(time_t)(ns / 1000000000), (long)(ns % 1000000000)}, NULL);
}

static struct err *load(struct store *store, store_load_fn fn, void *arg,
                        struct store_state *ret_state)
{
    struct store_memory_keep *keep = memory(store)->keep;

    for (size_t i = 0; i < keep->all.n; i++) {
        const struct kept *kept = keep->all.at[i];
        struct store_row row;
        struct err *e;

        if (!kept)
            continue;
        row = (struct store_row){kept->op,        kept->class_name, kept->ref,
                                 kept->created,   kept->modified,   kept->fields,
                                 kept->fields_len};
        e = fn(&row, arg);
        if (e)
            return e;
    }
    keep->state.run++;
    *ret_state = keep->state;
    return NULL;
}

static struct err *reserve(struct store *store, uint64_t limit)
{
    memory(store)->keep->state.reserved = limit;
    return NULL;
}

static bool holds(const struct store_memory_keep *keep, const struct store_guard *guard)
{
    const struct kept *kept = guard->ref ? find(keep, guard->class_name, guard->ref) : NULL;
    const uint64_t *newest = guard->ref ? NULL : map_get(&keep->classes, guard->class_name);

    if (kept)
        return guard->modified == kept->modified;
    return guard->modified == (newest ? *newest : 0);
}

static enum store_outcome commit_one(struct memory_store *m, const struct store_txn *txn)
{
    if (roll(m, m->faults.conflict_percent))
        return STORE_CONFLICT;
    if (roll(m, m->faults.fail_percent))
        return STORE_FAILED;
    for (size_t i = 0; i < txn->n_guards; i++)
        if (!holds(m->keep, &txn->guards[i]))
            return STORE_CONFLICT;
    for (size_t i = 0; i < txn->n_rows; i++)
        write_row(m->keep, &txn->rows[i]);
    return STORE_DONE;
}

static struct err *commit(struct store *store, const struct store_txn *txns, size_t n,
                          enum store_outcome *outcomes)
{
    struct memory_store *m = memory(store);

    delay(m);
    for (size_t i = 0; i < n; i++) {
        outcomes[i] = store_check_after(&txns[i], outcomes);
        if (outcomes[i] == STORE_DONE)
            outcomes[i] = commit_one(m, &txns[i]);
    }
    delay(m);
    return NULL;
}

static void close_store(struct store *store)
{
    free(store);
}

static const struct store_ops memory_ops = {
    .name = "memory",
    .load = load,
    .reserve = reserve,
    .commit = commit,
    .close = close_store,
};

struct store *store_memory_open(struct store_memory_keep *keep,
                                const struct store_faults *faults)
{
    struct memory_store *m = xcalloc(1, sizeof(*m));

    m->store.ops = &memory_ops;
    m->keep = keep;
    if (faults)
        m->faults = *faults;
    m->dice = m->faults.seed | 1;
    return &m->store;
}

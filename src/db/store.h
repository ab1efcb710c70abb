// SPDX-License-Identifier: GPL-2.0-or-later
/* What lies under the database: rows as text, committed in batches, guarded against other
 * writers.
 *
 * One caller at a time (the commit thread).  Homes: store/sqlite (one host), store/memory
 * (tests: injects conflicts, delays and failures), later store/etcd (a pool). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* A durable row.  'fields' is the JSON object of its persistent fields by db_name. */
struct store_row {
    const char *class_name;
    const char *ref;
    uint64_t created, modified; /* generations */
    const char *fields;         /* NULL: the row is deleted */
    size_t fields_len;
};

/* A row the transaction read (or found absent: generation 0), and must not have changed
 * since. */
struct store_guard {
    const char *class_name;
    const char *ref;
    uint64_t modified;
};

struct store_txn {
    const struct store_row *rows;
    size_t n_rows;
    const struct store_guard *guards;
    size_t n_guards;
};

enum store_outcome {
    STORE_DONE,     /* durable */
    STORE_CONFLICT, /* a guard did not hold: nothing written, run it again */
    STORE_FAILED,   /* this one cannot be written; the others of the batch are not concerned
                     */
};

struct store_state {
    uint32_t epoch;
    uint32_t run;      /* incremented durably by each open */
    uint64_t reserved; /* generations below this may have been used */
};

typedef struct err *(*store_load_fn)(const struct store_row *row, void *arg);

struct store_ops {
    const char *name;
    /* Every row, in any order, and where generations stand. */
    struct err *(*load)(struct store *store, store_load_fn fn, void *arg,
                        struct store_state *ret_state);
    /* Generations below 'upto' may be used once this returns. */
    struct err *(*reserve)(struct store *store, uint64_t upto);
    /* Makes a batch durable: 'outcomes' has one entry a transaction.  An error means none
     * of it is. */
    struct err *(*commit)(struct store *store, const struct store_txn *txns, size_t n,
                          enum store_outcome *outcomes);
    void (*close)(struct store *store);
};

struct store {
    const struct store_ops *ops;
};

/* Opens or makes the SQLite store at 'path'. */
struct err *store_sqlite_open(const char *path, struct store **ret_store) MUST_CHECK;

/* A store in memory with faults on demand; its contents outlive db_close when 'keep' holds
 * them. */
struct store_faults {
    unsigned conflict_percent, fail_percent, max_delay_ms;
    uint64_t seed;
};
struct store_memory_keep;
struct store_memory_keep *store_memory_keep_new(void);
void store_memory_keep_free(struct store_memory_keep *keep);
struct store *store_memory_open(struct store_memory_keep *keep,
                                const struct store_faults *faults);

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

struct store;

enum store_op {
    STORE_PUT,    /* the row and all its fields */
    STORE_STAMP,  /* only 'modified' changes: a back-reference did, which is not stored */
    STORE_DELETE, /* the row goes; that it went, and when, is kept for a while */
};

/* A durable row.  'fields' is the JSON object of its stored fields by db_name, those at
 * their default left out; NULL but for STORE_PUT. */
struct store_row {
    enum store_op op;
    const char *class_name;
    const char *ref;
    uint64_t created,
        modified; /* generations; of a deleted row 'modified' is its deletion */
    const char *fields;
    size_t fields_len;
};

/* What the transaction read and must not have changed since: a row (generation 0: it was
 * absent), or with 'ref' NULL a whole class, whose 'modified' is the newest generation of
 * any change in it. */
struct store_guard {
    const char *class_name;
    const char *ref;
    uint64_t modified;
};

struct store_txn {
    const struct store_row *rows; /* none: only its outcome is asked for */
    size_t n_rows;
    const struct store_guard *guards;
    size_t n_guards;
    /* Earlier transactions of the batch, by index, whose changes this one saw: it conflicts
     * unless all of them are done. */
    const size_t *after;
    size_t n_after;
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
    uint64_t born;     /* generations before this one belong to another history */
    uint64_t reserved; /* generations below this may have been used */
};

typedef struct err *(*store_load_fn)(const struct store_row *row, void *arg);

struct store_ops {
    const char *name;
    /* Every row (STORE_PUT) and remembered deletion (STORE_DELETE), each kind in the order
     * it was first written, and where generations stand.  Called once, first. */
    struct err *(*load)(struct store *store, store_load_fn fn, void *arg,
                        struct store_state *ret_state)MUST_CHECK;
    /* Generations below 'limit' may be used once this returns. */
    struct err *(*reserve)(struct store *store, uint64_t limit)MUST_CHECK;
    /* Makes a batch durable: 'outcomes' has one entry a transaction.  An error means none
     * of it is. After an error that leaves in doubt what the disk holds, every later call
     * fails too. */
    struct err *(*commit)(struct store *store, const struct store_txn *txns, size_t n,
                          enum store_outcome *outcomes)MUST_CHECK;
    /* After a batch was applied: work that nobody waits for.  May be NULL. */
    void (*tidy)(struct store *store);
    void (*close)(struct store *store);
};

struct store {
    const struct store_ops *ops;
};

/* STORE_CONFLICT when one that 'txn' came after was not done, else STORE_DONE: for every
 * home's commit. */
enum store_outcome store_check_after(const struct store_txn *txn,
                                     const enum store_outcome *outcomes);
/* The first generation of a new history: later than any an earlier store on this machine
 * has used. */
uint64_t store_first_generation(void);

/* Opens or makes the SQLite store at 'path'.  Refuses a file that others may read or write,
 * one another process has open, one of a newer schema, one that is no such store, and one
 * that is damaged where it shows: INTERNAL_ERROR [text].  One of an older schema is
 * upgraded, and kept beside as it was. */
struct err *store_sqlite_open(const char *path, struct store **ret_store) MUST_CHECK;

/* What the SQLite store at 'path' holds at one moment, whoever works on it, as one file
 * 'to' of the same form; every page of it was read. */
struct err *store_sqlite_copy(const char *path, const char *to) MUST_CHECK;
/* Takes the file 'with', which is a whole store in the same folder: the next opening of
 * 'path' finds it there, with another epoch than any token names, and what was there in
 * 'path'.replaced. */
struct err *store_sqlite_replace(const char *path, const char *with) MUST_CHECK;

/* A store in memory with faults on demand; its contents outlive db_close in 'keep'. */
struct store_faults {
    unsigned conflict_percent, fail_percent, max_delay_ms;
    uint64_t seed;
};
struct store_memory_keep;
struct store_memory_keep *store_memory_keep_new(void);
void store_memory_keep_free(struct store_memory_keep *keep);
/* 'keep' is borrowed and must outlive the store; 'faults' (NULL: none) is copied. */
struct store *store_memory_open(struct store_memory_keep *keep,
                                const struct store_faults *faults);

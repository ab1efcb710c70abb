// SPDX-License-Identifier: GPL-2.0-or-later
/* A transaction: what its function read and wrote, and what became of it.
 *
 * Functions run one after another under the writer lock.  A transaction that has run and is
 * not yet applied is pending: later functions see its changes, readers do not.  While a
 * function runs the image stands still, since applying takes the writer lock too.  So
 * functions never conflict with one another here; what can fail is the store, and then
 * those that saw the failed one's changes run again. */
#pragma once

#include <semaphore.h>

#include "base/buf.h"
#include "base/vec.h"
#include "db/db_private.h"
#include "db/overlay.h"
#include "db/store.h"

enum txn_outcome { TXN_DONE, TXN_AGAIN, TXN_FAILED };

/* 'child' came to, or left, the back-reference 'field' of row 'parent'. */
struct relation_change {
    int cls, field; /* of the parent */
    struct val parent, child;
    bool came;
};

struct txn {
    struct db *db;
    uint64_t number;           /* order of pending transactions */
    struct txn *before, *next; /* pending neighbours */
    struct err *error;         /* the first wrong write; then the transaction's result */

    /* Filled while the function runs. */
    struct overlay seen;
    VEC(struct relation_change) relations;
    VEC(uint64_t) after; /* numbers of the pending transactions whose changes it saw */
    VEC(struct store_guard) class_guards;
    VEC(struct row *) shown;        /* versions the function has seen and then replaced */
    VEC(const struct row **) lists; /* what txn_list handed out */
    bool class_read[N_CLASSES];

    /* Filled by txn_seal. */
    bool changed_class[N_CLASSES], changed_durably[N_CLASSES];
    bool changed;       /* anything at all */
    struct stamp stamp; /* what its rows are stamped with; 0: nothing of that kind */
    VEC(struct store_row) rows;
    VEC(struct store_guard) guards;
    struct buf text; /* the rows' fields */

    /* Filled by the commit thread. */
    enum txn_outcome outcome;
    sem_t decided;
};

void txn_init(struct txn *t, struct db *db);
void txn_fini(struct txn *t);

/* The newest version of a row that 't' may see (its own apart): of the transactions before
 * it, else the committed one.  NULL when absent. */
struct row *txn_before(const struct txn *t, int cls, const char *ref, uint64_t hash);

/* The entry of a row, made if need be; reading records guard and dependencies. */
struct entry *txn_read(struct txn *t, int cls, const char *ref);
/* The entry of a row whose back-references change: not read, but bound to its existence. */
struct entry *txn_derive(struct txn *t, int cls, const char *ref);
/* 'now' in a version that nobody else sees. */
struct row *txn_own_version(struct txn *t, struct entry *e);

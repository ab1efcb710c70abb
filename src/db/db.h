// SPDX-License-Identifier: GPL-2.0-or-later
/* The object database: a typed graph in memory over a durable store.
 *
 * Reading: rows are immutable and reference-counted; a reader holds a row as long as it
 * likes. Writing: db_run() runs a function inside a transaction.  The function reads and
 * writes through the transaction, keeps no other state, and may be run again (a conflict,
 * or a batch that failed under it). Memory, events and replies see a change only after the
 * store has made it durable; one path applies it. Back-references (REL_DERIVED) and the
 * 'many' side of relations are kept by that path.
 *
 * Any thread may call anything here but db_open and db_close.  Nothing here may be called
 * with a lock held that a transaction function also takes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"
#include "model/codec.h"

struct db;
struct txn;
struct store;

/* ---- rows ---- */

/* A row as it was at one moment.  'cells' has classes[cls].n_fields values. */
struct row;

const char *row_ref(const struct row *row);
const struct class_def *row_class(const struct row *row);
const struct val *row_get(const struct row *row, int field);
/* The usual readings of a cell. */
const char *row_text(const struct row *row, int field);
int64_t row_int(const struct row *row, int field);
bool row_bool(const struct row *row, int field);
const char *row_uuid(const struct row *row);       /* "" for a class without uuid */
const char *row_name_label(const struct row *row); /* "" likewise */
/* The record as JSON text, made once and kept with the row; borrowed from it.  NULL when
 * all rows together keep as much text as they may: row_write() then. */
const char *row_json(const struct row *row, size_t *ret_len);
/* The record in an encoding: its length, and itself appended. */
size_t row_text_size(const struct row *row, enum encoding encoding);
void row_write(const struct row *row, enum encoding encoding, struct buf *out);
struct row *row_hold(struct row *row);
void row_release(struct row *row);
DEFINE_AUTOPTR(row, row_release)

/* A consistent list of rows: all come from one generation. */
struct row_list {
    struct row **at;
    size_t n;
};
void row_list_fini(struct row_list *list);
#define autorows CLEANUP(row_list_fini) struct row_list

/* ---- opening ---- */

/* Loads everything from 'store' (taken; closed with the database) and starts the commit
 * thread. Rows whose class the datamodel no longer has, and fields it no longer has, are
 * kept in the store untouched. */
struct err *db_open(struct store *store, struct db **ret_db) MUST_CHECK;
void db_close(struct db *db);

/* ---- reading the committed state ---- */

/* NULL when there is no such row. */
struct row *db_get(struct db *db, int cls, const char *ref) MUST_CHECK;
/* HANDLE_INVALID [class, ref]. */
struct err *db_need(struct db *db, int cls, const char *ref,
                    struct row **ret_row) MUST_CHECK;
/* UUID_INVALID [class, uuid]. */
struct err *db_need_uuid(struct db *db, int cls, const char *uuid,
                         struct row **ret_row) MUST_CHECK;
void db_list(struct db *db, int cls, struct row_list *ret_rows);
void db_list_by_name_label(struct db *db, int cls, const char *name_label,
                           struct row_list *ret_rows);
size_t db_count(struct db *db, int cls);

/* ---- transactions ---- */

typedef struct err *(*txn_fn)(struct txn *t, void *arg);

/* Runs 'fn' until it commits or returns an error; returns when its changes are durable and
 * visible to all readers.  An error from 'fn' leaves nothing behind and is returned as it
 * is.  When the store cannot write, DB_STORE_FAILED-like INTERNAL_ERROR is returned and
 * nothing was changed. */
struct err *db_run(struct db *db, txn_fn fn, void *arg) MUST_CHECK;

/* Reading inside a transaction: sees its own writes and those of transactions before it in
 * the batch. Rows are borrowed until the transaction function returns.  Every row read is
 * guarded at commit. */
const struct row *txn_get(struct txn *t, int cls, const char *ref); /* NULL when absent */
struct err *txn_need(struct txn *t, int cls, const char *ref,
                     const struct row **ret_row) MUST_CHECK;
const struct row *txn_get_by_uuid(struct txn *t, int cls, const char *uuid);
/* All rows of a class; guards the class's membership.  The array is the transaction's. */
const struct row *const *txn_list(struct txn *t, int cls, size_t *ret_n);

/* Writing.  'value' is taken.  Setting a field to an equal value is no change and makes no
 * event. A REL_DERIVED field cannot be set.  txn_set on an absent row is HANDLE_INVALID at
 * commit. */
void txn_set(struct txn *t, int cls, const char *ref, int field, struct val value);
/* A new row with every field at its default but uuid (fresh when the class has one and none
 * is set). Returns its ref (the transaction's memory).  Set the rest with txn_set. */
const char *txn_create(struct txn *t, int cls);
/* The same with a ref or uuid chosen by the caller (NULL: fresh). */
const char *txn_create_as(struct txn *t, int cls, const char *ref, const char *uuid);
void txn_delete(struct txn *t, int cls, const char *ref);
/* Marks a row as modified without changing it (event.inject). */
void txn_touch(struct txn *t, int cls, const char *ref);

/* One-field writes for callers outside a transaction. */
struct err *db_set(struct db *db, int cls, const char *ref, int field,
                   struct val value) MUST_CHECK;

/* ---- generations and events ---- */

/* A place in the history of the database.  Text form: two numbers of 20 digits and a comma,
 * whose string order is their age; clients take it as opaque.  See
 * docs/design/event-token.md. */
struct db_token {
    uint32_t epoch;      /* changes when history was cut (restore of an older store) */
    uint64_t generation; /* durable changes; never goes back, not over a crash */
    uint32_t run;        /* which start of the daemon counted the volatile changes */
    uint64_t volatile_generation;
};
#define DB_TOKEN_LEN 41
struct db_token db_now(struct db *db);
void db_token_text(const struct db_token *token, char ret_text[DB_TOKEN_LEN + 1]);
/* 0, or -EINVAL for anything else than "" (the beginning) or a text of that form. */
int db_token_parse(const char *text, struct db_token *ret_token);

enum db_event_kind { DB_ADD, DB_MOD, DB_DEL };
struct db_event {
    enum db_event_kind kind;
    int cls;
    uint64_t generation; /* of the row: the event's id */
    char *ref;
    struct row *row; /* NULL for DB_DEL */
};
struct db_events {
    struct db_event *at;
    size_t n;
    struct db_token token;    /* where to go on from */
    size_t counts[N_CLASSES]; /* rows of each class: valid_ref_counts */
};
void db_events_fini(struct db_events *events);

/* What a subscription wants: whole classes (bits) and single rows. */
struct db_subscription {
    uint8_t classes[(N_CLASSES + 7) / 8];
    struct {
        int cls;
        char *ref;
    } * rows;
    size_t n_rows;
};

/* Everything that happened to subscribed rows after 'since', collapsed: one event a row;
 * costs what changed, not what exists.  A token of another epoch or from beyond what is
 * known gives every row as DB_ADD (the defined resync); deletions that are no longer known
 * show in the counts only. */
void db_events_since(struct db *db, const struct db_subscription *sub,
                     const struct db_token *since, struct db_events *ret_events);

/* Called after each batch was applied, on the commit thread: must not block.  For waking
 * parked calls. */
typedef void (*db_wake_fn)(void *arg);
void db_on_change(struct db *db, db_wake_fn fn, void *arg);

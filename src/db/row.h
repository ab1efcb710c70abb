// SPDX-License-Identifier: GPL-2.0-or-later
/* A row's layout, for the database's own files; everybody else reads it by the functions in
 * db.h.
 *
 * A row is written by one thread until it is published and never changes after that, but
 * for its cached JSON text and sizes, which any reader may put there once. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/value.h"
#include "db/db.h"

/* When something happened: by the durable count, and by the volatile count of this run.
 * Zero in one of them means that nothing of that kind happened (in this run). */
struct stamp {
    uint64_t generation;
    uint64_t volatile_generation;
};

struct json_text {
    size_t len;
    char bytes[];
};

struct row {
    atomic_uint refs;
    int16_t cls;
    struct val ref; /* shared by all versions of the row, and by the sets that name it */
    /* Stored members the datamodel does not know, as JSON text without the braces; void:
     * none. */
    struct val unknown;
    struct stamp created, changed;
    _Atomic(struct json_text *) json;
    atomic_uint sizes[2]; /* of the record as text, by enum encoding; 0: not known yet */
    struct val cells[];
};

/* Computes what row_new needs: before the first row is made, once. */
void row_defaults_init(void);

/* A row with every field at its default, one reference, no stamps.  'ref' is held, not
 * taken. */
struct row *row_new(int cls, const struct val *ref);
/* The same contents in a row of its own. */
struct row *row_copy(const struct row *row);

/* What differs between two versions of a row. */
enum row_difference {
    ROW_DURABLE = 1 << 0,          /* fields the store keeps */
    ROW_VOLATILE = 1 << 1,         /* fields with persist: false */
    ROW_DERIVED_DURABLE = 1 << 2,  /* back-references from durable rows */
    ROW_DERIVED_VOLATILE = 1 << 3, /* back-references from volatile ones */
};
unsigned row_compare(const struct row *a, const struct row *b);

/* Does the store keep this field?  False for derived ones. */
bool field_is_stored(int cls, int field);
/* For REL_DERIVED: does what it is derived from lie in the store? */
bool field_is_derived_durably(int cls, int field);

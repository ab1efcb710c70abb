// SPDX-License-Identifier: GPL-2.0-or-later
/* Back-references: REL_DERIVED sets, computed from the references on the other side. */
#pragma once

#include "db/image.h"
#include "db/txn.h"

/* The class and field that field 'field' of 'cls' derives, or false when it derives none.
 */
bool relation_derives(int cls, int field, int *ret_cls, int *ret_field);

/* A transaction gave 'field' of row 'child' another value: the parents' entries follow.
 * NULL: the row was not there before, or is no more. */
void relations_follow(struct txn *t, int cls, int field, const struct val *child,
                      const struct val *old, const struct val *new);
/* Fills the back-references of a row made with a ref that others may already hold. */
void relations_adopt(struct txn *t, struct entry *made);

/* Computes the back-references of 't' anew over what stands before it now: a transaction
 * before it was lost.  Only rows it did not itself read or write can differ. */
void relations_rebase(struct txn *t);

/* Fills all back-references of an image just loaded. */
void relations_load(struct image *image);

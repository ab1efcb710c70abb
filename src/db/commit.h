// SPDX-License-Identifier: GPL-2.0-or-later
/* The commit thread: takes the transactions that wait, has the store make them durable in
 * one batch, applies those that are, wakes everybody.  The only path by which the image
 * changes. */
#pragma once

#include "db/txn.h"

struct err *commit_start(struct db *db) MUST_CHECK;
/* Ends when every running db_run has returned; afterwards none may start. */
void commit_stop(struct db *db);

/* Hands a sealed transaction over; its 'decided' is posted once its outcome is known. Under
 * the writer lock. */
void commit_queue(struct txn *t);

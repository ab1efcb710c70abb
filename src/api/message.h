// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages: notes to the administrator about something that happened to an object.  They
 * are rows, at most MESSAGES_MAX of them: the oldest go first.  Any thread. */
#pragma once

#include "db/db.h"

#define MESSAGES_MAX 10000

/* Makes the message 'alert' ("VM_STARTED"; its priority is in datamodel/alerts.dm) about an
 * object of kind 'cls' (enum cls). */
void message_raise(struct txn *t, const char *alert, int cls, const char *obj_uuid,
                   struct val body);
/* The same about VM 'vm': the body names it, then says 'what' ("shutdown forcibly"). */
void message_about_vm(struct txn *t, const char *alert, const struct row *vm,
                      const char *what);

/* Removes the oldest beyond MESSAGES_MAX.  By a timer, and when there are many more. */
void messages_prune(struct db *db);

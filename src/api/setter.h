// SPDX-License-Identifier: GPL-2.0-or-later
/* Hand-written messages that write one field by a rule: set_x(self, value), add_to_x(self,
 * key, value), remove_from_x(self, key), and for sets add_x(self, value), remove_x(self,
 * value).
 *
 * One engine, one row a message: the field is the one the message is named after, the rule
 * is in the row.  References in values must be alive.  Any thread. */
#pragma once

#include "api/ops.h"
#include "rpc/call.h"

struct setter {
    int field; /* when the message's name does not tell; 0: it does */
    /* An int must lie between them (INVALID_VALUE [field, value]) unless both are 0. */
    int64_t least, most;
    /* Must be allowed on the object; NULL: no such rule. */
    const struct op_rules *op_rules;
    int op;
    /* Any other rule.  'self' is the object's row. */
    struct err *(*check)(struct txn *t, const struct row *self, const struct call *call);
    /* What follows from the new value, in the same transaction. */
    void (*written)(struct txn *t, const char *ref);
};

/* Steps for call_in_txn; the row's 'arg' is a struct setter, or NULL for no rule. */
struct err *setter_set(struct txn *t, struct call *call, struct val *ret_result);
struct err *setter_add(struct txn *t, struct call *call, struct val *ret_result);
struct err *setter_remove(struct txn *t, struct call *call, struct val *ret_result);

#define SETTER(step, ...)                                                                  \
    call_in_txn, BODY_NORMAL, step, &(const struct setter)                                 \
    {                                                                                      \
        __VA_ARGS__                                                                        \
    }

/* INVALID_VALUE [name, value]. */
struct err *invalid_text(const char *name, const char *value) MUST_CHECK;
struct err *invalid_int(const char *name, int64_t value) MUST_CHECK;

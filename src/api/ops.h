// SPDX-License-Identifier: GPL-2.0-or-later
/* Operations on objects: who may start what, beside whom.
 *
 * An operation is checked and entered into its object's current_operations in one
 * transaction, and taken out when it ends; allowed_operations is computed by the same check
 * both times, so what clients see is what is enforced.  Both fields are volatile: no disk
 * write.  Rules: one table a class (vm_ops.c, vdi_ops.c...). */
#pragma once

#include "rpc/call.h"

/* The rules of one class. */
struct op_rules {
    int cls;
    int allowed_field, current_field;
    bool (*listed)(int op); /* may 'op' show in allowed_operations? */
    /* NULL when 'op' may start on 'row' as it is now, else the first rule that forbids it.
     */
    struct err *(*check)(struct txn *t, const struct row *row, int op);
};
/* The operations' names: the enum of the class's current_operations. */
const struct enum_def *op_names(const struct op_rules *rules);

extern const struct op_rules vm_op_rules, vbd_op_rules, vif_op_rules, vdi_op_rules,
    sr_op_rules, vm_appliance_op_rules, host_op_rules;

/* Checks 'op' on the object, then marks it.  Waits (up to a minute) while another operation
 * is in the way and answers OTHER_OPERATION_IN_PROGRESS after that; every other refusal
 * comes at once.  The mark is removed by op_end, which also refreshes allowed_operations;
 * the first one of a call that has to be settled yet, when that is done (journal.h). */
struct err *op_begin(struct call *call, const struct op_rules *rules, const char *ref,
                     int op) MUST_CHECK;
void op_end(struct call *call, const struct op_rules *rules, const char *ref);

/* The same inside a transaction of the caller, without waiting. */
struct err *op_check(struct txn *t, const struct op_rules *rules, const char *ref,
                     int op) MUST_CHECK;
void op_mark(struct txn *t, const struct op_rules *rules, const char *ref,
             const char *task_ref, int op);
void op_unmark(struct txn *t, const struct op_rules *rules, const char *ref,
               const char *task_ref);

/* Computes allowed_operations anew after something it depends on was written.
 * vm_ops_refresh does a VM and its devices. */
void op_refresh(struct txn *t, const struct op_rules *rules, const char *ref);
void vm_ops_refresh(struct txn *t, const char *vm_ref);

/* VM_BAD_POWER_STATE [vm, expected, what it is in]: for checks of a call's own, 'expected'
 * being states as errors spell them, joined by ";". */
struct err *vm_bad_power_state(const struct row *vm, const char *expected) MUST_CHECK;

/* Is the host on and in touch? */
bool host_is_live(struct txn *t, const struct row *host);

/* May 'vbd' attach its VDI beside the others that use it?  VDI_IN_USE, VDI_READONLY,
 * OTHER_OPERATION_IN_PROGRESS. */
struct err *vbd_check_vdi(struct txn *t, const struct row *vbd) MUST_CHECK;

/* Wakes those who wait in op_begin: after a transaction that called op_unmark by itself. */
void op_wake(void);

/* OTHER_OPERATION_IN_PROGRESS [class, ref, operation, task] for the operations in
 * 'current', or NULL when it is empty. */
struct err *op_in_progress(const struct op_rules *rules, const struct row *row) MUST_CHECK;

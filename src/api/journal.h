// SPDX-License-Identifier: GPL-2.0-or-later
/* The journal: what a call has begun at the agents, durable before it begins, so that
 * whoever finds the call cut off (the next manager, or this one when an agent died under
 * the call) finishes or undoes it.  See docs/design/journal.md.
 *
 * A body says journal_step() before a step that would leave something behind, and
 * journal_commit() for the transaction that makes all of it true.  The rest follows: a call
 * that returns an error is settled before its caller hears of it, and what cannot be
 * settled then is tried again when the agents are there. */
#pragma once

#include "api/ops.h"
#include "rpc/call.h"
#include "rpc/manager.h"

/* A step, and how it is settled; the words that follow it are uuids (SR, VDI, holder) or
 * references (PBD, VM, VBD). */
enum journal_step {
    JOURNAL_VDI_MADE,      /* sr vdi: it goes again */
    JOURNAL_SNAPSHOT,      /* sr vdi new: of a disk in use; the new disk goes again */
    JOURNAL_VDI_GOING,     /* sr vdi: it goes */
    JOURNAL_HELD,          /* sr vdi holder: it is closed */
    JOURNAL_SR_MADE,       /* sr: it goes again, and its rows */
    JOURNAL_SR_GOING,      /* sr: it goes, and its rows */
    JOURNAL_PBD,           /* pbd: attached or not, as its row says */
    JOURNAL_VM_STARTING,   /* vm: runs if its row says so, else nothing of it is left */
    JOURNAL_VM_ENDING,     /* vm: ends */
    JOURNAL_VM_RESTARTING, /* vm domid: runs; the domain it had before */
    JOURNAL_VM_STATE,      /* vm wanted: its row says whether it is paused */
    JOURNAL_DRIVE,         /* vbd sr vdi: holds what its row says */
    JOURNAL_DEVICE,        /* VBD or VIF, its ref: plugged if its row says so, else out */
    JOURNAL_AGAIN,         /* message ref number: is called again; number may be "-" */
    N_JOURNAL_STEPS
};

/* What JOURNAL_VM_STATE wants. */
#define JOURNAL_RUNNING "running"
#define JOURNAL_PAUSED  "paused"

/* Writes the step, with its words and NULL behind them; only then may it be taken. */
struct err *journal_step(struct call *call, enum journal_step step, ...) MUST_CHECK
    __attribute__((sentinel));

/* db_run for the last transaction of a call: nothing of the call is to be settled any more
 * once it is durable. */
struct err *journal_commit(struct call *call, txn_fn fn, void *arg) MUST_CHECK;

/* Takes back what other calls wanted of the VM by a 'step' about it and what is not settled
 * yet: the caller, who has the VM's turn (vm_turn.h), overrides it.  Their tasks end as
 * undone. */
struct err *journal_withdraw(struct call *call, enum journal_step step,
                             const char *vm_ref) MUST_CHECK;

/* ---- for ops.c ---- */

/* The call has marked an object; and is about to take the mark off: true when the mark has
 * to stay, because the call may have to be settled yet. */
void journal_marked(struct call *call, const struct op_rules *rules, const char *ref,
                    int op);
bool journal_keeps_mark(struct call *call, const struct op_rules *rules, const char *ref);

/* ---- for scans ---- */

/* Is a disk with this uuid being made or removed? */
bool journal_names(struct txn *t, const char *uuid);
/* Changes whenever a disk begins or ends to come or to go. */
uint64_t journal_disk_changes(void);

/* ---- at start and whenever an agent is there again ---- */

/* What an earlier manager left: its tasks and the marks on its objects are there again,
 * until journal_recover() has settled it.  Before anybody is served. */
struct err *journal_load(struct manager *m) MUST_CHECK;
/* Settles what nobody works at.  A worker thread; what cannot be settled stays. */
void journal_recover(struct manager *m);

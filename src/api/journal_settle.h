// SPDX-License-Identifier: GPL-2.0-or-later
/* What settles each step of the journal: see enum journal_step. */
#pragma once

#include "api/journal_private.h"

/* journal_disks.c */
struct err *journal_settle_vdi_made(const struct journal_settling *s,
                                    enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_snapshot(const struct journal_settling *s,
                                    enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_vdi_going(const struct journal_settling *s,
                                     enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_held(const struct journal_settling *s,
                                enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_sr_made(const struct journal_settling *s,
                                   enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_sr_going(const struct journal_settling *s,
                                    enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_pbd(const struct journal_settling *s,
                               enum journal_end *ret_end) MUST_CHECK;
/* journal_vms.c */
struct err *journal_settle_vm_starting(const struct journal_settling *s,
                                       enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_vm_ending(const struct journal_settling *s,
                                     enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_vm_restarting(const struct journal_settling *s,
                                         enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_vm_state(const struct journal_settling *s,
                                    enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_drive(const struct journal_settling *s,
                                 enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_device(const struct journal_settling *s,
                                  enum journal_end *ret_end) MUST_CHECK;
struct err *journal_settle_again(const struct journal_settling *s,
                                 enum journal_end *ret_end) MUST_CHECK;

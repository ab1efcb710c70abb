// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs of lk-xl, the program that makes and ends domains.  The calling thread waits.  No
 * state; any thread.
 *
 * A run outlives a lk-vmd that is killed.  Each holds the lock of its VM to its end, so
 * that the next lk-vmd waits for it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "vm/backend.h"

/* The path of lk-xl; the caller's. */
char *job_program(void);
/* Takes the lock of a VM, which is given back by closing '*ret_lock'.  An error means that
 * a run of an earlier lk-vmd is still under way. */
struct err *job_lock(const struct vm_identity *id, int *ret_lock) MUST_CHECK;

/* Makes the domain of 'config' (libxl's JSON), paused.  'fds' are its 3, 4, ...; the last
 * is the VM's lock.  After an error there may be half a domain: end it. */
struct err *job_create(const char *config, const int *fds, size_t n_fds,
                       uint32_t *ret_domid) MUST_CHECK;
/* Ends every domain that bears the VM's uuid; fine when there is none.  Takes the lock. */
struct err *job_destroy(const struct vm_identity *id) MUST_CHECK;

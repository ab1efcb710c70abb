// SPDX-License-Identifier: GPL-2.0-or-later
/* What must hold of a VM's record before it can run, and what a start fills in. */
#pragma once

#include "rpc/call.h"

/* In the order the API declares: basic parameters, host, storage, memory, vCPUs. */
struct err *vm_check_can_boot(struct txn *t, const struct row *vm,
                              const char *host_ref) MUST_CHECK;

/* domain_type, memory_overhead, generation id: what a start settles when nobody did before.
 */
void vm_fix_before_start(struct txn *t, const struct row *vm);

/* MEMORY_CONSTRAINT_VIOLATION_ORDER when the four are not in order. */
struct err *vm_check_memory_order(int64_t static_min, int64_t dynamic_min,
                                  int64_t dynamic_max, int64_t static_max) MUST_CHECK;

/* Bytes the hypervisor needs beside the guest's memory (object-semantics: internal,
 * external, shadow, vCPUs). */
int64_t vm_memory_overhead(const struct row *vm);
/* The same for another number of vCPUs and another memory_static_max. */
int64_t vm_memory_overhead_with(const struct row *vm, int64_t vcpus, int64_t static_max);

/* What a host has left for further VMs, in bytes. */
int64_t host_free_memory(struct txn *t, const struct row *host);

/* How the VM is virtualized (E_DOMAIN_TYPE_*); its boot policy decides when it does not
 * say. */
int vm_domain_type(const struct row *vm);

// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows of class console, which say where a running VM's screen and serial line are had. */
#pragma once

#include "db/db.h"

struct manager;

/* Makes one for VM 'vm_ref'; 'protocol' is an E_CONSOLE_PROTOCOL_. */
void console_create(struct txn *t, const struct manager *m, const char *vm_ref,
                    int protocol);
/* At a start: those of VMs that run on name the address of this time. */
struct err *consoles_tell_address(struct manager *m) MUST_CHECK;

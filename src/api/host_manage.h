// SPDX-License-Identifier: GPL-2.0-or-later
/* What hosts are told to be: switched off, renamed, open for SSH. */
#pragma once

#include <stdint.h>

struct manager;

/* Closes SSH on this host when its time is over.  From a worker, by a timer. */
void host_manage_close_ssh(struct manager *manager, int64_t now);

// SPDX-License-Identifier: GPL-2.0-or-later
/* The facts of this machine in the database: lk-hostd reads them, the rows of the host, its
 * CPUs, its metrics, its control domain and the pool show them. */
#pragma once

struct manager;

/* When lk-hostd is there (again). */
void host_facts_refresh(struct manager *m);

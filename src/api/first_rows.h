// SPDX-License-Identifier: GPL-2.0-or-later
/* The rows every database has: made on a fresh one, brought up to date at each start.  The
 * pool, this host with its CPUs and metrics, its control domain, the roles, the local
 * superuser. */
#pragma once

#include "base/err.h"

struct manager;

/* Fills manager->self.  The host's uuid is kept in the state folder, so that it outlives
 * the database.  Once, before the first call is served. */
struct err *first_rows(struct manager *manager) MUST_CHECK;

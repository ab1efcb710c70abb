// SPDX-License-Identifier: GPL-2.0-or-later
/* All of lk-stored's state: made before the daemon serves, told when it does and when it
 * ends.  What was attached in this boot is attached again, and jobs go on. */
#pragma once

#include "base/err.h"

struct agent;
struct storage;

struct storage_config {
    const char *state_dir;
    const char *const *roots; /* where SRs may lie; NULL at the end */
};

/* Waits for the last children of an earlier daemon.  'config' outlives the result. */
struct err *storage_new(const struct storage_config *config,
                        struct storage **ret_storage) MUST_CHECK;
void storage_free(struct storage *storage);

/* For struct agent_config: no verb runs at either. */
struct err *storage_started(struct agent *agent, void *storage) MUST_CHECK;
void storage_stopping(struct agent *agent, void *storage);

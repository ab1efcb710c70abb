// SPDX-License-Identifier: GPL-2.0-or-later
/* Is this the password of this user?
 *
 * In the lab against a file of the daemon's own, "user:hash" or "user:hash:role" a line;
 * otherwise by lk-auth, which asks PAM as root and sits behind a socket: the manager may
 * execute nothing and become nobody.  Blocks: from a worker.  No state; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct manager_config;

struct auth_result {
    bool is_local_superuser;
    uint16_t roles; /* when not the superuser */
};

/* SESSION_AUTHENTICATION_FAILED [user, text]. */
struct err *auth_check(const struct manager_config *config, const char *user,
                       const char *password, struct auth_result *ret_result) MUST_CHECK;
/* A new password for 'user' in the lab's file; NOT_IMPLEMENTED without one. */
struct err *auth_change(const struct manager_config *config, const char *user,
                        const char *password) MUST_CHECK;

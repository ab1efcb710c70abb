// SPDX-License-Identifier: GPL-2.0-or-later
/* What lk-hostd serves (docs/design/agent-protocol.md).  The verbs' state is a struct host.
 */
#pragma once

#include "agent/agent.h"

struct host {
    int root_fd; /* of the file system whose /proc, /sys, /dev and /etc are read */
    const char *plugins, *extensions; /* folders */
    const char *systemctl; /* the program; NULL: the machine is not to be changed */
};

extern const struct verb host_verbs[];
extern const size_t n_host_verbs;

// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands written by hand: those whose row says "code".  One thread. */
#pragma once

#include "cli/run.h"

typedef struct err *(*verb_fn)(struct run *run);

/* The function of a command, or NULL. */
verb_fn verb_by_name(const char *command);

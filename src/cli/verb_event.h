// SPDX-License-Identifier: GPL-2.0-or-later
/* event-wait.  One thread. */
#pragma once

#include "cli/run.h"

struct err *verb_event_wait(struct run *run) MUST_CHECK;

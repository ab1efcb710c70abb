// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that are rows: their calls, with arguments from the command line.  One thread.
 */
#pragma once

#include "cli/run.h"

/* Runs the calls of run->command, on each selected object when it selects. */
struct err *call_run(struct run *run) MUST_CHECK;

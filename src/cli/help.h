// SPDX-License-Identifier: GPL-2.0-or-later
/* What xe says about itself.  No server is asked. */
#pragma once

#include <stdio.h>

#include "cli/run.h"

void help_usage(FILE *out);
/* "help", "help --all", "help COMMAND", with or without --minimal. */
struct err *help_run(struct run *run) MUST_CHECK;

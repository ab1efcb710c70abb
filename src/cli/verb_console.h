// SPDX-License-Identifier: GPL-2.0-or-later
/* console: the terminal becomes the VM's.  One thread. */
#pragma once

#include "cli/run.h"

struct err *verb_console(struct run *run) MUST_CHECK;

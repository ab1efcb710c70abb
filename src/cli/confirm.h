// SPDX-License-Identifier: GPL-2.0-or-later
/* Asking before what cannot be taken back. */
#pragma once

#include "cli/run.h"

/* Asks on standard input unless 'force' is among the arguments: fails unless the answer is
 * yes.  What it is about was printed before. */
struct err *confirm(struct run *run) MUST_CHECK;

// SPDX-License-Identifier: GPL-2.0-or-later
/* BIOS strings: what firmware says about a machine, real or virtual. */
#pragma once

#include "base/value.h"

/* Those of this machine, read from /sys; a string that may not be read is "". */
struct val bios_strings_of_host(void);
/* Those a VM gets when nobody gave it any. */
struct val bios_strings_generic(void);

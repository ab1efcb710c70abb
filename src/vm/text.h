// SPDX-License-Identifier: GPL-2.0-or-later
/* Text from outside made fit to be shown.  No state; any thread. */
#pragma once

#include <stddef.h>

/* At most 'max' bytes of 'text', cut between characters: UTF-8 with control characters, and
 * bytes that are not UTF-8, as spaces.  The caller's to free. */
char *text_clean(const char *text, size_t max);

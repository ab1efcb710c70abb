// SPDX-License-Identifier: GPL-2.0-or-later
/* MAC addresses as text.  No state; any thread. */
#pragma once

#include <stdbool.h>

struct mac {
    char text[18]; /* "xx:xx:xx:xx:xx:xx", lower case */
};

/* Six pairs of hexadecimal digits, either case, between colons. */
bool mac_parse(const char *text, struct mac *ret_mac);

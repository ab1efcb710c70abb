// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/mac.h"

#include <ctype.h>

bool mac_parse(const char *text, struct mac *ret_mac)
{
    struct mac mac = {""};

    for (int i = 0; i < 17; i++) {
        if (i % 3 == 2 ? text[i] != ':' : !isxdigit((unsigned char)text[i]))
            return false;
        mac.text[i] = (char)tolower((unsigned char)text[i]);
    }
    if (text[17] != '\0')
        return false;
    *ret_mac = mac;
    return true;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/ip_text.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

bool ip_is_v4(const char *text)
{
    struct in_addr address;

    return inet_pton(AF_INET, text, &address) == 1;
}

bool ip_is_v6(const char *text)
{
    struct in6_addr address;

    return inet_pton(AF_INET6, text, &address) == 1;
}

static bool is_cidr(const char *text, uint64_t most, bool (*is_address)(const char *))
{
    const char *slash = strchr(text, '/');
    char address[INET6_ADDRSTRLEN];
    uint64_t bits;

    if (!slash || (size_t)(slash - text) >= sizeof(address))
        return false;
    memcpy(address, text, (size_t)(slash - text));
    address[slash - text] = '\0';
    return is_address(address) && str_to_uint64(slash + 1, &bits) == 0 && bits <= most;
}

bool ip_is_v4_cidr(const char *text)
{
    return is_cidr(text, 32, ip_is_v4);
}

bool ip_is_v6_cidr(const char *text)
{
    return is_cidr(text, 128, ip_is_v6);
}

bool ip_is_v4_mask(const char *text)
{
    struct in_addr address;
    uint32_t zeros;

    if (inet_pton(AF_INET, text, &address) != 1)
        return false;
    zeros = ~ntohl(address.s_addr);
    return (zeros & (zeros + 1)) == 0;
}

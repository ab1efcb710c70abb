// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"

int address_split(const char *text, char ret_host[ADDRESS_HOST_LEN + 1], uint16_t *ret_port)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    uint64_t port;

    if (len == 0 || str_to_uint64(colon + 1, &port) < 0 || port > UINT16_MAX)
        return -EINVAL;
    if (text[0] == '[') {
        if (len < 3 || text[len - 1] != ']')
            return -EINVAL;
        text++;
        len -= 2;
    } else if (memchr(text, ':', len)) {
        return -EINVAL;
    }
    if (len > ADDRESS_HOST_LEN)
        return -ENAMETOOLONG;
    memcpy(ret_host, text, len);
    ret_host[len] = '\0';
    *ret_port = (uint16_t)port;
    return 0;
}

bool address_is_path(const char *text)
{
    return text[0] == '/';
}

int address_parse(const char *text, struct address *ret_address)
{
    struct address address = {0};
    char host[ADDRESS_HOST_LEN + 1];
    struct sockaddr_in *in = (struct sockaddr_in *)&address.storage;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&address.storage;
    uint16_t port;
    int r;

    if (address_is_path(text)) {
        size_t len = strlen(text);

        if (len >= sizeof(address.un.sun_path))
            return -ENAMETOOLONG;
        address.un.sun_family = AF_UNIX;
        memcpy(address.un.sun_path, text, len + 1);
        address.size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
        *ret_address = address;
        return 0;
    }
    r = address_split(text, host, &port);
    if (r < 0)
        return r;
    if (inet_pton(AF_INET, host, &in->sin_addr) == 1) {
        in->sin_family = AF_INET;
        in->sin_port = htons(port);
        address.size = sizeof(*in);
    } else if (inet_pton(AF_INET6, host, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = htons(port);
        address.size = sizeof(*in6);
    } else {
        return -EINVAL;
    }
    *ret_address = address;
    return 0;
}

void address_host_text(const struct sockaddr *address, char ret_text[ADDRESS_TEXT_LEN + 1])
{
    const struct sockaddr_in *in = (const void *)address;
    const struct sockaddr_in6 *in6 = (const void *)address;
    const void *bytes = &in->sin_addr;
    int family = address->sa_family;

    if (family == AF_INET6) {
        bytes = &in6->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
            family = AF_INET;
            bytes = in6->sin6_addr.s6_addr + 12;
        }
    }
    if ((family != AF_INET && family != AF_INET6) ||
        !inet_ntop(family, bytes, ret_text, ADDRESS_TEXT_LEN + 1))
        snprintf(ret_text, ADDRESS_TEXT_LEN + 1, "unknown");
}

void address_text(const struct address *address, char ret_text[ADDRESS_TEXT_LEN + 1])
{
    char host[ADDRESS_TEXT_LEN + 1];
    const struct sockaddr_in *in = (const void *)&address->storage;

    if (address->any.sa_family == AF_UNIX) {
        snprintf(ret_text, ADDRESS_TEXT_LEN + 1, "%s", address->un.sun_path);
        return;
    }
    address_host_text(&address->any, host);
    /* The port lies at the same place in both kinds. */
    snprintf(ret_text, ADDRESS_TEXT_LEN + 1, strchr(host, ':') ? "[%.64s]:%u" : "%.64s:%u",
             host, ntohs(in->sin_port));
}

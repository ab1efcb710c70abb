// SPDX-License-Identifier: GPL-2.0-or-later
/* Socket addresses as text: "192.0.2.1:443", "[2001:db8::1]:443", "host.example:443", or
 * the absolute path of a Unix socket.  No state; any thread.  0 or a negative errno. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#define ADDRESS_HOST_LEN 255
#define ADDRESS_TEXT_LEN 127

struct address {
    union {
        struct sockaddr any;
        struct sockaddr_storage storage;
        struct sockaddr_un un;
    };
    socklen_t size;
};

/* -EINVAL unless both parts are there and the port is a number from 0 to 65535;
 * -ENAMETOOLONG. */
int address_split(const char *text, char ret_host[ADDRESS_HOST_LEN + 1],
                  uint16_t *ret_port);
/* A numeric address or a path; no name is looked up.  -EINVAL, -ENAMETOOLONG. */
int address_parse(const char *text, struct address *ret_address);
bool address_is_path(const char *text);

/* The host's part in numbers, without port, brackets or zone; IPv4 inside IPv6 as IPv4. */
void address_host_text(const struct sockaddr *address, char ret_text[ADDRESS_TEXT_LEN + 1]);
/* The form address_parse reads. */
void address_text(const struct address *address, char ret_text[ADDRESS_TEXT_LEN + 1]);

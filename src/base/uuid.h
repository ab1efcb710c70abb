// SPDX-License-Identifier: GPL-2.0-or-later
/* UUIDs (RFC 4122, version 4) as lower-case text, and object references made of them.  Any
 * thread. */
#pragma once

#include <stdbool.h>

#define UUID_LEN 36
#define REF_LEN  46 /* "OpaqueRef:" and a UUID */

struct uuid {
    char text[UUID_LEN + 1];
};
struct ref {
    char text[REF_LEN + 1];
};

struct uuid uuid_new(void);
/* 8-4-4-4-12 hexadecimal digits, either case. */
bool uuid_is_valid(const char *text);
/* The lower-case form of a valid one. */
struct uuid uuid_lower(const char *text);
struct ref ref_new(void);
/* This boot of the machine; "" when the kernel does not tell. */
struct uuid uuid_of_boot(void);

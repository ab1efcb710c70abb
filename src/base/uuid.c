// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/uuid.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "base/rand.h"

struct uuid uuid_new(void)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char b[16];
    struct uuid u;
    char *at = u.text;

    rand_bytes(b, sizeof(b));
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40); /* version 4 */
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80); /* RFC 4122 variant */
    for (size_t i = 0; i < sizeof(b); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *at++ = '-';
        *at++ = digits[b[i] >> 4];
        *at++ = digits[b[i] & 15];
    }
    *at = '\0';
    return u;
}

bool uuid_is_valid(const char *text)
{
    for (size_t i = 0; i < UUID_LEN; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
            return false;
    }
    return text[UUID_LEN] == '\0';
}

struct uuid uuid_lower(const char *text)
{
    struct uuid u = {{0}};

    assert_msg(uuid_is_valid(text), "not a UUID");
    for (size_t i = 0; i < UUID_LEN; i++)
        u.text[i] = (char)tolower((unsigned char)text[i]);
    return u;
}

struct ref ref_new(void)
{
    struct uuid u = uuid_new();
    struct ref r;

    snprintf(r.text, sizeof(r.text), "OpaqueRef:%s", u.text);
    return r;
}

struct uuid uuid_of_boot(void)
{
    struct uuid u = {{0}};
    autobuf id = BUF_INIT;

    if (fd_read_file(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64, &id) < 0)
        return u;
    if (id.size && id.data[id.size - 1] == '\n')
        id.data[--id.size] = '\0';
    return uuid_is_valid(buf_str(&id)) ? uuid_lower(id.data) : u;
}

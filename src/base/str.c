// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int str_to_uint64(const char *text, uint64_t *ret_value)
{
    uint64_t value = 0;

    if (!*text)
        return -EINVAL;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return -EINVAL;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(*text - '0'), &value))
            return -ERANGE;
    }
    *ret_value = value;
    return 0;
}

int str_to_int64(const char *text, int64_t *ret_value)
{
    bool negative = *text == '-';
    uint64_t magnitude;
    int r = str_to_uint64(text + negative, &magnitude);

    if (r < 0)
        return r;
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return -ERANGE;
    *ret_value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return 0;
}

int str_to_double(const char *text, double *ret_value)
{
    char *end;
    double value;

    if (!*text || isspace((unsigned char)*text))
        return -EINVAL;
    /* The programs never call setlocale(), so strtod reads the C locale's point. */
    value = strtod(text, &end);
    if (*end || end == text)
        return -EINVAL;
    *ret_value = value;
    return 0;
}

int str_to_size(const char *text, uint64_t *ret_size)
{
    static const struct {
        const char *suffix;
        unsigned shift;
    } units[] = {{"", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};
    size_t n_digits = strspn(text, "0123456789");
    char digits[24];
    uint64_t value;
    int r;

    if (n_digits == 0 || n_digits >= sizeof(digits))
        return n_digits ? -ERANGE : -EINVAL;
    memcpy(digits, text, n_digits);
    digits[n_digits] = '\0';
    r = str_to_uint64(digits, &value);
    if (r < 0)
        return r;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(text + n_digits, units[i].suffix) != 0)
            continue;
        if (value > UINT64_MAX >> units[i].shift)
            return -ERANGE;
        *ret_size = value << units[i].shift;
        return 0;
    }
    return -EINVAL;
}

size_t str_utf8_sequence(const char *text, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *s = (const unsigned char *)text;
    size_t n = s[0] < 0x80                   ? 1
               : s[0] >= 0xc2 && s[0] < 0xe0 ? 2
               : (s[0] & 0xf0) == 0xe0       ? 3
               : s[0] >= 0xf0 && s[0] < 0xf5 ? 4
                                             : 0;
    uint32_t code;

    if (n == 0 || n > len)
        return 0;
    if (n == 1)
        return s[0] ? 1 : 0;
    code = s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (s[i] & 0x3f);
    }
    if (code < least[n] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
        return 0;
    return n;
}

bool str_is_utf8(const char *text, size_t len)
{
    while (len) {
        size_t n;

        /* Most bytes are ASCII: no call for those. */
        if ((signed char)*text > 0) {
            text++;
            len--;
            continue;
        }
        n = str_utf8_sequence(text, len);
        if (n == 0)
            return false;
        text += n;
        len -= n;
    }
    return true;
}

bool str_has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_has_suffix(const char *text, const char *suffix)
{
    size_t len = strlen(text), suffix_len = strlen(suffix);

    return len >= suffix_len && strcmp(text + len - suffix_len, suffix) == 0;
}

bool str_equal_secret(const char *a, const char *b)
{
    size_t len = strlen(a);
    unsigned char differs = 0;

    if (len != strlen(b))
        return false;
    for (size_t i = 0; i < len; i++)
        differs |= (unsigned char)(a[i] ^ b[i]);
    return differs == 0;
}

void str_wipe(void *p, size_t size)
{
    if (p)
        explicit_bzero(p, size);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* Text helpers: strict numbers, UTF-8, prefixes, comparisons.  No state; any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole of 'text' as a decimal number (a leading '-' allowed): 0, -EINVAL or -ERANGE.
 */
int str_to_int64(const char *text, int64_t *ret_value);
int str_to_uint64(const char *text, uint64_t *ret_value);
/* The whole of 'text' as a C floating-point number ("1", "1.5", "-2e3", "inf", "nan"), read
 * without regard to the locale: 0 or -EINVAL. */
int str_to_double(const char *text, double *ret_value);
/* Bytes with an optional suffix KiB, MiB, GiB or TiB: 0, -EINVAL or -ERANGE. */
int str_to_size(const char *text, uint64_t *ret_size);

/* Well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF) without
 * NUL. */
bool str_is_utf8(const char *text, size_t len);
/* How many bytes the first character of such a text has; 0 when it is not well-formed.
 * 'len' is not 0. */
size_t str_utf8_sequence(const char *text, size_t len);

bool str_has_prefix(const char *text, const char *prefix);
bool str_has_suffix(const char *text, const char *suffix);

/* Equal, taking the same time wherever the first difference lies; only the length may show.
 */
bool str_equal_secret(const char *a, const char *b);
/* Overwrites memory in a way the compiler keeps. */
void str_wipe(void *p, size_t size);

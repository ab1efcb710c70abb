// SPDX-License-Identifier: GPL-2.0-or-later
/* IP addresses as clients write them.  No state; any thread. */
#pragma once

#include <stdbool.h>

/* "192.0.2.1"; "2001:db8::1".  Nothing before or behind. */
bool ip_is_v4(const char *text);
bool ip_is_v6(const char *text);
/* The same with a prefix length behind it: "192.0.2.1/24". */
bool ip_is_v4_cidr(const char *text);
bool ip_is_v6_cidr(const char *text);
/* A netmask: ones, then zeros. */
bool ip_is_v4_mask(const char *text);

// SPDX-License-Identifier: GPL-2.0-or-later
/* Time: monotonic for deadlines, wall clock for records, and the API's date text.  Any
 * thread. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CLOCK_TEXT_LEN 18 /* "20261122T11:50:00Z" */

uint64_t clock_monotonic_ms(void);
uint64_t clock_monotonic_us(void);
int64_t clock_wall_seconds(void); /* since 1970, UTC */
double clock_wall(void);

/* "YYYYMMDDTHH:MM:SSZ" of 'seconds'; years outside 0..9999 are clamped. */
void clock_to_text(int64_t seconds, char ret_text[CLOCK_TEXT_LEN + 1]);
/* Reads YYYYMMDDTHH:MM:SS with an optional Z, or the dashed form YYYY-MM-DDTHH:MM:SS: 0 or
 * -EINVAL. */
int clock_from_text(const char *text, int64_t *ret_seconds);

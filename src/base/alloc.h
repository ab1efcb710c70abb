// SPDX-License-Identifier: GPL-2.0-or-later
/* Allocation that ends the process when memory is gone.  Sizes a client chooses are bounded
 * before they reach here (wire layer); what is left is a bug or a dying machine.  Any
 * thread. */
#pragma once

#include <stddef.h>

#include "base/cleanup.h"

void *xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, returns_nonnull));
/* Room for 'n' elements; 'n * size' is checked for overflow. */
void *xreallocarray(void *p, size_t n, size_t size) __attribute__((returns_nonnull));
char *xstrdup(const char *text) __attribute__((malloc, returns_nonnull));
char *xstrndup(const char *text, size_t len) __attribute__((malloc, returns_nonnull));
char *xasprintf(const char *fmt, ...) PRINTF(1, 2) __attribute__((malloc, returns_nonnull));

/* Ends the process with 'text' and the place: for states that cannot be.  In every build.
 */
#define assert_msg(cond, text)                                                             \
    do {                                                                                   \
        if (!(cond))                                                                       \
            assert_failed(#cond, (text), __FILE__, __LINE__);                              \
    } while (0)
void assert_failed(const char *cond, const char *text, const char *file, int line) NORETURN;

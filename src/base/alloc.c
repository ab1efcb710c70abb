// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static void *need(void *p)
{
    assert_msg(p, "out of memory");
    return p;
}

void *xmalloc(size_t size)
{
    return need(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
    return need(calloc(n ? n : 1, size ? size : 1));
}

void *xreallocarray(void *p, size_t n, size_t size)
{
    return need(reallocarray(p, n ? n : 1, size ? size : 1));
}

char *xstrdup(const char *text)
{
    return need(strdup(text));
}

char *xstrndup(const char *text, size_t len)
{
    return need(strndup(text, len));
}

char *xasprintf(const char *fmt, ...)
{
    va_list args;
    char *text = NULL;
    int r;

    va_start(args, fmt);
    r = vasprintf(&text, fmt, args);
    va_end(args);
    assert_msg(r >= 0, "out of memory");
    return text;
}

void assert_failed(const char *cond, const char *text, const char *file, int line)
{
    log_error(BASE, "%s:%d: %s (%s): this process stops", file, line, text, cond);
    abort();
}

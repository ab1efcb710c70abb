// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/fault.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

#include "base/alloc.h"

static char *vtext(const char *fmt, va_list args) PRINTF(1, 0);

struct err *storage_errno(int errnum, const char *fmt, ...)
{
    autofree char *what = NULL;
    va_list args;

    if (errnum < 0)
        errnum = -errnum;
    va_start(args, fmt);
    what = vtext(fmt, args);
    va_end(args);
    if (errnum == ENOSPC || errnum == EDQUOT)
        return err_context(storage_full(4096, 0), "%s", what);
    return storage_failure("%s: %s", what, strerror(errnum));
}

struct err *storage_failure(const char *fmt, ...)
{
    autofree char *what = NULL;
    struct err *e;
    va_list args;

    va_start(args, fmt);
    what = vtext(fmt, args);
    va_end(args);
    e = err_new(ERR_SR_BACKEND_FAILURE, "%s", what);
    e = err_param(e, "");
    e = err_param(e, what);
    return err_param(e, "");
}

struct err *storage_full(uint64_t needed, uint64_t available)
{
    struct err *e =
        err_new(ERR_SR_FULL, "needing %" PRIu64 " bytes where %" PRIu64 " are free", needed,
                available);

    e = err_paramf(e, "%" PRIu64, needed);
    return err_paramf(e, "%" PRIu64, available);
}

struct err *storage_bad_config(const char *key, const char *value, const char *fmt, ...)
{
    autofree char *field = xasprintf("device_config:%s", key);
    autofree char *why = NULL;
    struct err *e;
    va_list args;

    va_start(args, fmt);
    why = vtext(fmt, args);
    va_end(args);
    e = err_new(ERR_VALUE_NOT_SUPPORTED, "checking %s \"%s\": %s", field, value, why);
    e = err_param(e, field);
    e = err_param(e, value);
    return err_param(e, why);
}

static char *vtext(const char *fmt, va_list args)
{
    char *text = NULL;

    if (vasprintf(&text, fmt, args) < 0)
        return xstrdup(fmt);
    return text;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/log.h"

#define MAX_PARAMS 16

struct err {
    enum err_code code;
    char *foreign; /* the code's text when the datamodel has none, else NULL */
    char *sentence;
    char *params[MAX_PARAMS];
    size_t n_params;
    int errnum;
};

static struct err *make(enum err_code code, const char *fmt, va_list args) PRINTF(2, 0);

static struct err *make(enum err_code code, const char *fmt, va_list args)
{
    struct err *e = xcalloc(1, sizeof(*e));

    e->code = code;
    if (vasprintf(&e->sentence, fmt, args) < 0)
        e->sentence = xstrdup(fmt);
    return e;
}

struct err *err_new(enum err_code code, const char *fmt, ...)
{
    struct err *e;
    va_list args;

    va_start(args, fmt);
    e = make(code, fmt, args);
    va_end(args);
    return e;
}

struct err *err_errno(int errnum, const char *fmt, ...)
{
    autofree char *what = NULL;
    struct err *e;
    va_list args;

    va_start(args, fmt);
    e = make(ERR_INTERNAL_ERROR, fmt, args);
    va_end(args);
    what = e->sentence;
    e->errnum = errnum < 0 ? -errnum : errnum;
    e->sentence = xasprintf("%s: %s", what,
                            strerrordesc_np(e->errnum) ? strerrordesc_np(e->errnum)
                                                       : "unknown error");
    return err_param(e, strerrordesc_np(e->errnum) ? strerrordesc_np(e->errnum)
                                                   : "unknown error");
}

struct err *err_param(struct err *e, const char *value)
{
    if (e && e->n_params < MAX_PARAMS)
        e->params[e->n_params++] = xstrdup(value);
    return e;
}

void err_set_param(struct err *e, size_t i, const char *value)
{
    free(e->params[i]);
    e->params[i] = xstrdup(value);
}

struct err *err_paramf(struct err *e, const char *fmt, ...)
{
    va_list args;

    if (!e || e->n_params == MAX_PARAMS)
        return e;
    va_start(args, fmt);
    if (vasprintf(&e->params[e->n_params], fmt, args) >= 0)
        e->n_params++;
    va_end(args);
    return e;
}

struct err *err_params(enum err_code code, ...)
{
    struct err *e = err_new(code, "%s", err_code_name(code));
    autobuf text = BUF_INIT;
    const char *value;
    va_list args;

    buf_add_str(&text, e->sentence);
    va_start(args, code);
    while ((value = va_arg(args, const char *))) {
        e = err_param(e, value);
        buf_addf(&text, " %s", value);
    }
    va_end(args);
    free(e->sentence);
    e->sentence = buf_take(&text);
    return e;
}

struct err *err_foreign(const char *code, const char *sentence)
{
    struct err *e = err_new(err_code_by_name(code), "%s", sentence);

    if (e->code == ERR_UNKNOWN)
        e->foreign = xstrdup(code);
    return e;
}

struct err *err_context(struct err *e, const char *fmt, ...)
{
    autofree char *context = NULL, *inner = NULL;
    va_list args;

    if (!e)
        return NULL;
    va_start(args, fmt);
    if (vasprintf(&context, fmt, args) < 0)
        context = NULL;
    va_end(args);
    if (!context)
        return e;
    inner = e->sentence;
    e->sentence = xasprintf("%s: %s", context, inner);
    return e;
}

enum err_code err_code(const struct err *e)
{
    return e->code;
}

const char *err_code_text(const struct err *e)
{
    return e->foreign ? e->foreign : err_code_name(e->code);
}

size_t err_n_params(const struct err *e)
{
    return e->n_params;
}

const char *err_param_at(const struct err *e, size_t i)
{
    assert_msg(i < e->n_params, "an error has no such parameter");
    return e->params[i];
}

const char *err_sentence(const struct err *e)
{
    return e->sentence;
}

int err_errnum(const struct err *e)
{
    return e->errnum;
}

void err_free(struct err *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->n_params; i++)
        free(e->params[i]);
    free(e->foreign);
    free(e->sentence);
    free(e);
}

void err_ignore(struct err *e, const char *why)
{
    if (!e)
        return;
    log_debug(BASE, "ignored, for %s: %s", why, e->sentence);
    err_free(e);
}

const char *err_code_name(enum err_code code)
{
    return (unsigned)code < N_ERR_CODES ? err_code_names[code]
                                        : err_code_names[ERR_UNKNOWN];
}

static int compare_code(const void *name, const void *row)
{
    return strcmp(name, *(const char *const *)row);
}

enum err_code err_code_by_name(const char *name)
{
    /* Sorted after the first, which stands for all unknown ones. */
    const char *const *row = bsearch(name, err_code_names + 1, N_ERR_CODES - 1,
                                     sizeof(err_code_names[0]), compare_code);

    return row ? (enum err_code)(row - err_code_names) : ERR_UNKNOWN;
}

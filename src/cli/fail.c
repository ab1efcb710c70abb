// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/fail.h"

#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/value.h"
#include "cli/catalog.h"
#include "cli/tables.h"

#define HINT "For usage run: 'xe help'\n"

/* Codes no server sends. */
#define CODE_FAILURE "xe: failure"
#define CODE_USAGE   "xe: usage"
#define CODE_SILENT  "xe: said already"

static struct err *make(const char *code, const char *fmt, va_list args)
{
    autofree char *text = NULL;

    if (vasprintf(&text, fmt, args) < 0)
        text = NULL;
    return err_foreign(code, text ? text : fmt);
}

struct err *fail(const char *fmt, ...)
{
    struct err *e;
    va_list args;

    va_start(args, fmt);
    e = make(CODE_FAILURE, fmt, args);
    va_end(args);
    return e;
}

struct err *fail_usage(const char *fmt, ...)
{
    struct err *e;
    va_list args;

    va_start(args, fmt);
    e = make(CODE_USAGE, fmt, args);
    va_end(args);
    return e;
}

struct err *fail_silently(void)
{
    return err_foreign(CODE_SILENT, "");
}

/* "<uuid> (<name>)" for a reference that is known, else the text itself. */
static void print_value(const char *name, size_t name_len, const char *value,
                        struct catalog *catalog, FILE *out)
{
    autofree char *class_hint = xstrndup(name, name_len);
    autofree char *shown = NULL;

    if (catalog && str_has_prefix(value, "OpaqueRef:"))
        shown = catalog_describe(catalog, class_hint, value);
    fprintf(out, "%s\n", shown ? shown : value);
}

/* A line for each parameter the datamodel names, then those it does not. */
static void print_params(const struct err *e, const char *names, struct catalog *catalog,
                         FILE *out)
{
    size_t i = 0;

    while (*names) {
        size_t len = strcspn(names, ",");

        fprintf(out, "%.*s: ", (int)len, names);
        if (i < err_n_params(e))
            print_value(names, len, err_param_at(e, i), catalog, out);
        else
            fputs("<unknown>\n", out);
        i++;
        names += len + (names[len] == ',');
    }
    for (; i < err_n_params(e); i++) {
        fputs("<extra>: ", out);
        print_value("", 0, err_param_at(e, i), catalog, out);
    }
}

static void print_unknown(const struct err *e, FILE *out)
{
    fprintf(out, "Error code: %s\nError parameters: ", err_code_text(e));
    for (size_t i = 0; i < err_n_params(e); i++)
        fprintf(out, "%s%s", i ? ", " : "", err_param_at(e, i));
    fputc('\n', out);
}

static void print_known(const struct err *e, struct catalog *catalog, FILE *out)
{
    const char *names = xe_error_params[err_code(e)];

    fprintf(out, "%s\n", err_code_docs[err_code(e)]);
    print_params(e, names ? names : "", catalog, out);
}

void report_error(const struct err *e, struct catalog *catalog, FILE *out)
{
    const char *code = err_code_text(e);

    if (STREQ(code, CODE_SILENT))
        return;
    if (STREQ(code, CODE_FAILURE))
        fprintf(out, "Error: %s\n", err_sentence(e));
    else if (STREQ(code, CODE_USAGE))
        fprintf(out, "%s\n" HINT, err_sentence(e));
    else if (err_code(e) == ERR_SESSION_AUTHENTICATION_FAILED)
        fputs("Authentication failed\n" HINT, out);
    else if (err_code(e) == ERR_UNKNOWN)
        print_unknown(e, out);
    else
        print_known(e, catalog, out);
}

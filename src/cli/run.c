// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/run.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/call.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/help.h"
#include "cli/objects.h"
#include "cli/settings.h"
#include "cli/verbs.h"

#define VERSION_TEXT "ThinCLI protocol: 0.2\n" /* what scripts look for */

void run_say(struct run *run, const char *fmt, ...)
{
    va_list args;

    if (run->minimal)
        return;
    va_start(args, fmt);
    vfprintf(run->out, fmt, args);
    va_end(args);
    fputc('\n', run->out);
}

void run_print(struct run *run, const char *text)
{
    fprintf(run->out, "%s\n", text);
}

static int compare_command(const void *name, const void *row)
{
    return strcmp(name, ((const struct xe_command *)row)->name);
}

static const struct xe_command *find_command(const char *name)
{
    return bsearch(name, xe_commands, xe_n_commands, sizeof(xe_commands[0]),
                   compare_command);
}

static struct err *check_needs(const struct run *run)
{
    const char *value;
    struct err *e = NULL;

    for (size_t i = 0; i < run->command->n_need && !e; i++) {
        const char *name = run->command->need[i];

        if (!args_is_prefix(name))
            e = args_require(run->args, name, &value);
        else if (!args_has_prefix(run->args, name))
            e = fail_usage("Required parameter not found: %s", name);
    }
    return e;
}

/* One bare word is an argument without a value, as it always was for scripts: a list or a
 * selection then finds no field of that name, instead of every object.  More are mistakes.
 */
static struct err *take_word(struct args *args)
{
    if (args->bare.n > 1)
        return fail_usage("Syntax error: %s", args->bare.at[0]);
    if (args->bare.n == 1)
        args_put(args, args->bare.at[0], "");
    return NULL;
}

struct err *run_command(struct run *run)
{
    const char *name = run->args->command;
    const struct xe_object *object;
    enum xe_can can;
    struct err *e;

    if (STREQ(name, "help"))
        return help_run(run);
    if (objects_find(name, &object, &can))
        return objects_run(run, object, can);
    run->command = find_command(name);
    if (!run->command)
        return fail_usage("Unknown command: %s", name);
    e = check_needs(run);
    if (e)
        return e;
    if (run->command->missing)
        return fail("%s is not implemented: %s", name, run->command->missing);
    return run->command->code ? verb_by_name(name)(run) : call_run(run);
}

static int run_with(const struct settings *settings, struct args *args,
                    const struct xe_streams *streams)
{
    autoptr(client) client = client_new(settings);
    autoptr(catalog) catalog = catalog_new(client);
    struct run run = {.args = args,
                      .client = client,
                      .catalog = catalog,
                      .in = streams->in,
                      .out = streams->out,
                      .errors = streams->errors,
                      .minimal = args_true(args, "minimal")};
    autoptr(err) e = STREQ(args->command, "help") ? NULL : take_word(args);

    if (!e)
        e = run_command(&run);
    if (e)
        report_error(e, catalog, streams->errors);
    if (fflush(streams->out) != 0) {
        fprintf(streams->errors, "Error: writing the output: %s\n", strerrordesc_np(errno));
        return 1;
    }
    return e ? 1 : 0;
}

int xe_run(int argc, char **argv, const struct xe_streams *streams)
{
    const char *home = getenv("HOME");
    autofree char *rc_file = home ? xasprintf("%s/.xe", home) : NULL;
    struct settings settings;
    struct args args;
    struct err *e;
    int status = 0;

    args_init(&args);
    e = settings_parse(argc, argv, getenv("XE_EXTRA_ARGS"), rc_file, &settings, &args);
    if (e) {
        report_error(e, NULL, streams->errors);
        err_free(e);
        args_fini(&args);
        return 1;
    }
    if (settings.version)
        fputs(VERSION_TEXT, streams->out);
    else if (!*args.command)
        help_usage(streams->errors);
    else
        status = run_with(&settings, &args, streams);
    settings_fini(&settings);
    args_fini(&args);
    return status;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* One run of the xe command: what a command's function is given, and the way from the words
 * of the command line to it.  One thread. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/err.h"
#include "cli/args.h"
#include "cli/catalog.h"
#include "cli/tables.h"

struct client;

struct run {
    const struct args *args;
    struct client *client;
    struct catalog *catalog;
    FILE *out, *errors, *in;
    bool minimal;
    const struct xe_command *command; /* NULL for those every object has */
};

struct xe_streams {
    FILE *in, *out, *errors;
};

/* Runs the command of 'argv' and returns the exit status.  The environment gives
 * XE_EXTRA_ARGS and HOME. */
int xe_run(int argc, char **argv, const struct xe_streams *streams);

/* Runs run->args->command. */
struct err *run_command(struct run *run) MUST_CHECK;

/* Prints a line of free text: nothing with --minimal. */
void run_say(struct run *run, const char *fmt, ...) PRINTF(2, 3);
/* Prints a line that is the result. */
void run_print(struct run *run, const char *text);

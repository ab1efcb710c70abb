// SPDX-License-Identifier: GPL-2.0-or-later
/* How to reach a server and as whom: the command line, then XE_EXTRA_ARGS, then ~/.xe, then
 * what is built in.  One thread. */
#pragma once

#include <stdbool.h>

#include "base/err.h"
#include "cli/args.h"

struct settings {
    char *server; /* or the path of its Unix socket; NULL: the host this runs on */
    char *port;   /* NULL: by what is spoken */
    char *user, *password;
    char *ca_file; /* PEM that the server must prove itself by; NULL: the system's */
    bool no_tls, debug, version;
};

void settings_fini(struct settings *settings);

/* Reads the whole of 'argv' but the program's name: options into 'settings', all else into
 * 'args' (which was initialised).  'rc_file' (NULL: none) and 'extra' (XE_EXTRA_ARGS) fill
 * in what the command line did not say. */
struct err *settings_parse(int argc, char **argv, const char *extra, const char *rc_file,
                           struct settings *ret_settings, struct args *args) MUST_CHECK;

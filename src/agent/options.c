// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/log.h"

enum { RUN_DIR = 256, STATE_DIR, SR_ROOT, MANAGER_USER, DEBUG, HELP, VERSION };

static const struct option options_known[] = {
    {"run-dir", required_argument, NULL, RUN_DIR},
    {"state-dir", required_argument, NULL, STATE_DIR},
    {"sr-root", required_argument, NULL, SR_ROOT},
    {"manager-user", required_argument, NULL, MANAGER_USER},
    {"debug", required_argument, NULL, DEBUG},
    {"help", no_argument, NULL, HELP},
    {"version", no_argument, NULL, VERSION},
    {NULL, 0, NULL, 0},
};

static void print_help(const char *name, const char *what)
{
    printf(
        "%s: %s\n\n"
        "  --run-dir DIR        where its socket lies (/run/latchkey)\n"
        "  --state-dir DIR      what outlives it (/var/lib/latchkey)\n"
        "  --sr-root DIR        storage repositories may lie below DIR (may be repeated)\n"
        "  --manager-user USER  may connect, beside root and this program's own user\n"
        "  --debug TOPICS       what to log in detail, or \"all\"\n"
        "  --version\n",
        name, what);
}

static bool add_root(struct agent_options *options, const char *root)
{
    if (root[0] != '/') {
        fprintf(stderr, "--sr-root %s: not an absolute path\n", root);
        return false;
    }
    options->sr_roots = xreallocarray(options->sr_roots, options->n_sr_roots + 2,
                                      sizeof(options->sr_roots[0]));
    options->sr_roots[options->n_sr_roots++] = root;
    options->sr_roots[options->n_sr_roots] = NULL;
    return true;
}

bool agent_options_parse(int argc, char **argv, const char *name, const char *what,
                         struct agent_options *ret_options, int *ret_status)
{
    struct agent_options options = {
        .run_dir = "/run/latchkey",
        .state_dir = "/var/lib/latchkey",
        .sr_roots = xcalloc(1, sizeof(options.sr_roots[0])),
    };
    int option;

    *ret_options = options;
    *ret_status = 2;
    while ((option = getopt_long(argc, argv, "", options_known, NULL)) != -1) {
        switch (option) {
        case RUN_DIR:
            ret_options->run_dir = optarg;
            break;
        case STATE_DIR:
            ret_options->state_dir = optarg;
            break;
        case SR_ROOT:
            if (!add_root(ret_options, optarg))
                return false;
            break;
        case MANAGER_USER:
            ret_options->manager_user = optarg;
            break;
        case DEBUG:
            if (!log_set_debug(optarg)) {
                fprintf(stderr, "--debug %s: no such topic\n", optarg);
                return false;
            }
            break;
        case HELP:
            print_help(name, what);
            *ret_status = 0;
            return false;
        case VERSION:
            printf("%s %s\n", name, LATCHKEY_VERSION);
            *ret_status = 0;
            return false;
        default:
            return false; /* getopt said why */
        }
    }
    if (optind < argc) {
        fprintf(stderr, "%s: %s: no such argument\n", name, argv[optind]);
        return false;
    }
    return true;
}

void agent_options_fini(struct agent_options *options)
{
    free(options->sr_roots);
}

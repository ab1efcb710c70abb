// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line the agents share.  Used once, at the start of main. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct agent_options {
    const char *run_dir;      /* --run-dir: where the socket lies */
    const char *state_dir;    /* --state-dir: what outlives the machine */
    const char *manager_user; /* --manager-user, or NULL */
    const char **sr_roots;    /* --sr-root, any number; NULL at the end */
    size_t n_sr_roots;
};

/* Reads 'argv'; --debug TOPICS, --help and --version are dealt with here.  True to go on;
 * else the program ends with '*ret_status', and what is to be said was said. */
bool agent_options_parse(int argc, char **argv, const char *name, const char *what,
                         struct agent_options *ret_options, int *ret_status);
void agent_options_fini(struct agent_options *options);

// SPDX-License-Identifier: GPL-2.0-or-later
/* The command line of an agent: what all of them take, and the options of its own.  Used
 * once, at the start of main. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Values of an option that may be given more than once; NULL at the end. */
struct agent_texts {
    const char **at;
    size_t n;
};

/* An option of one agent, "--name VALUE".  One of the two places is set. */
struct agent_option {
    const char *name, *value, *help;
    bool is_path;          /* refused when not absolute */
    const char **ret_text; /* holds the default before, the last value given after */
    struct agent_texts *ret_texts; /* holds all of them after; see agent_texts_fini */
};

struct agent_program {
    const char *name; /* "lk-vmd" */
    const char *what; /* what it is, for --help */
    const struct agent_option *options;
    size_t n_options;
};

struct agent_options {
    const char *run_dir;      /* --run-dir: where the socket lies */
    const char *manager_user; /* --manager-user, or NULL */
};

/* Reads 'argv'; --debug TOPICS, --help and --version are dealt with here.  True to go on;
 * else the program ends with '*ret_status', and what is to be said was said. */
bool agent_options_parse(int argc, char **argv, const struct agent_program *program,
                         struct agent_options *ret_options, int *ret_status);
void agent_texts_fini(struct agent_texts *texts);

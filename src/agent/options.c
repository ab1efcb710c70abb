// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/log.h"

enum { RUN_DIR = 256, MANAGER_USER, DEBUG, HELP, VERSION, OWN };

static const struct option options_shared[] = {
    {"run-dir", required_argument, NULL, RUN_DIR},
    {"manager-user", required_argument, NULL, MANAGER_USER},
    {"debug", required_argument, NULL, DEBUG},
    {"help", no_argument, NULL, HELP},
    {"version", no_argument, NULL, VERSION},
};

static struct option *known_options(const struct agent_program *program);
static bool take_own(const struct agent_option *option, const char *value);
static void print_help(const struct agent_program *program);

bool agent_options_parse(int argc, char **argv, const struct agent_program *program,
                         struct agent_options *ret_options, int *ret_status)
{
    autofree struct option *known = known_options(program);
    int option;

    *ret_options = (struct agent_options){.run_dir = "/run/latchkey"};
    for (size_t i = 0; i < program->n_options; i++)
        if (program->options[i].ret_texts)
            program->options[i].ret_texts->at = xcalloc(1, sizeof(const char *));
    *ret_status = 2;
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        switch (option) {
        case RUN_DIR:
            ret_options->run_dir = optarg;
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
            print_help(program);
            *ret_status = 0;
            return false;
        case VERSION:
            printf("%s %s\n", program->name, LATCHKEY_VERSION);
            *ret_status = 0;
            return false;
        default:
            if (option < OWN || !take_own(&program->options[option - OWN], optarg))
                return false; /* why was said */
        }
    }
    if (optind < argc) {
        fprintf(stderr, "%s: %s: no such argument\n", program->name, argv[optind]);
        return false;
    }
    return true;
}

void agent_texts_fini(struct agent_texts *texts)
{
    free(texts->at);
    *texts = (struct agent_texts){NULL, 0};
}

static struct option *known_options(const struct agent_program *program)
{
    size_t n_shared = ARRAY_SIZE(options_shared);
    struct option *known = xcalloc(n_shared + program->n_options + 1, sizeof(known[0]));

    memcpy(known, options_shared, sizeof(options_shared));
    for (size_t i = 0; i < program->n_options; i++)
        known[n_shared + i] = (struct option){program->options[i].name, required_argument,
                                              NULL, OWN + (int)i};
    return known;
}

static bool take_own(const struct agent_option *option, const char *value)
{
    struct agent_texts *texts = option->ret_texts;

    if (option->is_path && value[0] != '/') {
        fprintf(stderr, "--%s %s: not an absolute path\n", option->name, value);
        return false;
    }
    if (option->ret_text)
        *option->ret_text = value;
    if (texts) {
        texts->at = xreallocarray(texts->at, texts->n + 2, sizeof(texts->at[0]));
        texts->at[texts->n++] = value;
        texts->at[texts->n] = NULL;
    }
    return true;
}

static void print_help(const struct agent_program *program)
{
    printf("%s: %s\n\n"
           "  --run-dir DIR        where its socket lies (/run/latchkey)\n",
           program->name, program->what);
    for (size_t i = 0; i < program->n_options; i++) {
        const struct agent_option *option = &program->options[i];
        int width = (int)(strlen(option->name) + strlen(option->value)) + 3;

        printf("  --%s %s%*s%s", option->name, option->value, width < 20 ? 21 - width : 1,
               "", option->help);
        if (option->ret_text && *option->ret_text)
            printf(" (%s)", *option->ret_text);
        printf("%s\n", option->ret_texts ? " (may be repeated)" : "");
    }
    printf("  --manager-user USER  may connect, beside root and this program's own user\n"
           "  --debug TOPICS       what to log in detail, or \"all\"\n"
           "  --version\n");
}

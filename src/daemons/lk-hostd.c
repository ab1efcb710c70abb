// SPDX-License-Identifier: GPL-2.0-or-later
/* lk-hostd: what is asked of the machine itself.  Wiring only. */
#include <errno.h>
#include <fcntl.h>

#include "agent/agent.h"
#include "agent/options.h"
#include "base/alloc.h"
#include "base/log.h"
#include "host/verbs.h"

#define WORKERS 8 /* plugins take their time */

static struct err *serve(const char *root, struct host *host,
                         const struct agent_options *options)
{
    autoclose int root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    autofree char *socket_path = xasprintf("%s/hostd.sock", options->run_dir);

    if (root_fd < 0)
        return err_errno(errno, "opening %s", root);
    host->root_fd = root_fd;
    return agent_run(&(struct agent_config){
        .name = "lk-hostd",
        .socket_path = socket_path,
        .manager_user = options->manager_user,
        .verbs = host_verbs,
        .n_verbs = n_host_verbs,
        .n_workers = WORKERS,
        .state = host,
    });
}

int main(int argc, char **argv)
{
    const char *root = "/";
    struct host host = {
        .plugins = "/usr/lib/latchkey/plugins",
        .extensions = "/usr/lib/latchkey/extensions",
    };
    const struct agent_option own[] = {
        {"root", "DIR", "where /proc, /sys, /dev and /etc are", true, &root, NULL},
        {"systemctl", "PROGRAM", "it may change the machine, with this program", true,
         &host.systemctl, NULL},
        {"plugin-dir", "DIR", "where plugins lie", true, &host.plugins, NULL},
        {"extension-dir", "DIR", "where extensions of the API lie", true, &host.extensions,
         NULL},
    };
    const struct agent_program program = {"lk-hostd", "facts of a Latchkey host", own,
                                          ARRAY_SIZE(own)};
    struct agent_options options;
    int status;
    struct err *e;

    if (!agent_options_parse(argc, argv, &program, &options, &status))
        return status;
    e = serve(root, &host, &options);
    if (e) {
        log_error(HOST, "lk-hostd ends: %s", err_sentence(e));
        err_free(e);
        return 1;
    }
    return 0;
}

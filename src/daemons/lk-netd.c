// SPDX-License-Identifier: GPL-2.0-or-later
/* lk-netd: connects VMs to networks.  Wiring only. */
#include <stdio.h>

#include "agent/agent.h"
#include "agent/options.h"
#include "base/alloc.h"
#include "base/log.h"
#include "net/net.h"
#include "net/verbs.h"

#define WORKERS 4

static void net_fini(struct net **net)
{
    net_free(*net);
}

static struct err *started(struct agent *agent, void *state)
{
    return net_resume(state);
}

static struct err *serve(const struct net_backend *backend,
                         const struct agent_options *options)
{
    CLEANUP(net_fini) struct net *net = NULL;
    autofree char *socket_path = xasprintf("%s/netd.sock", options->run_dir);
    struct err *e = net_new(backend, options->run_dir, &net);

    if (e)
        return e;
    return agent_run(&(struct agent_config){
        .name = "lk-netd",
        .socket_path = socket_path,
        .manager_user = options->manager_user,
        .verbs = net_verbs,
        .n_verbs = n_net_verbs,
        .n_workers = WORKERS,
        .state = net,
        .started = started,
    });
}

int main(int argc, char **argv)
{
    const char *name = "user";
    const struct agent_option own[] = {
        {"backend", "NAME", "what connects VMs: user or sim", .ret_text = &name},
    };
    const struct agent_program program = {"lk-netd", "networks of a Latchkey host", own,
                                          ARRAY_SIZE(own)};
    const struct net_backend *backend;
    struct agent_options options;
    int status;
    struct err *e;

    if (!agent_options_parse(argc, argv, &program, &options, &status))
        return status;
    backend = net_backend_by_name(name);
    if (!backend) {
        fprintf(stderr, "--backend %s: there is no such backend\n", name);
        return 2;
    }
    e = serve(backend, &options);
    if (e) {
        log_error(NET, "lk-netd ends: %s", err_sentence(e));
        err_free(e);
        return 1;
    }
    return 0;
}

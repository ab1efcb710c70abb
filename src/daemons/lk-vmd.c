// SPDX-License-Identifier: GPL-2.0-or-later
/* lk-vmd: the VMs of a host and what runs them.  Wiring only. */
#include <stdio.h>

#include "agent/agent.h"
#include "agent/options.h"
#include "base/alloc.h"
#include "base/log.h"
#include "vm/verbs.h"
#include "vm/vms.h"

#define WORKERS    16
#define KERNEL_DIR "/var/lib/latchkey/kernels"

static void vms_fini(struct vms **vms)
{
    vms_free(*vms);
}

static struct err *started(struct agent *agent, void *state)
{
    return vms_start(state, agent);
}

static void stopping(struct agent *agent, void *state)
{
    vms_stop(state);
}

static struct err *serve(const struct vms_config *config, const char *manager_user)
{
    CLEANUP(vms_fini) struct vms *vms = NULL;
    autofree char *socket_path = xasprintf("%s/vmd.sock", config->run_dir);
    struct err *e = vms_new(config, &vms);

    if (e)
        return e;
    return agent_run(&(struct agent_config){
        .name = "lk-vmd",
        .socket_path = socket_path,
        .manager_user = manager_user,
        .verbs = vm_verbs,
        .n_verbs = n_vm_verbs,
        .n_workers = WORKERS,
        .state = vms,
        .started = started,
        .stopping = stopping,
    });
}

int main(int argc, char **argv)
{
    const char *name = "qemu", *kernel_dir = KERNEL_DIR, *script = NULL;
    const struct agent_option own[] = {
        {"backend", "NAME", "what runs VMs: qemu, xen or sim", .ret_text = &name},
        {"kernel-dir", "DIR", "kernels of guests that boot without firmware",
         .is_path = true, .ret_text = &kernel_dir},
        {"sim-script", "FILE", "delays and failures of the backend sim",
         .ret_text = &script},
    };
    const struct agent_program program = {"lk-vmd", "virtual machines of a Latchkey host",
                                          own, ARRAY_SIZE(own)};
    struct agent_options options;
    struct vms_config config = {0};
    int status;
    struct err *e;

    if (!agent_options_parse(argc, argv, &program, &options, &status))
        return status;
    config.backend = vm_backend_by_name(name);
    if (!config.backend) {
        fprintf(stderr, "--backend %s: there is no such backend\n", name);
        return 2;
    }
    config.run_dir = options.run_dir;
    config.kernel_dir = kernel_dir;
    config.script = script;
    e = serve(&config, options.manager_user);
    if (e) {
        log_error(VM, "lk-vmd ends: %s", err_sentence(e));
        err_free(e);
        return 1;
    }
    return 0;
}

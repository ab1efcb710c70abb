// SPDX-License-Identifier: GPL-2.0-or-later
/* lk-stored: storage repositories, their layers and who may touch them.  Wiring only. */
#include <stdio.h>
#include <stdlib.h>

#include "agent/agent.h"
#include "agent/options.h"
#include "base/alloc.h"
#include "base/log.h"
#include "storage/storage.h"
#include "storage/verbs.h"

#define WORKERS 16

static void storage_fini(struct storage **storage)
{
    storage_free(*storage);
}

int main(int argc, char **argv)
{
    const char *state_dir = "/var/lib/latchkey";
    CLEANUP(agent_texts_fini) struct agent_texts sr_roots = {NULL, 0};
    const struct agent_option own[] = {
        {"state-dir", "DIR", "what outlives it", .ret_text = &state_dir},
        {"sr-root", "DIR", "storage repositories may lie below DIR", .is_path = true,
         .ret_texts = &sr_roots},
    };
    const struct agent_program program = {"lk-stored", "storage of a Latchkey host", own,
                                          ARRAY_SIZE(own)};
    struct agent_options options;
    CLEANUP(storage_fini) struct storage *storage = NULL;
    autofree char *socket_path = NULL;
    struct storage_config config;
    int status;
    struct err *e;

    if (!agent_options_parse(argc, argv, &program, &options, &status))
        return status;
    config = (struct storage_config){state_dir, sr_roots.at};
    socket_path = xasprintf("%s/stored.sock", options.run_dir);
    e = storage_new(&config, &storage);
    if (!e)
        e = agent_run(&(struct agent_config){
            .name = "lk-stored",
            .socket_path = socket_path,
            .manager_user = options.manager_user,
            .verbs = storage_verbs,
            .n_verbs = n_storage_verbs,
            .n_workers = WORKERS,
            .state = storage,
            .started = storage_started,
            .stopping = storage_stopping,
        });
    if (e) {
        log_error(STORAGE, "lk-stored ends: %s", err_sentence(e));
        err_free(e);
        return 1;
    }
    return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
/* The backend 'sim': connects nothing, for tests of all that stands above.  What a test
 * wants to fail it puts into <run>/net-sim: a file "fail-attach" or "fail-detach". */
#include "net/backend.h"

#include <fcntl.h>

#include "base/alloc.h"
#include "base/fd.h"

struct sim {
    int dir_fd;
};

static struct err *sim_open(const struct net_backend_config *config, void **ret_state)
{
    autofree char *path = xasprintf("%s/net-sim", config->run_dir);
    struct sim *sim;
    int fd = fd_open_dir(path, 0700);

    if (fd < 0)
        return err_errno(-fd, "opening %s", path);
    sim = xcalloc(1, sizeof(*sim));
    sim->dir_fd = fd;
    *ret_state = sim;
    return NULL;
}

static void sim_close(void *state)
{
    struct sim *sim = state;

    cleanup_close(&sim->dir_fd);
    free(sim);
}

static struct err *fail_if_told(const struct sim *sim, const char *name)
{
    if (faccessat(sim->dir_fd, name, F_OK, 0) < 0)
        return NULL;
    return err_params(ERR_INTERNAL_ERROR, "the simulated network fails", NULL);
}

static struct err *sim_attach(void *state, const struct net_interface *interface,
                              struct val *entry)
{
    val_put_str(entry, "mode", val_str("none"));
    return fail_if_told(state, "fail-attach");
}

static struct err *sim_detach(void *state, const struct net_interface *interface)
{
    return fail_if_told(state, "fail-detach");
}

const struct net_backend net_backend_sim = {
    .name = "sim",
    .open = sim_open,
    .close = sim_close,
    .attach = sim_attach,
    .detach = sim_detach,
};

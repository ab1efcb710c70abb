// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/schedule.h"

#include <pthread.h>
#include <stdbool.h>

#include "api/host_manage.h"
#include "api/merges.h"
#include "api/message.h"
#include "api/vmss.h"
#include "rpc/manager.h"

static pthread_mutex_t running = PTHREAD_MUTEX_INITIALIZER;
static bool ran_before;  /* under 'running' */
static int64_t last_run; /* likewise */

void schedule_run(struct manager *manager, int64_t now)
{
    if (pthread_mutex_trylock(&running) != 0)
        return;
    if (!ran_before)
        vmss_report_missed(manager, now);
    else
        vmss_run_due(manager, last_run, now);
    /* A clock that is set back makes nothing due twice for long. */
    last_run = now;
    ran_before = true;
    messages_prune(manager->db);
    host_manage_close_ssh(manager, now);
    merges_retry(manager);
    pthread_mutex_unlock(&running);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/vm_turn.h"

#include <pthread.h>

#include "base/map.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t given = PTHREAD_COND_INITIALIZER;
static struct map taken[N_VM_TURNS]; /* by the VM's reference; under 'lock' */

void vm_turn_take(enum vm_turn turn, const char *vm_ref)
{
    static char here;

    pthread_mutex_lock(&lock);
    while (map_get(&taken[turn], vm_ref))
        pthread_cond_wait(&given, &lock);
    map_put(&taken[turn], vm_ref, &here);
    pthread_mutex_unlock(&lock);
}

void vm_turn_give(enum vm_turn turn, const char *vm_ref)
{
    pthread_mutex_lock(&lock);
    map_remove(&taken[turn], vm_ref);
    pthread_cond_broadcast(&given);
    pthread_mutex_unlock(&lock);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>

#include "rpc_fixture.h"

#define N_CALLS 100000

struct client {
    struct fixture *f;
    unsigned n_refused;
};

/* Calls that overlap with those of others: each looks the session up and lets it go. */
static void *call_on(void *arg)
{
    struct client *client = arg;

    for (unsigned i = 0; i < N_CALLS; i++) {
        struct session *session =
            sessions_hold(client->f->manager.sessions, client->f->session);

        client->n_refused += session == NULL;
        sessions_release(client->f->manager.sessions, session);
    }
    return NULL;
}

static void *sweep_on(void *arg)
{
    struct client *client = arg;

    for (unsigned i = 0; i < N_CALLS; i++)
        sessions_sweep(client->f->manager.sessions);
    return NULL;
}

TEST(a_session_in_use_stays_valid_however_its_calls_and_the_sweep_overlap)
{
    struct fixture f;
    struct client clients[3] = {{&f, 0}, {&f, 0}, {&f, 0}};
    pthread_t threads[3];

    fixture_start(&f, NULL);
    for (unsigned i = 0; i < 3; i++)
        CHECK(pthread_create(&threads[i], NULL, i == 2 ? sweep_on : call_on, &clients[i]) ==
              0);
    for (unsigned i = 0; i < 3; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    for (unsigned i = 0; i < 2; i++)
        CHECK(clients[i].n_refused == 0);
    fixture_stop(&f);
}

TEST_MAIN

// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/agents.h"

#include <pthread.h>
#include <stdbool.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/log.h"
#include "io/frame.h"
#include "rpc/agent_link.h"

#define DEFAULT_TIMEOUT_MS 60000

struct agents {
    agent_notice_fn on_notice;
    agent_connected_fn on_connected;
    void *arg;

    /* What greets an agent may call every agent, by whoever got this object: it waits until
     * agents_new() is done. */
    pthread_mutex_t lock; /* of the state */
    pthread_cond_t decided;
    enum { AGENTS_STARTING, AGENTS_READY, AGENTS_SILENT } state;
    unsigned n_told; /* callbacks that run */

    struct one {
        struct agents *agents;
        enum agent_id id;
        struct agent_link *link;
    } all[N_AGENTS];
};

static const struct {
    const char *name, *socket;
} names[N_AGENTS] = {
    [AGENT_VMD] = {"lk-vmd", "vmd.sock"},
    [AGENT_STORED] = {"lk-stored", "stored.sock"},
    [AGENT_NETD] = {"lk-netd", "netd.sock"},
    [AGENT_HOSTD] = {"lk-hostd", "hostd.sock"},
};

static void on_notice(const struct val *message, void *arg);
static void on_connected(void *arg);
static struct err *read_answer(const char *name, const struct val *message,
                               struct val *ret_result) MUST_CHECK;
static struct err *read_error(const char *name, const struct val *error) MUST_CHECK;

static void decide(struct agents *agents, int state)
{
    pthread_mutex_lock(&agents->lock);
    agents->state = state;
    pthread_cond_broadcast(&agents->decided);
    pthread_mutex_unlock(&agents->lock);
}

/* May a callback run now?  Those that do are counted: end_telling. */
static bool begin_telling(struct agents *agents)
{
    bool ready;

    pthread_mutex_lock(&agents->lock);
    while (agents->state == AGENTS_STARTING)
        pthread_cond_wait(&agents->decided, &agents->lock);
    ready = agents->state == AGENTS_READY;
    agents->n_told += ready;
    pthread_mutex_unlock(&agents->lock);
    return ready;
}

static void end_telling(struct agents *agents)
{
    pthread_mutex_lock(&agents->lock);
    agents->n_told--;
    pthread_cond_broadcast(&agents->decided);
    pthread_mutex_unlock(&agents->lock);
}

void agents_hush(struct agents *agents)
{
    if (!agents)
        return;
    pthread_mutex_lock(&agents->lock);
    agents->state = AGENTS_SILENT;
    while (agents->n_told)
        pthread_cond_wait(&agents->decided, &agents->lock);
    pthread_mutex_unlock(&agents->lock);
}

struct err *agents_new(const char *socket_dir, agent_notice_fn notice_fn,
                       agent_connected_fn connected_fn, void *arg,
                       struct agents **ret_agents)
{
    struct agents *agents = xcalloc(1, sizeof(*agents));

    agents->on_notice = notice_fn;
    agents->on_connected = connected_fn;
    agents->arg = arg;
    pthread_mutex_init(&agents->lock, NULL);
    pthread_cond_init(&agents->decided, NULL);
    for (int i = 0; i < N_AGENTS; i++) {
        struct one *one = &agents->all[i];
        autofree char *path = xasprintf("%s/%s", socket_dir, names[i].socket);
        struct agent_link_config config = {names[i].name, path, on_notice, on_connected,
                                           one};
        struct err *e;

        *one = (struct one){agents, (enum agent_id)i, NULL};
        e = agent_link_new(&config, &one->link);
        if (e) {
            decide(agents, AGENTS_SILENT);
            agents_free(agents);
            return e;
        }
    }
    *ret_agents = agents;
    decide(agents, AGENTS_READY);
    return NULL;
}

void agents_free(struct agents *agents)
{
    if (!agents)
        return;
    /* All are stopped before one goes: what greets one agent may call another. */
    for (int i = 0; i < N_AGENTS; i++)
        if (agents->all[i].link)
            agent_link_stop(agents->all[i].link);
    for (int i = 0; i < N_AGENTS; i++)
        agent_link_free(agents->all[i].link);
    pthread_cond_destroy(&agents->decided);
    pthread_mutex_destroy(&agents->lock);
    free(agents);
}

bool agents_lost(const struct err *e)
{
    return agent_link_lost(e);
}

struct err *agents_call(struct agents *agents, enum agent_id agent, const char *verb,
                        struct val params, const int *fds, size_t n_fds,
                        uint64_t timeout_ms, struct val *ret_result, int *ret_fds,
                        size_t *ret_n_fds)
{
    autoval struct val object = params;
    autoval struct val message = val_void();
    CLEANUP(frame_fini) struct frame frame = {0};
    uint64_t deadline_ms =
        clock_monotonic_ms() + (timeout_ms ? timeout_ms : DEFAULT_TIMEOUT_MS);
    struct err *e;

    crash_point_at(verb, "ask");
    e = agent_link_call(agents->all[agent].link, verb, &object, fds, n_fds, deadline_ms,
                        &message, &frame);
    crash_point_at(verb, "answered");
    if (!e)
        e = read_answer(names[agent].name, &message, ret_result);
    if (e || !ret_fds)
        return e;
    for (size_t i = 0; i < frame.n_fds; i++)
        ret_fds[i] = take_fd(frame.fds[i]);
    *ret_n_fds = frame.n_fds;
    return NULL;
}

static void on_notice(const struct val *message, void *arg)
{
    struct one *one = arg;
    const char *name = val_find_text(message, "method", NULL);
    const struct val *params = val_find(message, "params");

    if (!name || !params || params->kind != VAL_MAP) {
        log_error(AGENT, "a notification of %s is none", names[one->id].name);
    } else if (one->agents->on_notice && begin_telling(one->agents)) {
        one->agents->on_notice(one->id, name, params, one->agents->arg);
        end_telling(one->agents);
    }
}

static void on_connected(void *arg)
{
    struct one *one = arg;

    if (one->agents->on_connected && begin_telling(one->agents)) {
        one->agents->on_connected(one->id, one->agents->arg);
        end_telling(one->agents);
    }
}

static struct err *read_answer(const char *name, const struct val *message,
                               struct val *ret_result)
{
    const struct val *error = val_find(message, "error");
    const struct val *result = val_find(message, "result");

    if (error)
        return read_error(name, error);
    if (!result || result->kind != VAL_MAP)
        return err_param(err_new(ERR_INTERNAL_ERROR, "reading an answer of %s", name),
                         "an agent's answer is none");
    if (ret_result)
        *ret_result = val_ref(result);
    return NULL;
}

static struct err *read_error(const char *name, const struct val *error)
{
    const char *code = NULL, *sentence = "";
    const struct val *data = NULL;
    struct err *e;

    if (error->kind == VAL_MAP) {
        code = val_find_text(error, "message", NULL);
        sentence = val_find_text(error, "sentence", "");
        data = val_find(error, "data");
    }
    if (!code)
        return err_param(err_new(ERR_INTERNAL_ERROR, "reading an error of %s", name),
                         "an agent's answer is none");
    e = err_foreign(code, sentence);
    for (size_t i = 0; data && data->kind == VAL_SET && i < val_count(data); i++)
        if (val_at(data, i)->kind == VAL_STR)
            e = err_param(e, val_text(val_at(data, i)));
    return err_context(e, "%s", name);
}

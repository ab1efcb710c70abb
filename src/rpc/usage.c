// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/usage.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

#define MAX_NAME 64 /* of a program, and of its version */

struct times {
    uint64_t n, total_us, longest_us;
};

struct client {
    char name[MAX_NAME + 1], version[MAX_NAME + 1];
};

struct usage {
    pthread_mutex_t lock;                     /* guards all below */
    struct times *times;                      /* one for each of 'methods' */
    struct client clients[USAGE_MAX_CLIENTS]; /* the latest first */
    size_t n_clients;
};

struct usage *usage_new(void)
{
    struct usage *usage = xcalloc(1, sizeof(*usage));

    pthread_mutex_init(&usage->lock, NULL);
    usage->times = xcalloc(n_methods, sizeof(usage->times[0]));
    return usage;
}

void usage_free(struct usage *usage)
{
    if (!usage)
        return;
    pthread_mutex_destroy(&usage->lock);
    free(usage->times);
    free(usage);
}

/* ---- times ---- */

void usage_note_call(struct usage *usage, const struct method_def *method, uint64_t us)
{
    struct times *times = &usage->times[method - methods];

    pthread_mutex_lock(&usage->lock);
    times->n++;
    times->total_us += us;
    if (us > times->longest_us)
        times->longest_us = us;
    pthread_mutex_unlock(&usage->lock);
}

static struct val describe(const struct times *times, bool with_count)
{
    double mean = (double)times->total_us / (double)times->n / 1000,
           longest = (double)times->longest_us / 1000;

    if (!with_count)
        return val_strf("mean %.3f ms, longest %.3f ms", mean, longest);
    return val_strf("mean %.3f ms, longest %.3f ms, %llu calls", mean, longest,
                    (unsigned long long)times->n);
}

struct val usage_times(struct usage *usage, bool with_counts)
{
    struct val all = val_map(0);

    pthread_mutex_lock(&usage->lock);
    for (size_t i = 0; i < n_methods; i++)
        if (usage->times[i].n)
            val_put(&all, val_str(methods[i].wire_name),
                    describe(&usage->times[i], with_counts));
    pthread_mutex_unlock(&usage->lock);
    return all;
}

/* ---- programs ---- */

/* What may stand in a product's name or version, and harms no reader. */
static size_t word_len(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789!#$%&'*+-.^_`|~@";
    size_t len = strspn(text, allowed);

    return len < MAX_NAME ? len : MAX_NAME;
}

static bool read_client(const char *text, struct client *ret_client)
{
    size_t len = word_len(text);

    *ret_client = (struct client){0};
    memcpy(ret_client->name, text, len);
    if (text[len] == '/')
        memcpy(ret_client->version, text + len + 1, word_len(text + len + 1));
    return len > 0;
}

void usage_note_client(struct usage *usage, const char *user_agent)
{
    struct client client;
    size_t at = 0;

    if (!user_agent || !read_client(user_agent, &client))
        return;
    pthread_mutex_lock(&usage->lock);
    while (at < usage->n_clients && !STREQ(usage->clients[at].name, client.name))
        at++;
    if (at == USAGE_MAX_CLIENTS)
        at--; /* the one that came longest ago makes room */
    else if (at == usage->n_clients)
        usage->n_clients++;
    memmove(usage->clients + 1, usage->clients, at * sizeof(client));
    usage->clients[0] = client;
    pthread_mutex_unlock(&usage->lock);
}

struct val usage_clients(struct usage *usage)
{
    struct val all = val_map(USAGE_MAX_CLIENTS);

    pthread_mutex_lock(&usage->lock);
    for (size_t i = 0; i < usage->n_clients; i++)
        val_put_str(&all, usage->clients[i].name, val_str(usage->clients[i].version));
    pthread_mutex_unlock(&usage->lock);
    return all;
}

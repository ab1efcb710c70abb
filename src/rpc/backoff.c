// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/backoff.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/map.h"

#define FIRST_DELAY_MS  250
#define SOURCE_LIMIT_MS 30000
#define USER_LIMIT_MS   5000
#define FORGET_AFTER_MS (15ull * 60 * 1000)
#define QUEUE_LIMIT_MS  60000 /* nobody waits longer than this to be looked at */
#define MAX_TRACKED     4096  /* of each kind */

struct record {
    uint64_t delay_ms, failed_ms;
    uint64_t next_ms; /* when the source's next attempt may be looked at */
};

struct backoff {
    pthread_mutex_t lock; /* guards the rest */
    struct map sources, users;
};

struct backoff *backoff_new(void)
{
    struct backoff *backoff = xcalloc(1, sizeof(*backoff));

    pthread_mutex_init(&backoff->lock, NULL);
    return backoff;
}

static void free_records(struct map *records)
{
    const struct map_slot *slot;
    size_t i = 0;

    while ((slot = map_next(records, &i)))
        free(slot->value);
    map_fini(records);
}

void backoff_free(struct backoff *backoff)
{
    if (!backoff)
        return;
    free_records(&backoff->sources);
    free_records(&backoff->users);
    pthread_mutex_destroy(&backoff->lock);
    free(backoff);
}

/* An IPv6 subscriber owns a whole /64: the first four groups name the source. */
static void source_key(const char *source, char ret_key[64])
{
    const char *end = source;

    snprintf(ret_key, 64, "%s", source);
    if (!strchr(source, ':') || strchr(source, '.') || strncmp(source, "unix:", 5) == 0)
        return;
    for (int n = 0; *end && n < 4; end++) {
        if (end[0] == ':' && end[1] == ':')
            break;
        n += *end == ':';
    }
    ret_key[end - source < 63 ? end - source : 63] = '\0';
}

static struct record *find(struct map *records, const char *key, uint64_t now_ms)
{
    struct record *record = map_get(records, key);

    if (record && now_ms - record->failed_ms > FORGET_AFTER_MS &&
        now_ms >= record->next_ms) {
        free(map_remove(records, key));
        return NULL;
    }
    return record;
}

/* Forgets the one that failed longest ago. */
static void drop_oldest(struct map *records)
{
    const struct map_slot *slot, *oldest = NULL;
    size_t i = 0;

    while ((slot = map_next(records, &i))) {
        if (!oldest || ((struct record *)slot->value)->failed_ms <
                           ((struct record *)oldest->value)->failed_ms)
            oldest = slot;
    }
    free(map_remove(records, oldest->key));
}

static uint64_t note_failure(struct map *records, const char *key, uint64_t limit_ms,
                             uint64_t now_ms)
{
    struct record *record = find(records, key, now_ms);

    if (!record) {
        if (records->n >= MAX_TRACKED)
            drop_oldest(records);
        record = xcalloc(1, sizeof(*record));
        map_put(records, key, record);
        record->delay_ms = FIRST_DELAY_MS / 2;
    }
    record->delay_ms = record->delay_ms * 2 < limit_ms ? record->delay_ms * 2 : limit_ms;
    record->failed_ms = now_ms;
    if (record->next_ms < now_ms + record->delay_ms)
        record->next_ms = now_ms + record->delay_ms;
    return record->delay_ms;
}

/* When the next attempt of this source may be looked at, and that place taken. */
static uint64_t take_place(struct record *record, uint64_t now_ms)
{
    uint64_t start_ms = record->next_ms;

    if (start_ms <= now_ms)
        return 0;
    if (start_ms - now_ms > QUEUE_LIMIT_MS)
        return BACKOFF_REFUSE;
    record->next_ms += record->delay_ms;
    return start_ms - now_ms;
}

uint64_t backoff_enter(struct backoff *backoff, const char *source, uint64_t now_ms)
{
    char key[64];
    struct record *record;
    uint64_t wait_ms = 0;

    source_key(source, key);
    pthread_mutex_lock(&backoff->lock);
    record = find(&backoff->sources, key, now_ms);
    if (record)
        wait_ms = take_place(record, now_ms);
    pthread_mutex_unlock(&backoff->lock);
    return wait_ms;
}

uint64_t backoff_failed(struct backoff *backoff, const char *source, const char *user,
                        uint64_t now_ms)
{
    char key[64];
    uint64_t by_source, by_user;

    source_key(source, key);
    pthread_mutex_lock(&backoff->lock);
    by_source = note_failure(&backoff->sources, key, SOURCE_LIMIT_MS, now_ms);
    by_user = note_failure(&backoff->users, user, USER_LIMIT_MS, now_ms);
    pthread_mutex_unlock(&backoff->lock);
    return by_source > by_user ? by_source : by_user;
}

void backoff_succeeded(struct backoff *backoff, const char *user)
{
    pthread_mutex_lock(&backoff->lock);
    free(map_remove(&backoff->users, user));
    pthread_mutex_unlock(&backoff->lock);
}

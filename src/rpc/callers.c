// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/callers.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"

#define MAX_WAIT_MS 60000

struct use {
    struct caller_use use;
    int64_t last_access; /* seconds since 1970 */
    bool is_new;         /* the row does not say so yet */
};

struct bucket {
    double tokens;
    uint64_t filled_ms;
};

struct callers {
    pthread_mutex_t lock;     /* guards the maps and what is in them */
    struct map uses, buckets; /* by reference of a Caller, of a Rate_limit */
};

struct callers *callers_new(void)
{
    struct callers *callers = xcalloc(1, sizeof(*callers));

    pthread_mutex_init(&callers->lock, NULL);
    return callers;
}

static void free_values(struct map *map)
{
    const struct map_slot *slot;
    size_t i = 0;

    while ((slot = map_next(map, &i)))
        free(slot->value);
    map_fini(map);
}

void callers_free(struct callers *callers)
{
    if (!callers)
        return;
    free_values(&callers->uses);
    free_values(&callers->buckets);
    pthread_mutex_destroy(&callers->lock);
    free(callers);
}

/* ---- which rows ---- */

/* How much of 'text' the pattern says, 0 for nothing; -1 when it does not match.  A whole
 * text says more than any beginning. */
static long match(const char *pattern, const char *text)
{
    size_t len = strlen(pattern);

    if (!len)
        return 0;
    if (pattern[len - 1] == '*')
        return strncmp(pattern, text, len - 1) == 0 ? (long)(len - 1) : -1;
    return strcmp(pattern, text) == 0 ? (1 << 20) + (long)len : -1;
}

static long match_row(const struct row *row, const struct visit *visit)
{
    long agent = match(row_text(row, F_CALLER_USER_AGENT),
                       visit->user_agent ? visit->user_agent : ""),
         source = match(row_text(row, F_CALLER_CLIENT_IP), visit->source);

    return agent < 0 || source < 0 ? -1 : agent + source;
}

static void count(struct callers *callers, const char *ref, const struct visit *visit)
{
    struct use *use = map_get(&callers->uses, ref);

    if (!use) {
        use = xcalloc(1, sizeof(*use));
        map_put(&callers->uses, ref, use);
    }
    use->use.n_calls++;
    use->use.tokens += visit->tokens;
    use->last_access = clock_wall_seconds();
    use->is_new = true;
}

/* ---- limits ---- */

static struct bucket *bucket_of(struct callers *callers, const struct row *limit,
                                uint64_t now_ms)
{
    double most = row_get(limit, F_RATE_LIMIT_BURST_SIZE)->d,
           rate = row_get(limit, F_RATE_LIMIT_FILL_RATE)->d;
    struct bucket *bucket = map_get(&callers->buckets, row_ref(limit));

    if (!bucket) {
        bucket = xcalloc(1, sizeof(*bucket));
        *bucket = (struct bucket){most, now_ms};
        map_put(&callers->buckets, row_ref(limit), bucket);
    }
    bucket->tokens += rate * (double)(now_ms - bucket->filled_ms) / 1000;
    if (bucket->tokens > most)
        bucket->tokens = most;
    bucket->filled_ms = now_ms;
    return bucket;
}

/* Tokens may be owed: the call waits until they came back. */
static uint64_t take(struct callers *callers, const struct row *limit,
                     const struct visit *visit)
{
    double rate = row_get(limit, F_RATE_LIMIT_FILL_RATE)->d, left, wait_ms;
    struct bucket *bucket;

    if (rate <= 0)
        return 0; /* a row of an older database: see api/caller.c */
    bucket = bucket_of(callers, limit, visit->now_ms);
    left = bucket->tokens - visit->tokens;
    wait_ms = left < 0 ? ceil(-left / rate * 1000) : 0;
    if (wait_ms > MAX_WAIT_MS)
        return CALLERS_REFUSE;
    bucket->tokens = left;
    return (uint64_t)wait_ms;
}

/* The limit of the row that says most of this call; NULL for none. */
static struct row *find_limit(struct db *db, const struct row_list *rows,
                              const struct visit *visit)
{
    const char *found = NULL;
    long most = -1;

    for (size_t i = 0; i < rows->n; i++) {
        const char *limit = row_text(rows->at[i], F_CALLER_RATE_LIMIT);
        long said = match_row(rows->at[i], visit);

        if (said > most && !STREQ(limit, NULL_REF)) {
            most = said;
            found = limit;
        }
    }
    return found ? db_get(db, CLASS_RATE_LIMIT, found) : NULL;
}

uint64_t callers_enter(struct callers *callers, struct db *db, const struct visit *visit)
{
    autorows rows = {0};
    autoptr(row) limit = NULL;
    uint64_t wait_ms = 0;

    if (!db_count(db, CLASS_CALLER))
        return 0;
    db_list(db, CLASS_CALLER, &rows);
    if (!visit->is_exempt)
        limit = find_limit(db, &rows, visit);
    pthread_mutex_lock(&callers->lock);
    for (size_t i = 0; i < rows.n; i++)
        if (match_row(rows.at[i], visit) >= 0)
            count(callers, row_ref(rows.at[i]), visit);
    if (limit)
        wait_ms = take(callers, limit, visit);
    pthread_mutex_unlock(&callers->lock);
    return wait_ms;
}

struct caller_use callers_use(struct callers *callers, const char *ref)
{
    struct caller_use result = {0};
    const struct use *use;

    pthread_mutex_lock(&callers->lock);
    use = map_get(&callers->uses, ref);
    if (use)
        result = use->use;
    pthread_mutex_unlock(&callers->lock);
    return result;
}

/* ---- the sweep ---- */

struct access {
    const struct row *caller;
    int64_t seconds;
};

typedef VEC(struct access) access_list;

static struct err *write_accesses(struct txn *t, void *arg)
{
    const access_list *accesses = arg;

    for (size_t i = 0; i < accesses->n; i++) {
        const char *ref = row_ref(accesses->at[i].caller);

        if (txn_get(t, CLASS_CALLER, ref))
            txn_set(t, CLASS_CALLER, ref, F_CALLER_LAST_ACCESS,
                    val_int(accesses->at[i].seconds));
    }
    return NULL;
}

static void keep_only(struct map *map, const struct row_list *rows)
{
    struct map kept = {0};

    for (size_t i = 0; i < rows->n; i++) {
        void *value = map_remove(map, row_ref(rows->at[i]));

        if (value)
            map_put(&kept, row_ref(rows->at[i]), value);
    }
    free_values(map);
    *map = kept;
}

void callers_sweep(struct callers *callers, struct db *db)
{
    access_list accesses = VEC_INIT;
    autorows rows = {0}, limits = {0};

    db_list(db, CLASS_CALLER, &rows);
    db_list(db, CLASS_RATE_LIMIT, &limits);
    pthread_mutex_lock(&callers->lock);
    keep_only(&callers->uses, &rows);
    keep_only(&callers->buckets, &limits);
    for (size_t i = 0; i < rows.n; i++) {
        struct use *use = map_get(&callers->uses, row_ref(rows.at[i]));

        if (!use || !use->is_new)
            continue;
        use->is_new = false;
        *VEC_PUSH(&accesses) = (struct access){rows.at[i], use->last_access};
    }
    pthread_mutex_unlock(&callers->lock);
    if (accesses.n)
        err_ignore(db_run(db, write_accesses, &accesses), "the next call is noted again");
    VEC_FINI(&accesses);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "db/db_private.h"

/* Each half: 6 digits of epoch or run, 14 of counter. */
#define ERA_DIGITS     6
#define COUNTER_DIGITS 14
#define HALF_DIGITS    (ERA_DIGITS + COUNTER_DIGITS)
#define ERA_END        UINT32_C(1000000)
#define COUNTER_END    UINT64_C(100000000000000)

struct db_token db_now(struct db *db)
{
    struct db_token now;

    pthread_rwlock_rdlock(&db->image_lock);
    now = db->now;
    pthread_rwlock_unlock(&db->image_lock);
    return now;
}

void db_token_text(const struct db_token *token, char ret_text[DB_TOKEN_LEN + 1])
{
    snprintf(ret_text, DB_TOKEN_LEN + 1,
             "%06" PRIu32 "%014" PRIu64 ",%06" PRIu32 "%014" PRIu64, token->epoch % ERA_END,
             token->generation % COUNTER_END, token->run % ERA_END,
             token->volatile_generation % COUNTER_END);
}

/* Reads 'n' digits, or returns false. */
static bool read_digits(const char *text, int n, uint64_t *ret_value)
{
    uint64_t value = 0;

    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    *ret_value = value;
    return true;
}

int db_token_parse(const char *text, struct db_token *ret_token)
{
    const char *second = text + HALF_DIGITS + 1;
    uint64_t epoch, generation, run, counter;

    if (!*text) {
        *ret_token = (struct db_token){0};
        return 0;
    }
    if (strlen(text) != DB_TOKEN_LEN || text[HALF_DIGITS] != ',' ||
        !read_digits(text, ERA_DIGITS, &epoch) ||
        !read_digits(text + ERA_DIGITS, COUNTER_DIGITS, &generation) ||
        !read_digits(second, ERA_DIGITS, &run) ||
        !read_digits(second + ERA_DIGITS, COUNTER_DIGITS, &counter))
        return -EINVAL;
    *ret_token = (struct db_token){(uint32_t)epoch, generation, (uint32_t)run, counter};
    return 0;
}

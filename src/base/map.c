// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/map.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rand.h"

#define MIN_ROOM 16

static uint64_t seed[2];
static pthread_once_t seed_once = PTHREAD_ONCE_INIT;

static void make_seed(void)
{
    rand_bytes(seed, sizeof(seed));
}

#define ROTL(x, b) (((x) << (b)) | ((x) >> (64 - (b))))

static void sip_round(uint64_t v[4])
{
    v[0] += v[1], v[1] = ROTL(v[1], 13) ^ v[0], v[0] = ROTL(v[0], 32);
    v[2] += v[3], v[3] = ROTL(v[3], 16) ^ v[2];
    v[0] += v[3], v[3] = ROTL(v[3], 21) ^ v[0];
    v[2] += v[1], v[1] = ROTL(v[1], 17) ^ v[2], v[2] = ROTL(v[2], 32);
}

/* SipHash-1-3 (Aumasson, Bernstein; the 1-3 variant is what hash tables use). */
uint64_t map_hash(const void *data, size_t len)
{
    const unsigned char *p = data;
    uint64_t v[4], last = (uint64_t)len << 56;

    pthread_once(&seed_once, make_seed);
    v[0] = seed[0] ^ 0x736f6d6570736575, v[1] = seed[1] ^ 0x646f72616e646f6d;
    v[2] = seed[0] ^ 0x6c7967656e657261, v[3] = seed[1] ^ 0x7465646279746573;
    for (; len >= 8; len -= 8, p += 8) {
        uint64_t m;

        memcpy(&m, p, 8);
        v[3] ^= m;
        sip_round(v);
        v[0] ^= m;
    }
    for (size_t i = 0; i < len; i++)
        last |= (uint64_t)p[i] << (8 * i);
    v[3] ^= last;
    sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    sip_round(v), sip_round(v), sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_fini(struct map *m)
{
    for (size_t i = 0; i < m->room; i++)
        free(m->slots[i].key);
    free(m->slots);
    *m = (struct map){0};
}

/* The slot of 'key', or the free one where it would go.  The table has a free slot. */
static struct map_slot *slot_of(const struct map *m, const char *key, uint64_t hash)
{
    size_t i = hash & (m->room - 1);

    while (m->slots[i].key &&
           (m->slots[i].hash != hash || strcmp(m->slots[i].key, key) != 0))
        i = (i + 1) & (m->room - 1);
    return &m->slots[i];
}

static void grow(struct map *m)
{
    struct map old = *m;

    m->room = old.room ? old.room * 2 : MIN_ROOM;
    m->slots = xcalloc(m->room, sizeof(*m->slots));
    for (size_t i = 0; i < old.room; i++)
        if (old.slots[i].key)
            *slot_of(m, old.slots[i].key, old.slots[i].hash) = old.slots[i];
    free(old.slots);
}

void *map_get(const struct map *m, const char *key)
{
    if (m->n == 0)
        return NULL;
    return slot_of(m, key, map_hash(key, strlen(key)))->value;
}

void *map_put(struct map *m, const char *key, void *value)
{
    uint64_t hash = map_hash(key, strlen(key));
    struct map_slot *slot;
    void *old;

    assert_msg(value, "a map holds no NULL");
    if (m->n >= m->room / 4 * 3)
        grow(m);
    slot = slot_of(m, key, hash);
    old = slot->value;
    if (!slot->key) {
        slot->key = xstrdup(key);
        slot->hash = hash;
        m->n++;
    }
    slot->value = value;
    return old;
}

void *map_remove(struct map *m, const char *key)
{
    struct map_slot *slot;
    size_t hole, i;
    void *old;

    if (m->n == 0)
        return NULL;
    slot = slot_of(m, key, map_hash(key, strlen(key)));
    if (!slot->key)
        return NULL;
    old = slot->value;
    free(slot->key);
    m->n--;

    /* Close the gap: move back each later entry whose home does not lie behind the hole. */
    hole = i = (size_t)(slot - m->slots);
    for (;;) {
        size_t home;

        i = (i + 1) & (m->room - 1);
        if (!m->slots[i].key)
            break;
        home = m->slots[i].hash & (m->room - 1);
        if (((i - home) & (m->room - 1)) < ((i - hole) & (m->room - 1)))
            continue;
        m->slots[hole] = m->slots[i];
        hole = i;
    }
    m->slots[hole] = (struct map_slot){0};
    return old;
}

const struct map_slot *map_next(const struct map *m, size_t *i)
{
    while (*i < m->room) {
        const struct map_slot *slot = &m->slots[(*i)++];

        if (slot->key)
            return slot;
    }
    return NULL;
}

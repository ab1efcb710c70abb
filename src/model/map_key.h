// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of the datamodel's maps that mean something, and the only way to read them: one
 * table, made from datamodel/map.keys, which docs/map-keys.md shows to users.  Other keys
 * of the same maps are kept and mean nothing.
 *
 * What is read is what a client wrote: it may be anything.  No state; any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/value.h"
#include "map_keys.h" /* enum map_key_id; generated */

enum map_key_kind {
    MAP_KEY_SWITCH, /* true or false in several words */
    MAP_KEY_TRUTH,  /* "true" and anything else */
    MAP_KEY_INT,
    MAP_KEY_SIZE, /* bytes, with a suffix or without */
    MAP_KEY_WORD, /* one of 'words' */
    MAP_KEY_TEXT, /* its reader knows */
    MAP_KEY_MARK, /* what counts is that it is there */
};

struct map_key {
    int cls, field;
    const char *name;
    enum map_key_kind kind;
    int64_t least, most;      /* of a number, or of a text's bytes */
    const char *const *words; /* NULL at the end */
    const char *absent;       /* what holds without the key; NULL: nothing */
};

extern const struct map_key map_keys[N_MAP_KEYS];

/* ---- one key, of a map of its field ---- */

const char *map_key_name(enum map_key_id id);
bool map_key_is_set(const struct val *map, enum map_key_id id);
/* As it was written, or what holds without the key, or NULL. */
const char *map_key_text(const struct val *map, enum map_key_id id);
/* Of a truth or a switch: is it on?  What is neither is as without the key. */
bool map_key_is_on(const struct val *map, enum map_key_id id);
/* A number, the place of a word, or 1 and 0 of a switch; what holds without the key where
 * that is not there or empty, and 0 where nothing does.  -EINVAL for anything else, and
 * what holds without the key. */
int map_key_number(const struct val *map, enum map_key_id id, int64_t *ret_number);

/* ---- a map made of another: with the key (takes value), without it ---- */

struct val map_key_with(const struct val *map, enum map_key_id id, struct val value);
struct val map_key_without(const struct val *map, enum map_key_id id);

/* The key of that name in a field, or -1: for checks of what is written. */
int map_key_find(int cls, int field, const char *name);

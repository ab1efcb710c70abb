// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/map_key.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"

static const struct {
    const char *word;
    int64_t value;
} switch_words[] = {{"true", 1}, {"false", 0}, {"1", 1},  {"0", 0},
                    {"yes", 1},  {"no", 0},    {"on", 1}, {"off", 0}};

const char *map_key_name(enum map_key_id id)
{
    return map_keys[id].name;
}

bool map_key_is_set(const struct val *map, enum map_key_id id)
{
    return val_find(map, map_keys[id].name) != NULL;
}

const char *map_key_text(const struct val *map, enum map_key_id id)
{
    return val_find_text(map, map_keys[id].name, map_keys[id].absent);
}

/* Clients write "True" as well as "true". */
static int read_switch(const char *text, int64_t *ret_number)
{
    for (size_t i = 0; i < ARRAY_SIZE(switch_words); i++) {
        if (strcasecmp(switch_words[i].word, text) != 0)
            continue;
        *ret_number = switch_words[i].value;
        return 0;
    }
    return -EINVAL;
}

static int read_word(const struct map_key *key, const char *text, int64_t *ret_number)
{
    for (int64_t i = 0; key->words[i]; i++) {
        if (strcasecmp(key->words[i], text) != 0)
            continue;
        *ret_number = i;
        return 0;
    }
    return -EINVAL;
}

static int read_limited(const struct map_key *key, const char *text, int64_t *ret_number)
{
    uint64_t size = 0;
    int64_t number = 0;
    int r;

    if (key->kind == MAP_KEY_INT) {
        r = str_to_int64(text, &number);
    } else {
        r = str_to_size(text, &size);
        number = size > INT64_MAX ? INT64_MAX : (int64_t)size;
    }
    if (r < 0 || number < key->least || number > key->most)
        return -EINVAL;
    *ret_number = number;
    return 0;
}

static int read_text(const struct map_key *key, const char *text, int64_t *ret_number)
{
    switch (key->kind) {
    case MAP_KEY_SWITCH:
        return read_switch(text, ret_number);
    case MAP_KEY_TRUTH:
        *ret_number = STREQ(text, "true");
        return 0;
    case MAP_KEY_WORD:
        return read_word(key, text, ret_number);
    case MAP_KEY_INT:
    case MAP_KEY_SIZE:
        return read_limited(key, text, ret_number);
    default:
        assert_msg(false, "a key of a map that is no number is read as one");
        return -EINVAL;
    }
}

int map_key_number(const struct val *map, enum map_key_id id, int64_t *ret_number)
{
    const struct map_key *key = &map_keys[id];
    const char *text = val_find_text(map, key->name, "");

    *ret_number = 0;
    if (key->absent)
        read_text(key, key->absent, ret_number);
    if (!*text ||
        (key->kind == MAP_KEY_SWITCH && (STREQ(text, "default") || STREQ(text, "auto"))))
        return 0;
    return read_text(key, text, ret_number);
}

bool map_key_is_on(const struct val *map, enum map_key_id id)
{
    int64_t number;

    map_key_number(map, id, &number);
    return number != 0;
}

struct val map_key_with(const struct val *map, enum map_key_id id, struct val value)
{
    return val_map_with(map, map_keys[id].name, value);
}

struct val map_key_without(const struct val *map, enum map_key_id id)
{
    return val_map_without(map, map_keys[id].name);
}

int map_key_find(int cls, int field, const char *name)
{
    for (int i = 0; i < N_MAP_KEYS; i++)
        if (map_keys[i].cls == cls && map_keys[i].field == field &&
            STREQ(map_keys[i].name, name))
            return i;
    return -1;
}

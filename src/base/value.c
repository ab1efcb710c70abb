// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/value.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

/* Reference counts: constants have none to give back. */
#define CONSTANT 0

struct val_text {
    atomic_uint refs; /* CONSTANT: never freed */
    uint32_t len;
    char bytes[];
};

struct val_list {
    atomic_uint refs;
    uint32_t n, room;
    struct val at[]; /* a map keeps key, value, key, value... */
};

static struct val_text empty_text = {.refs = CONSTANT, .len = 0, .bytes = ""};
static struct val_text null_ref_text = {
    .refs = CONSTANT, .len = sizeof("OpaqueRef:NULL") - 1, .bytes = "OpaqueRef:NULL"};
static struct val_list empty_list = {CONSTANT, 0, 0};

struct val val_void(void)
{
    return (struct val){.kind = VAL_VOID};
}

struct val val_int(int64_t i)
{
    return (struct val){.kind = VAL_INT, .i = i};
}

struct val val_bool(bool b)
{
    return (struct val){.kind = VAL_BOOL, .b = b};
}

struct val val_float(double d)
{
    return (struct val){.kind = VAL_FLOAT, .d = d};
}

struct val val_str_n(const char *text, size_t len)
{
    struct val v = {.kind = VAL_STR};

    if (len == 0) {
        v.text = &empty_text;
        return v;
    }
    if (len == null_ref_text.len && memcmp(text, null_ref_text.bytes, len) == 0) {
        v.text = &null_ref_text;
        return v;
    }
    assert_msg(len < UINT32_MAX, "a text is too long");
    v.text = xmalloc(sizeof(*v.text) + len + 1);
    v.text->refs = 1;
    v.text->len = (uint32_t)len;
    memcpy(v.text->bytes, text, len);
    v.text->bytes[len] = '\0';
    return v;
}

struct val val_str(const char *text)
{
    return val_str_n(text, strlen(text));
}

struct val val_strf(const char *fmt, ...)
{
    autofree char *text = NULL;
    va_list args;
    int len;

    va_start(args, fmt);
    len = vasprintf(&text, fmt, args);
    va_end(args);
    assert_msg(len >= 0, "out of memory");
    return val_str_n(text, (size_t)len);
}

static struct val container(enum val_kind kind, size_t room)
{
    struct val v = {.kind = kind};

    if (room == 0) {
        v.list = &empty_list;
        return v;
    }
    assert_msg(room < UINT32_MAX, "a container is too large");
    v.list = xmalloc(sizeof(*v.list) + room * sizeof(v.list->at[0]));
    v.list->refs = 1;
    v.list->n = 0;
    v.list->room = (uint32_t)room;
    return v;
}

struct val val_set(size_t n)
{
    return container(VAL_SET, n);
}

struct val val_map(size_t n)
{
    return container(VAL_MAP, n * 2);
}

static void append(struct val *v, struct val elem)
{
    struct val_list *list = v->list;

    if (list == &empty_list) {
        *v = container(v->kind, 4);
        list = v->list;
    }
    assert_msg(list->refs == 1, "pushing into a shared container");
    if (list->n == list->room) {
        assert_msg(list->room < UINT32_MAX / 2, "a container is too large");
        list->room *= 2;
        list = xreallocarray(list, 1, sizeof(*list) + list->room * sizeof(list->at[0]));
        v->list = list;
    }
    list->at[list->n++] = elem;
}

void val_push(struct val *set, struct val elem)
{
    assert_msg(set->kind == VAL_SET, "not a set");
    append(set, elem);
}

void val_put(struct val *map, struct val key, struct val value)
{
    assert_msg(map->kind == VAL_MAP, "not a map");
    append(map, key);
    append(map, value);
}

void val_put_str(struct val *map, const char *key, struct val value)
{
    val_put(map, val_str(key), value);
}

struct val val_ref(const struct val *v)
{
    if (v->kind == VAL_STR && v->text->refs != CONSTANT)
        atomic_fetch_add_explicit(&v->text->refs, 1, memory_order_relaxed);
    else if ((v->kind == VAL_SET || v->kind == VAL_MAP) && v->list->refs != CONSTANT)
        atomic_fetch_add_explicit(&v->list->refs, 1, memory_order_relaxed);
    return *v;
}

/* True when the caller held the last reference. */
static bool drop(atomic_uint *refs)
{
    if (atomic_load_explicit(refs, memory_order_relaxed) == CONSTANT)
        return false;
    return atomic_fetch_sub_explicit(refs, 1, memory_order_acq_rel) == 1;
}

void val_unref(struct val *v)
{
    if (!v)
        return;
    if (v->kind == VAL_STR && drop(&v->text->refs)) {
        free(v->text);
    } else if ((v->kind == VAL_SET || v->kind == VAL_MAP) && drop(&v->list->refs)) {
        for (uint32_t i = 0; i < v->list->n; i++)
            val_unref(&v->list->at[i]);
        free(v->list);
    }
    *v = val_void();
}

const char *val_text(const struct val *v)
{
    assert_msg(v->kind == VAL_STR, "not a text");
    return v->text->bytes;
}

size_t val_len(const struct val *v)
{
    assert_msg(v->kind == VAL_STR, "not a text");
    return v->text->len;
}

size_t val_count(const struct val *v)
{
    assert_msg(v->kind == VAL_SET || v->kind == VAL_MAP, "not a container");
    return v->kind == VAL_MAP ? v->list->n / 2 : v->list->n;
}

const struct val *val_at(const struct val *set, size_t i)
{
    assert_msg(set->kind == VAL_SET && i < set->list->n, "no such element");
    return &set->list->at[i];
}

const struct val *val_key_at(const struct val *map, size_t i)
{
    assert_msg(map->kind == VAL_MAP && i < map->list->n / 2, "no such pair");
    return &map->list->at[2 * i];
}

const struct val *val_value_at(const struct val *map, size_t i)
{
    return val_key_at(map, i) + 1;
}

const struct val *val_find(const struct val *map, const char *key)
{
    size_t n = val_count(map), len = strlen(key);

    for (size_t i = 0; i < n; i++) {
        const struct val *k = val_key_at(map, i);

        if (k->kind == VAL_STR && k->text->len == len &&
            memcmp(k->text->bytes, key, len) == 0)
            return k + 1;
    }
    return NULL;
}

static int compare_keys(const void *a, const void *b)
{
    const struct val *x = *(const struct val *const *)a, *y = *(const struct val *const *)b;

    assert_msg((x->kind == VAL_STR || x->kind == VAL_INT) && x->kind == y->kind,
               "a map's keys are text or numbers");
    if (x->kind == VAL_INT)
        return x->i < y->i ? -1 : x->i > y->i;
    if (x->text->len != y->text->len)
        return x->text->len < y->text->len ? -1 : 1;
    return memcmp(x->text->bytes, y->text->bytes, x->text->len);
}

const struct val *val_map_duplicate(const struct val *map)
{
    size_t n = val_count(map);
    autofree const struct val **keys = NULL;

    if (n < 2)
        return NULL;
    keys = xreallocarray(NULL, n, sizeof(const struct val *));
    for (size_t i = 0; i < n; i++)
        keys[i] = val_key_at(map, i);
    qsort(keys, n, sizeof(const struct val *), compare_keys);
    for (size_t i = 1; i < n; i++)
        if (compare_keys(&keys[i - 1], &keys[i]) == 0)
            return keys[i];
    return NULL;
}

const char *val_find_text(const struct val *map, const char *key, const char *otherwise)
{
    const struct val *v = val_find(map, key);

    return v && v->kind == VAL_STR ? v->text->bytes : otherwise;
}

bool val_set_has(const struct val *set, const char *text)
{
    size_t n = val_count(set);

    for (size_t i = 0; i < n; i++)
        if (strcmp(val_text(val_at(set, i)), text) == 0)
            return true;
    return false;
}

struct val val_map_without(const struct val *map, const char *key)
{
    size_t n = val_count(map);
    struct val out = val_map(n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(val_text(val_key_at(map, i)), key) != 0)
            val_put(&out, val_ref(val_key_at(map, i)), val_ref(val_value_at(map, i)));
    return out;
}

struct val val_map_with(const struct val *map, const char *key, struct val value)
{
    size_t n = val_count(map);
    struct val out = val_map(n + 1);
    bool placed = false;

    for (size_t i = 0; i < n; i++) {
        bool here = strcmp(val_text(val_key_at(map, i)), key) == 0;

        val_put(&out, val_ref(val_key_at(map, i)),
                here ? value : val_ref(val_value_at(map, i)));
        placed |= here;
    }
    if (!placed)
        val_put_str(&out, key, value);
    return out;
}

struct val val_set_without(const struct val *set, const char *text)
{
    size_t n = val_count(set);
    struct val out = val_set(n);

    for (size_t i = 0; i < n; i++)
        if (strcmp(val_text(val_at(set, i)), text) != 0)
            val_push(&out, val_ref(val_at(set, i)));
    return out;
}

struct val val_set_with(const struct val *set, struct val elem)
{
    size_t n = val_count(set);
    struct val out = val_set(n + 1);

    if (val_set_has(set, val_text(&elem))) {
        val_unref(&out);
        val_unref(&elem);
        return val_ref(set);
    }
    for (size_t i = 0; i < n; i++)
        val_push(&out, val_ref(val_at(set, i)));
    val_push(&out, elem);
    return out;
}

static bool list_equal(const struct val_list *a, const struct val_list *b)
{
    if (a->n != b->n)
        return false;
    for (uint32_t i = 0; i < a->n; i++)
        if (!val_equal(&a->at[i], &b->at[i]))
            return false;
    return true;
}

/* Each pair of 'a' stands in 'b'; sizes are equal and keys are unique. */
static bool map_covers(const struct val_list *a, const struct val_list *b)
{
    for (uint32_t i = 0; i < a->n; i += 2) {
        uint32_t j = 0;

        while (j < b->n && !(val_equal(&a->at[i], &b->at[j]) &&
                             val_equal(&a->at[i + 1], &b->at[j + 1])))
            j += 2;
        if (j >= b->n)
            return false;
    }
    return true;
}

bool val_equal(const struct val *a, const struct val *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VAL_VOID:
        return true;
    case VAL_INT:
        return a->i == b->i;
    case VAL_BOOL:
        return a->b == b->b;
    case VAL_FLOAT:
        return memcmp(&a->d, &b->d, sizeof(a->d)) == 0;
    case VAL_STR:
        return a->text == b->text ||
               (a->text->len == b->text->len &&
                memcmp(a->text->bytes, b->text->bytes, a->text->len) == 0);
    case VAL_SET:
        return a->list == b->list || list_equal(a->list, b->list);
    case VAL_MAP:
        return a->list == b->list || list_equal(a->list, b->list) ||
               (a->list->n == b->list->n && map_covers(a->list, b->list));
    }
    return false;
}

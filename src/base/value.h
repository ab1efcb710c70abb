// SPDX-License-Identifier: GPL-2.0-or-later
/* One API value: what a field holds, what an argument is, what a call answers.
 *
 * A value is 16 bytes and is passed by copy; text, sets and maps sit behind it in
 * reference-counted blocks that never change once a second holder can see them, so a value
 * may cross threads freely. A value does not know its datamodel type: 'struct type'
 * (model/model.h) says how to read it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"

/* How a value is held.  The datamodel's types map onto these:
 *   int, enum (index into its enum_def)      -> VAL_INT
 *   bool                                     -> VAL_BOOL
 *   float                                    -> VAL_FLOAT
 *   datetime (seconds since 1970, UTC)       -> VAL_INT
 *   string, secret_string, ref               -> VAL_STR
 *   set, option (0 or 1 element)             -> VAL_SET
 *   map                                      -> VAL_MAP   (keys are values too)
 *   record                                   -> VAL_SET   (cells in the class's field
 * order) void                                     -> VAL_VOID */
enum val_kind { VAL_VOID, VAL_INT, VAL_BOOL, VAL_FLOAT, VAL_STR, VAL_SET, VAL_MAP };

struct val_text; /* reference-counted bytes, NUL after the last */
struct val_list; /* reference-counted cells */

struct val {
    enum val_kind kind;
    union {
        int64_t i;
        bool b;
        double d;
        struct val_text *text;
        struct val_list *list;
    };
};

struct val val_void(void);
struct val val_int(int64_t i);
struct val val_bool(bool b);
struct val val_float(double d);
/* Copies 'text' (NUL-terminated, or 'len' bytes); "" and "OpaqueRef:NULL" are shared
 * constants. */
struct val val_str(const char *text);
struct val val_str_n(const char *text, size_t len);
struct val val_strf(const char *fmt, ...) PRINTF(1, 2);

/* Empty containers with room for 'n' elements (pairs, for a map).  The holder of a fresh
 * container may push into it until it hands it on; pushing into a shared one stops the
 * program. */
struct val val_set(size_t n);
struct val val_map(size_t n);
void val_push(struct val *set, struct val elem); /* takes 'elem' */
void val_put(struct val *map, struct val key,
             struct val value); /* takes both; appends, no key check */
void val_put_str(struct val *map, const char *key, struct val value);

/* A further hold on the same value; val_unref gives one back and leaves VAL_VOID behind.
 * NULL-safe. */
struct val val_ref(const struct val *v);
void val_unref(struct val *v);
#define autoval CLEANUP(val_unref)
#define take_val(v)                                                                        \
    ({                                                                                     \
        struct val took_ = (v);                                                            \
        (v) = val_void();                                                                  \
        took_;                                                                             \
    })

/* Reading.  A wrong kind stops the program: arguments were checked against their types
 * before. */
const char *val_text(const struct val *v);
size_t val_len(const struct val *v);   /* bytes of text */
size_t val_count(const struct val *v); /* elements of a set, pairs of a map */
/* The elements of a set lie one behind the other: val_at(set, 0) is the array of them. */
const struct val *val_at(const struct val *set, size_t i);
const struct val *val_key_at(const struct val *map, size_t i);
const struct val *val_value_at(const struct val *map, size_t i);
const struct val *val_find(const struct val *map,
                           const char *key); /* NULL when absent; text keys */
/* A key (text or int) that stands in 'map' more than once, or NULL.  Costs n log n at most.
 */
const struct val *val_map_duplicate(const struct val *map);
/* The text under 'key', or 'otherwise'. */
const char *val_find_text(const struct val *map, const char *key, const char *otherwise);

/* Sets of text. */
bool val_set_has(const struct val *set, const char *text);

/* New containers made from old ones. */
struct val val_map_with(const struct val *map, const char *key,
                        struct val value); /* replaces or adds; takes value */
struct val val_map_without(const struct val *map, const char *key);
struct val val_set_with(const struct val *set,
                        struct val elem); /* takes elem; no second copy of a text */
struct val val_set_without(const struct val *set, const char *text);

/* Same kind and contents; maps compare regardless of order. */
bool val_equal(const struct val *a, const struct val *b);

// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a command line: "xe COMMAND key=value --flag key=value".  "--flag" is
 * flag=true.  One thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/value.h"
#include "base/vec.h"

struct arg {
    char *key, *value;
};

struct args {
    char *command; /* "" when there was none */
    VEC(struct arg) list;
    VEC(char *) bare; /* words without '=', in order, for "help" */
};

void args_init(struct args *args);
void args_fini(struct args *args);

/* Takes the next word; the first is the command. */
void args_add(struct args *args, const char *word);
void args_put(struct args *args, const char *key, const char *value);

/* The first value under 'key' (in any case), or NULL. */
const char *args_get(const struct args *args, const char *key);
bool args_true(const struct args *args, const char *key);
/* The value, or the failure that says which is missing. */
struct err *args_require(const struct args *args, const char *key,
                         const char **ret_value) MUST_CHECK;

/* Names that stand for all arguments beginning so end in ":" or "-". */
bool args_is_prefix(const char *name);
/* All "prefix:key=value" as a map of text. */
struct val args_map(const struct args *args, const char *prefix);
bool args_has_prefix(const struct args *args, const char *prefix);

/* "true", "yes", "1" and their likes: 0, or -EINVAL. */
int args_parse_bool(const char *text, bool *ret_value);

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/args.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"
#include "cli/fail.h"

void args_init(struct args *args)
{
    memset(args, 0, sizeof(*args));
    args->command = xstrdup("");
}

void args_fini(struct args *args)
{
    for (size_t i = 0; i < args->list.n; i++) {
        free(args->list.at[i].key);
        free(args->list.at[i].value);
    }
    for (size_t i = 0; i < args->bare.n; i++)
        free(args->bare.at[i]);
    VEC_FINI(&args->list);
    VEC_FINI(&args->bare);
    free(args->command);
    args->command = NULL;
}

void args_put(struct args *args, const char *key, const char *value)
{
    *VEC_PUSH(&args->list) = (struct arg){xstrdup(key), xstrdup(value)};
}

void args_add(struct args *args, const char *word)
{
    const char *equals = strchr(word, '=');
    bool flag = str_has_prefix(word, "--") && word[2];

    if (flag)
        word += 2;
    if (flag && !equals) {
        args_put(args, word, "true");
        return;
    }
    if (equals) {
        autofree char *key = xstrndup(word, (size_t)(equals - word));

        args_put(args, key, equals + 1);
        return;
    }
    if (!*args->command) {
        free(args->command);
        args->command = xstrdup(word);
        return;
    }
    *VEC_PUSH(&args->bare) = xstrdup(word);
}

const char *args_get(const struct args *args, const char *key)
{
    for (size_t i = 0; i < args->list.n; i++)
        if (strcasecmp(args->list.at[i].key, key) == 0)
            return args->list.at[i].value;
    return NULL;
}

int args_parse_bool(const char *text, bool *ret_value)
{
    static const char *const yes[] = {"true", "t", "yes", "y", "1", "on"};
    static const char *const no[] = {"false", "f", "no", "n", "0", "off"};

    for (size_t i = 0; i < ARRAY_SIZE(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0) {
            *ret_value = true;
            return 0;
        }
        if (strcasecmp(text, no[i]) == 0) {
            *ret_value = false;
            return 0;
        }
    }
    return -EINVAL;
}

bool args_true(const struct args *args, const char *key)
{
    const char *text = args_get(args, key);
    bool value = false;

    return text && args_parse_bool(text, &value) == 0 && value;
}

struct err *args_require(const struct args *args, const char *key, const char **ret_value)
{
    const char *value = args_get(args, key);

    if (!value)
        return fail_usage("Required parameter not found: %s", key);
    *ret_value = value;
    return NULL;
}

bool args_is_prefix(const char *name)
{
    return str_has_suffix(name, ":") || str_has_suffix(name, "-");
}

struct val args_map(const struct args *args, const char *prefix)
{
    struct val map = val_map(4);

    for (size_t i = 0; i < args->list.n; i++) {
        const struct arg *arg = &args->list.at[i];

        if (strncasecmp(arg->key, prefix, strlen(prefix)) != 0)
            continue;
        if (val_find(&map, arg->key + strlen(prefix))) {
            struct val changed =
                val_map_with(&map, arg->key + strlen(prefix), val_str(arg->value));

            val_unref(&map);
            map = changed;
        } else {
            val_put_str(&map, arg->key + strlen(prefix), val_str(arg->value));
        }
    }
    return map;
}

bool args_has_prefix(const struct args *args, const char *prefix)
{
    for (size_t i = 0; i < args->list.n; i++)
        if (strncasecmp(args->list.at[i].key, prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

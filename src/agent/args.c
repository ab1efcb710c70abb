// SPDX-License-Identifier: GPL-2.0-or-later
#include "agent/args.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/uuid.h"
#include "wire/json.h"

#define MAX_SHOWN 200 /* bytes of a refused value in its error */

static const struct verb_arg *find_arg(const struct verb *verb, const char *name);
static const char *complaint(const struct verb_arg *arg, const struct val *value,
                             size_t n_fds);
static bool is_word(const char *text);
static bool is_text_map(const struct val *value);
static struct err *refuse(const struct verb *verb, const char *name,
                          const struct val *value, const char *why) MUST_CHECK;

struct err *args_check(const struct verb *verb, const struct val *params, size_t n_fds,
                       struct val *ret_args)
{
    size_t n = params->kind == VAL_MAP ? val_count(params) : 0;
    autoval struct val args = val_map(n);

    if (params->kind != VAL_MAP && params->kind != VAL_VOID)
        return refuse(verb, "params", params, "not an object");
    for (size_t i = 0; i < n; i++) {
        const char *name = val_text(val_key_at(params, i));
        const struct val *value = val_value_at(params, i);
        const struct verb_arg *arg = find_arg(verb, name);
        const char *why = arg ? complaint(arg, value, n_fds) : "not an argument of it";

        if (why)
            return refuse(verb, name, value, why);
        if (arg->kind == ARG_UUID)
            val_put_str(&args, name, val_str(uuid_lower(val_text(value)).text));
        else
            val_put_str(&args, name, val_ref(value));
    }
    for (size_t i = 0; i < verb->n_args; i++)
        if (!verb->args[i].optional && !val_find(&args, verb->args[i].name))
            return refuse(verb, verb->args[i].name, NULL, "missing");
    *ret_args = take_val(args);
    return NULL;
}

const struct val *call_arg(const struct verb_call *call, const char *name)
{
    assert_msg(find_arg(call->verb, name), "a verb's body reads an argument it has not");
    return val_find(&call->args, name);
}

const char *call_text(const struct verb_call *call, const char *name)
{
    const struct val *value = call_arg(call, name);

    return value ? val_text(value) : "";
}

int64_t call_int(const struct verb_call *call, const char *name, int64_t otherwise)
{
    const struct val *value = call_arg(call, name);

    return value ? value->i : otherwise;
}

bool call_bool(const struct verb_call *call, const char *name, bool otherwise)
{
    const struct val *value = call_arg(call, name);

    return value ? value->b : otherwise;
}

int call_take_fd(struct verb_call *call, const char *name)
{
    const struct val *value = call_arg(call, name);

    return value ? take_fd(call->fds[value->i]) : -1;
}

int call_return_fd(struct verb_call *call, int fd)
{
    call->ret_fds =
        xreallocarray(call->ret_fds, call->n_ret_fds + 1, sizeof(call->ret_fds[0]));
    call->ret_fds[call->n_ret_fds] = fd;
    return (int)call->n_ret_fds++;
}

static const struct verb_arg *find_arg(const struct verb *verb, const char *name)
{
    for (size_t i = 0; i < verb->n_args; i++)
        if (STREQ(verb->args[i].name, name))
            return &verb->args[i];
    return NULL;
}

/* What is wrong with 'value', or NULL. */
static const char *complaint(const struct verb_arg *arg, const struct val *value,
                             size_t n_fds)
{
    static const enum val_kind held_as[] = {
        [ARG_UUID] = VAL_STR, [ARG_TEXT] = VAL_STR,   [ARG_WORD] = VAL_STR,
        [ARG_INT] = VAL_INT,  [ARG_BOOL] = VAL_BOOL,  [ARG_MAP] = VAL_MAP,
        [ARG_LIST] = VAL_SET, [ARG_OBJECT] = VAL_MAP, [ARG_FD] = VAL_INT,
    };

    if (value->kind != held_as[arg->kind])
        return "of the wrong kind";
    switch (arg->kind) {
    case ARG_UUID:
        return uuid_is_valid(val_text(value)) ? NULL : "not a UUID";
    case ARG_TEXT:
        return (int64_t)val_len(value) <= arg->max ? NULL : "too long";
    case ARG_WORD:
        if ((int64_t)val_len(value) > arg->max)
            return "too long";
        return is_word(val_text(value)) ? NULL : "not a word";
    case ARG_INT:
        return value->i >= arg->min && value->i <= arg->max ? NULL : "out of range";
    case ARG_MAP:
        return is_text_map(value) ? NULL : "not a map of text";
    case ARG_FD:
        return value->i >= 0 && (size_t)value->i < n_fds ? NULL
                                                         : "no descriptor of the message";
    case ARG_BOOL:
    case ARG_LIST:
    case ARG_OBJECT:
        return NULL;
    }
    return "of an unknown kind";
}

static bool is_word(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789._-");

    return len > 0 && text[len] == '\0' && text[0] != '-' && text[0] != '.';
}

static bool is_text_map(const struct val *value)
{
    for (size_t i = 0; i < val_count(value); i++)
        if (val_value_at(value, i)->kind != VAL_STR)
            return false;
    return true;
}

static struct err *refuse(const struct verb *verb, const char *name,
                          const struct val *value, const char *why)
{
    autobuf shown = BUF_INIT;
    struct err *e =
        err_new(ERR_INVALID_VALUE, "calling %s: %s is %s", verb->name, name, why);

    if (value && value->kind == VAL_STR)
        buf_add(&shown, val_text(value), val_len(value));
    else if (value)
        json_add(&shown, value);
    return err_param(err_paramf(e, "%s", name),
                     shown.size > MAX_SHOWN ? "..." : buf_str(&shown));
}

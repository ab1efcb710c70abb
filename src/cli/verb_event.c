// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/verb_event.h"

#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/record.h"
#include "cli/select.h"
#include "model/model.h"

#define WAIT_S 30.0

/* The conditions of the command line: "field=value", and "field=/=value" for any other. */
struct conditions {
    filter_terms equal, different;
};

static void conditions_fini(struct conditions *conditions)
{
    filter_terms_fini(&conditions->equal);
    filter_terms_fini(&conditions->different);
}

static struct err *read_conditions(struct run *run, const struct xe_object *object,
                                   struct conditions *conditions)
{
    static const char *const others[] = {"class", "minimal", "trace"};
    struct err *e = NULL;

    for (size_t i = 0; i < run->args->list.n && !e; i++) {
        const struct arg *arg = &run->args->list.at[i];
        bool is_other = false;

        for (size_t o = 0; o < ARRAY_SIZE(others); o++)
            is_other = is_other || STREQ(arg->key, others[o]);
        if (is_other)
            continue;
        if (str_has_prefix(arg->value, "/="))
            e = filter_term_add(&conditions->different, object, arg->key, arg->value + 2);
        else
            e = filter_term_add(&conditions->equal, object, arg->key, arg->value);
    }
    return e;
}

/* True when an object fits all of 'equal' and none of 'different'. */
static struct err *is_met(struct run *run, const struct xe_object *object,
                          const struct conditions *conditions, bool *ret_met)
{
    ref_list refs = VEC_INIT;
    struct err *e = select_objects(run->catalog, object, &conditions->equal, &refs);

    *ret_met = false;
    for (size_t i = 0; i < refs.n && !e && !*ret_met; i++) {
        bool match = false;

        for (size_t t = 0; t < conditions->different.n && !e && !match; t++)
            e = select_matches(run->catalog, object, &conditions->different.at[t],
                               refs.at[i], &match);
        *ret_met = !match;
    }
    VEC_FINI(&refs);
    return e;
}

/* Waits until something of the class has changed since 'token', which moves on. */
static struct err *wait_for_change(struct run *run, const struct xe_object *object,
                                   struct val *token)
{
    autoval struct val answer = val_void();
    struct val params = val_set(3), names = val_set(1);
    struct err *e;

    val_push(&names, val_str(classes[object->cls].lower));
    val_push(&params, names);
    val_push(&params, val_ref(token));
    val_push(&params, val_float(WAIT_S));
    e = client_call(run->client, "event.from", params, &answer);
    if (e)
        return e;
    if (answer.kind != VAL_MAP || !val_find(&answer, "token"))
        return fail("The server's answer to event.from has no token");
    val_unref(token);
    *token = val_ref(val_find(&answer, "token"));
    return NULL;
}

struct err *verb_event_wait(struct run *run)
{
    const char *name = args_get(run->args, "class");
    const struct xe_object *object = object_by_name(name);
    struct conditions conditions = {0};
    autoval struct val token = val_str("");
    bool met = false;
    struct err *e;

    if (!object)
        return fail("%s is no class that can be waited for", name);
    e = read_conditions(run, object, &conditions);
    /* The first change comes at once: the objects as they are, with the token to go on. */
    while (!e && !met) {
        e = wait_for_change(run, object, &token);
        catalog_forget_all(run->catalog);
        if (!e)
            e = is_met(run, object, &conditions, &met);
    }
    conditions_fini(&conditions);
    return e;
}

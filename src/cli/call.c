// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/call.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/result.h"
#include "cli/target.h"
#include "cli/word.h"
#include "model/model.h"

static struct err *make_call(const struct scene *scene, const struct xe_call *call,
                             struct val *ret_value)
{
    const struct method_def *method = method_by_name(call->message);
    autoval struct val params = val_set(call->n_words);

    for (size_t i = 0; i < call->n_words; i++) {
        struct val value;
        struct err *e = word_value(scene, &call->words[i], method->params[i].type, &value);

        if (e)
            return e;
        val_push(&params, value);
    }
    return client_call(scene->run->client, call->message, take_val(params), ret_value);
}

/* Only what the command line gives all arguments of: what comes after is optional. */
static bool has_all_arguments(const struct run *run, const struct xe_call *call)
{
    for (size_t i = 0; i < call->n_words; i++)
        if (!word_is_there(run->args, &call->words[i]))
            return false;
    return true;
}

/* "name", or "name=value". */
static bool is_given(const struct args *args, const char *condition)
{
    autofree char *name = xstrndup(condition, strcspn(condition, "="));
    const char *value = args_get(args, name);
    const char *wanted = strchr(condition, '=');

    return value && (!wanted || strcasecmp(value, wanted + 1) == 0);
}

static bool is_chosen(const struct run *run, const struct xe_call *call)
{
    switch (call->kind) {
    case XE_CALL:
        return true;
    case XE_WHEN:
        return args_true(run->args, call->argument);
    case XE_GIVEN:
        return is_given(run->args, call->argument);
    default:
        return false;
    }
}

/* The object that a field of the result names. */
static struct err *print_field(struct run *run, const struct type *type,
                               const struct val *result)
{
    const struct field_def *field =
        field_by_name(&classes[type->cls], run->command->result);
    const struct val *ref;
    struct err *e = catalog_field(run->catalog, type->cls, val_text(result),
                                  run->command->result, &ref);

    if (!e && !ref)
        e = fail("The object that was made is gone");
    return e ? e : result_print_uuid(run, field->type->cls, val_text(ref));
}

static struct err *run_calls(struct run *run, const char *selected)
{
    const struct xe_command *command = run->command;
    const struct xe_call *chosen = NULL;
    autoval struct val result = val_void();
    struct scene scene = {run, selected, &result};
    struct err *e;

    for (size_t i = 0; i < command->n_calls && !chosen; i++)
        if (is_chosen(run, &command->calls[i]))
            chosen = &command->calls[i];
    /* Each call has its condition: the first is what people miss. */
    if (!chosen)
        return fail_usage("Required parameter not found: %s", command->calls[0].argument);
    e = make_call(&scene, chosen, &result);
    for (size_t i = 0; i < command->n_calls && !e; i++) {
        autoval struct val nothing = val_void();

        if (command->calls[i].kind == XE_THEN && has_all_arguments(run, &command->calls[i]))
            e = make_call(&scene, &command->calls[i], &nothing);
    }
    if (e)
        return e;
    if (command->result)
        return print_field(run, method_by_name(chosen->message)->result, &result);
    return result_print(run, method_by_name(chosen->message)->result, &result);
}

struct err *call_run(struct run *run)
{
    if (run->command->on != XE_ON_NOTHING)
        return target_each(run, run_calls);
    return run_calls(run, NULL);
}

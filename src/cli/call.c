// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/call.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/uuid.h"
#include "cli/client.h"
#include "cli/convert.h"
#include "cli/fail.h"
#include "cli/record.h"
#include "cli/select.h"
#include "cli/shown.h"
#include "model/model.h"

/* ---- objects everyone knows ---- */

struct err *call_pool(struct run *run, const char **ret_ref)
{
    ref_list pools = VEC_INIT;
    struct err *e = catalog_query(run->catalog, CLASS_POOL, NULL, &pools);

    if (!e && pools.n == 0)
        e = fail("The server has no pool");
    if (!e)
        *ret_ref = pools.at[0];
    VEC_FINI(&pools);
    return e;
}

struct err *call_host(struct run *run, const char **ret_ref)
{
    autoval struct val host = val_void();
    const char *session, *uuid;
    const struct val *v;
    struct err *e = client_session(run->client, &session);

    if (!e)
        e = client_ask(run->client, &host, "session.get_this_host", session, NULL);
    if (e)
        return e;
    e = catalog_field(run->catalog, CLASS_HOST, val_text(&host), "uuid", &v);
    if (e)
        return e;
    uuid = v ? val_text(v) : "";
    return catalog_by_uuid(run->catalog, CLASS_HOST, uuid, ret_ref);
}

struct err *call_ref_argument(struct run *run, const char *name, int cls,
                              const char **ret_ref)
{
    const char *uuid = args_get(run->args, name);

    if (uuid)
        return catalog_by_uuid(run->catalog, cls, uuid, ret_ref);
    *ret_ref = NULL_REF;
    return NULL;
}

struct err *call_print_uuid(struct run *run, int cls, const char *ref)
{
    const struct val *uuid;
    struct err *e = catalog_field(run->catalog, cls, ref, "uuid", &uuid);

    if (!e)
        run_print(run, uuid ? val_text(uuid) : ref);
    return e;
}

/* ---- selecting ---- */

static const struct {
    const char *object, *noun; /* of "No matching VMs found" */
    const char *pseudo;        /* field that is a name or a UUID */
} selectors[] = {
    [XE_ON_VM] = {"vm", "VMs", "vm"},
    [XE_ON_HOST] = {"host", "hosts", "host"},
    [XE_ON_SR] = {"sr", "SRs", "sr"},
};

static bool is_argument(const struct xe_command *command, const char *key)
{
    static const char *const everywhere[] = {
        "multiple", "force", "minimal",          "all",
        "trace",    "live",  "message-priority", "internal"};

    for (size_t i = 0; i < ARRAY_SIZE(everywhere); i++)
        if (strcasecmp(everywhere[i], key) == 0)
            return true;
    for (size_t i = 0; i < command->n_need + command->n_may; i++) {
        const char *name =
            i < command->n_need ? command->need[i] : command->may[i - command->n_need];

        if (str_has_suffix(name, ":") ? strncasecmp(key, name, strlen(name)) == 0
                                      : strcasecmp(key, name) == 0)
            return true;
    }
    return false;
}

/* vm=..., which is a UUID or a name. */
static struct err *add_pseudo(filter_terms *terms, const struct xe_object *object,
                              const char *value, bool *by_uuid)
{
    *by_uuid = *by_uuid || uuid_is_valid(value);
    return filter_term_add(terms, object, uuid_is_valid(value) ? "uuid" : "name-label",
                           value);
}

static struct err *selection_terms(struct run *run, const struct xe_object *object,
                                   filter_terms *terms)
{
    const char *pseudo = selectors[run->command->on].pseudo;
    bool by_uuid = false;
    struct err *e = NULL;

    for (size_t i = 0; i < run->args->list.n && !e; i++) {
        const struct arg *arg = &run->args->list.at[i];

        if (is_argument(run->command, arg->key))
            continue;
        if (strcasecmp(arg->key, pseudo) == 0) {
            e = add_pseudo(terms, object, arg->value, &by_uuid);
            continue;
        }
        by_uuid = by_uuid || strcasecmp(arg->key, "uuid") == 0;
        e = filter_term_add(terms, object, arg->key, arg->value);
    }
    /* Who gives a UUID means that object, whatever it is. */
    if (e || run->command->on != XE_ON_VM || by_uuid)
        return e;
    if (!(run->command->flags & XE_TEMPLATES))
        e = filter_term_add(terms, object, "is-a-template", "false");
    if (!e && !args_get(run->args, "is-control-domain"))
        e = filter_term_add(terms, object, "is-control-domain", "false");
    return e;
}

struct err *call_select(struct run *run, ref_list *ret_refs)
{
    const struct xe_object *object = object_by_name(selectors[run->command->on].object);
    const char *noun = selectors[run->command->on].noun;
    filter_terms terms = VEC_INIT;
    struct err *e = selection_terms(run, object, &terms);

    if (!e)
        e = select_objects(run->catalog, object, &terms, ret_refs);
    filter_terms_fini(&terms);
    if (!e && ret_refs->n == 0)
        e = fail("No matching %s found", noun);
    if (!e && ret_refs->n > 1 && !args_true(run->args, "multiple"))
        e = fail("Multiple matches %s found. --multiple required to complete the operation",
                 noun);
    return e;
}

static void report_failed(struct run *run, int cls, const char *ref, const struct err *e)
{
    const struct val *record = catalog_record(run->catalog, cls, ref);

    fprintf(run->out,
            "operation failed on %s: ", record ? val_find_text(record, "uuid", ref) : ref);
    report_error(e, run->catalog, run->out);
}

struct err *call_on_selected(struct run *run, selected_fn fn)
{
    int cls = object_by_name(selectors[run->command->on].object)->cls;
    ref_list refs = VEC_INIT;
    struct err *e = call_select(run, &refs);
    size_t n_failed = 0;

    if (!e && refs.n == 1)
        e = fn(run, refs.at[0]);
    for (size_t i = 0; !e && refs.n > 1 && i < refs.n; i++) {
        autoptr(err) failed = fn(run, refs.at[i]);

        if (failed) {
            report_failed(run, cls, refs.at[i], failed);
            n_failed++;
        }
    }
    VEC_FINI(&refs);
    if (!e && n_failed > 0)
        e = fail_silently();
    return e;
}

/* ---- arguments of a call ---- */

struct scene {
    struct run *run;
    const char *selected; /* NULL: nothing is selected */
    const struct val *result;
};

static struct err *argument(const struct scene *scene, const struct xe_word *word,
                            const struct type *type, struct val *ret_value)
{
    const char *text = args_get(scene->run->args, word->text);
    const char *ref;
    struct err *e;

    if (!text && !word->otherwise) {
        e = args_require(scene->run->args, word->text, &text);
        if (e)
            return e;
    }
    if (!text && STREQ(word->otherwise, "@host")) {
        e = call_host(scene->run, &ref);
        if (!e)
            *ret_value = val_str(ref);
        return e;
    }
    if (!text && STREQ(word->otherwise, "@pool")) {
        e = call_pool(scene->run, &ref);
        if (!e)
            *ret_value = val_str(ref);
        return e;
    }
    if (!text && !*word->otherwise) {
        *ret_value = convert_empty(type);
        return NULL;
    }
    return convert_text(scene->run->catalog, type, word->text,
                        text ? text : word->otherwise, ret_value);
}

static struct err *evaluate(const struct scene *scene, const struct xe_word *word,
                            const struct type *type, struct val *ret_value);

/* What a constructor must be given and the row says nothing of. */
static void add_required(const struct class_def *cls, struct val *record)
{
    for (unsigned i = 0; i < cls->n_fields; i++)
        if (cls->fields[i].required && !val_find(record, cls->fields[i].name))
            val_put_str(record, cls->fields[i].name, convert_empty(cls->fields[i].type));
}

static struct err *record_of(const struct scene *scene, const struct xe_word *word,
                             const struct type *type, struct val *ret_value)
{
    autoval struct val record = val_map(word->n_words);

    for (size_t i = 0; i < word->n_words; i++) {
        const struct xe_word *one = &word->words[i];
        const struct field_def *field = field_by_name(&classes[type->cls], one->member);
        struct val value;
        struct err *e = evaluate(scene, one, field->type, &value);

        if (e)
            return e;
        val_put_str(&record, one->member, value);
    }
    add_required(&classes[type->cls], &record);
    *ret_value = take_val(record);
    return NULL;
}

static struct err *evaluate(const struct scene *scene, const struct xe_word *word,
                            const struct type *type, struct val *ret_value)
{
    struct run *run = scene->run;
    const char *ref = NULL;
    struct err *e = NULL;

    switch (word->kind) {
    case XE_WORD_SELECTED:
        ref = scene->selected;
        break;
    case XE_WORD_POOL:
        e = call_pool(run, &ref);
        break;
    case XE_WORD_HOST:
        e = call_host(run, &ref);
        break;
    case XE_WORD_RESULT:
        *ret_value = val_ref(scene->result);
        return NULL;
    case XE_WORD_LITERAL:
        return convert_text(run->catalog, type, word->text, word->text, ret_value);
    case XE_WORD_ARGUMENT:
        return argument(scene, word, type, ret_value);
    case XE_WORD_ABSENT:
        *ret_value = val_bool(!args_get(run->args, word->text));
        return NULL;
    case XE_WORD_PREFIX: {
        autoval struct val texts = args_map(run->args, word->text);

        return convert_map(run->catalog, type, word->text, &texts, ret_value);
    }
    case XE_WORD_RECORD:
        return record_of(scene, word, type, ret_value);
    }
    if (!e)
        *ret_value = val_str(ref);
    return e;
}

static struct err *make_call(const struct scene *scene, const struct xe_call *call,
                             struct val *ret_value)
{
    const struct method_def *method = method_by_name(call->message);
    autoval struct val params = val_set(call->n_words);

    for (size_t i = 0; i < call->n_words; i++) {
        struct val value;
        struct err *e = evaluate(scene, &call->words[i], method->params[i].type, &value);

        if (e)
            return e;
        val_push(&params, value);
    }
    return client_call(scene->run->client, call->message, take_val(params), ret_value);
}

/* ---- results ---- */

static struct err *print_refs(struct run *run, int cls, const struct val *refs)
{
    autobuf line = BUF_INIT;
    struct err *e = NULL;

    for (size_t i = 0; i < val_count(refs) && !e; i++) {
        const struct val *uuid;

        e = catalog_field(run->catalog, cls, val_text(val_at(refs, i)), "uuid", &uuid);
        if (!e)
            buf_addf(&line, "%s%s", i ? "," : "", uuid ? val_text(uuid) : "");
    }
    if (!e)
        run_print(run, buf_str(&line));
    return e;
}

/* The result of a command: the UUID of what was made, or the value in xe's spelling. */
static struct err *print_result(struct run *run, const struct type *type,
                                const struct val *result)
{
    autoval struct val shown = val_void();
    autobuf line = BUF_INIT;

    if (type->kind == TYPE_VOID)
        return NULL;
    if (type->kind == TYPE_REF && type->cls >= 0 && result->kind == VAL_STR)
        return call_print_uuid(run, type->cls, val_text(result));
    if (type->kind == TYPE_SET && type->elem->kind == TYPE_REF && result->kind == VAL_SET)
        return print_refs(run, type->elem->cls, result);
    shown = shown_value(type, result);
    shown_line(&shown, shown.kind == VAL_MAP ? "\n" : ", ", &line);
    run_print(run, buf_str(&line));
    return NULL;
}

/* ---- a command ---- */

/* Only what the command line gives all arguments of: what comes after is optional. */
static bool has_all_arguments(const struct run *run, const struct xe_call *call)
{
    for (size_t i = 0; i < call->n_words; i++) {
        const struct xe_word *word = &call->words[i];

        if (word->kind == XE_WORD_ARGUMENT && !word->otherwise &&
            !args_get(run->args, word->text))
            return false;
        if (word->kind == XE_WORD_PREFIX && !args_has_prefix(run->args, word->text))
            return false;
    }
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
    if (!chosen)
        return fail("%s is not implemented", command->name);
    e = make_call(&scene, chosen, &result);
    for (size_t i = 0; i < command->n_calls && !e; i++) {
        autoval struct val nothing = val_void();

        if (command->calls[i].kind == XE_THEN && has_all_arguments(run, &command->calls[i]))
            e = make_call(&scene, &command->calls[i], &nothing);
    }
    return e ? e : print_result(run, method_by_name(chosen->message)->result, &result);
}

struct err *call_run(struct run *run)
{
    if (run->command->on != XE_ON_NOTHING)
        return call_on_selected(run, run_calls);
    return run_calls(run, NULL);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/target.h"

#include <string.h>
#include <strings.h>

#include "base/uuid.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/record.h"
#include "cli/select.h"
#include "model/model.h"

/* ---- objects everyone knows ---- */

struct err *target_pool(struct run *run, const char **ret_ref)
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

struct err *target_host(struct run *run, const char **ret_ref)
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

struct err *target_argument(struct run *run, const char *name, int cls,
                            const char **ret_ref)
{
    const char *uuid = args_get(run->args, name);

    if (uuid)
        return catalog_by_uuid(run->catalog, cls, uuid, ret_ref);
    *ret_ref = NULL_REF;
    return NULL;
}

struct err *target_default_sr(struct run *run, const char **ret_ref)
{
    const struct val *sr;
    const char *pool;
    struct err *e = target_pool(run, &pool);

    if (!e)
        e = catalog_field(run->catalog, CLASS_POOL, pool, "default_SR", &sr);
    if (!e && (!sr || STREQ(val_text(sr), NULL_REF)))
        e = fail("No SR specified and Pool default SR is null");
    if (!e)
        *ret_ref = val_text(sr);
    return e;
}

struct err *target_sr(struct run *run, const char **ret_ref)
{
    struct err *e = target_argument(run, "sr-uuid", CLASS_SR, ret_ref);

    return e || !STREQ(*ret_ref, NULL_REF) ? e : target_default_sr(run, ret_ref);
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

        if (args_is_prefix(name) ? strncasecmp(key, name, strlen(name)) == 0
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

struct err *target_select(struct run *run, ref_list *ret_refs)
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

struct err *target_each(struct run *run, target_fn fn)
{
    int cls = object_by_name(selectors[run->command->on].object)->cls;
    ref_list refs = VEC_INIT;
    struct err *e = target_select(run, &refs);
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

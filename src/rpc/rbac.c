// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc/rbac.h"

#include <ctype.h>
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "rpc/call.h"

static bool passes_always(const struct caller *caller)
{
    return caller->is_local_superuser || caller->is_pool_internal;
}

/* The permission's name: the call in lower case, and the key's rule if one applies. */
static void permission_name(const struct method_def *method, const struct key_rule *rule,
                            struct buf *out)
{
    buf_add_str(out, method->wire_name);
    if (rule) {
        buf_add_str(out, "/key:");
        buf_add_str(out, rule->key);
    }
    for (size_t i = 0; i < out->size; i++)
        out->data[i] = (char)tolower((unsigned char)out->data[i]);
}

static struct err *denied(const char *permission, uint16_t roles)
{
    autobuf text = BUF_INIT;
    struct err *e = err_new(ERR_RBAC_PERMISSION_DENIED, "calling %s", permission);

    buf_add_str(&text, "The session's role does not allow this.  Roles that do: ");
    for (size_t i = 0, n = 0; i < N_ROLES; i++) {
        if (roles & (1u << i))
            buf_addf(&text, "%s%s", n++ ? ", " : "", role_names[i]);
    }
    if (!roles)
        buf_add_str(&text, "none but the local superuser");
    e = err_param(e, permission);
    return err_param(e, buf_str(&text));
}

static struct err *check_roles(const struct caller *caller, const struct method_def *method,
                               const struct key_rule *rule, uint16_t roles)
{
    autobuf name = BUF_INIT;

    if (passes_always(caller) || (caller->roles & roles))
        return NULL;
    permission_name(method, rule, &name);
    return denied(buf_str(&name), roles);
}

static bool rule_matches(const struct key_rule *rule, const char *key)
{
    size_t len = strlen(rule->key);

    if (len > 0 && rule->key[len - 1] == '*')
        return strncmp(rule->key, key, len - 1) == 0;
    return strcmp(rule->key, key) == 0;
}

static const struct key_rule *find_rule(const struct key_rule *rules, size_t n,
                                        const char *key)
{
    for (size_t i = 0; i < n; i++) {
        if (rule_matches(&rules[i], key))
            return &rules[i];
    }
    return NULL;
}

/* Which argument is the key of add_to_x and remove_from_x; -1 for none. */
static int key_position(const struct method_def *method)
{
    for (int i = 0; i < method->n_params; i++) {
        if (strcmp(method->params[i].name, "key") == 0)
            return i;
    }
    return -1;
}

/* By the rule of the key, if it is text and has one, or else as any other message. */
static struct err *check_with_key(const struct caller *caller,
                                  const struct method_def *method, const struct val *key)
{
    const struct key_rule *rule =
        key && key->kind == VAL_STR
            ? find_rule(method->key_rules, method->n_key_rules, val_text(key))
            : NULL;

    return check_roles(caller, method, rule, rule ? rule->roles : method->roles);
}

struct err *rbac_check_method(const struct caller *caller, const struct method_def *method,
                              const struct val *given, size_t first)
{
    int at = method->n_key_rules ? key_position(method) : -1;

    if ((method->flags & METHOD_POOL_INTERNAL) && !caller->is_pool_internal) {
        struct err *e = err_new(ERR_INTERNAL_ERROR, "calling %s from outside the pool",
                                method->wire_name);

        return err_paramf(e, "%s is a call between the hosts of a pool", method->wire_name);
    }
    return check_with_key(caller, method,
                          at >= 0 && first + (size_t)at < val_count(given)
                              ? val_at(given, first + (size_t)at)
                              : NULL);
}

struct err *rbac_check_key(const struct caller *caller, const struct method_def *method,
                           const struct val *args)
{
    int at = key_position(method);

    return at < 0 ? NULL : check_with_key(caller, method, &args[at]);
}

bool rbac_has_permission(const struct caller *caller, const char *name)
{
    const struct permission_def *permission = permission_by_name(name);

    return passes_always(caller) || (permission && (caller->roles & permission->roles));
}

struct err *rbac_check_permission(const struct caller *caller, const char *name)
{
    const struct permission_def *permission = permission_by_name(name);

    return rbac_has_permission(caller, name)
               ? NULL
               : denied(name, permission ? permission->roles : 0);
}

/* Each key of 'some' that 'other' lacks or holds otherwise. */
static struct err *check_changed_keys(const struct caller *caller,
                                      const struct method_def *method,
                                      const struct field_def *field, const struct val *some,
                                      const struct val *other)
{
    for (size_t i = 0; i < val_count(some); i++) {
        const char *key = val_text(val_key_at(some, i));
        const struct key_rule *rule = find_rule(field->key_rules, field->n_key_rules, key);
        const struct val *there = rule ? val_find(other, key) : NULL;
        struct err *e;

        if (!rule || (there && val_equal(there, val_value_at(some, i))))
            continue;
        e = check_roles(caller, method, rule, rule->roles);
        if (e)
            return e;
    }
    return NULL;
}

struct err *rbac_check_map(const struct caller *caller, const struct method_def *method,
                           const struct field_def *field, const struct val *old,
                           const struct val *new)
{
    struct err *e;

    if (!field->n_key_rules || passes_always(caller))
        return NULL;
    e = check_changed_keys(caller, method, field, new, old);
    return e ? e : check_changed_keys(caller, method, field, old, new);
}

struct err *rbac_check_set(const struct call *call, int field, const struct val *old)
{
    const struct method_def *method = call->method;

    if (strncmp(method->name, "set_", 4) != 0)
        return NULL;
    return rbac_check_map(call->caller, method, &classes[method->cls].fields[field], old,
                          &call->args[1]);
}

/* Of messages that were removed too, as clients expect of XenAPI. */
static struct val make_permissions(uint16_t roles)
{
    struct val names = val_set(n_methods);

    for (size_t i = 0; i < n_methods; i++) {
        autobuf name = BUF_INIT;

        if (methods[i].roles & roles) {
            permission_name(&methods[i], NULL, &name);
            val_push(&names, val_str(buf_str(&name)));
        }
        for (size_t k = 0; k < methods[i].n_key_rules; k++) {
            if (!(methods[i].key_rules[k].roles & roles))
                continue;
            buf_clear(&name);
            permission_name(&methods[i], &methods[i].key_rules[k], &name);
            val_push(&names, val_str(buf_str(&name)));
        }
    }
    for (size_t i = 0; i < n_permissions; i++) {
        if (permissions[i].roles & roles)
            val_push(&names, val_str(permissions[i].name));
    }
    return names;
}

struct val rbac_permissions(uint16_t roles)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct val made[1u << N_ROLES];
    struct val names;

    assert_msg(roles < (1u << N_ROLES), "a role bit beyond the datamodel's roles");
    pthread_mutex_lock(&lock);
    if (made[roles].kind == VAL_VOID)
        made[roles] = make_permissions(roles);
    names = val_ref(&made[roles]);
    pthread_mutex_unlock(&lock);
    return names;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/setter.h"

#include <string.h>

#include "base/str.h"
#include "rpc/generated.h"
#include "rpc/rbac.h"

static const struct setter no_rule;

struct err *invalid_text(const char *name, const char *value)
{
    return err_params(ERR_INVALID_VALUE, name, value, NULL);
}

struct err *invalid_int(const char *name, int64_t value)
{
    return err_paramf(err_params(ERR_INVALID_VALUE, name, NULL), "%lld", (long long)value);
}

static const struct setter *rule_of(const struct call *call)
{
    return call->body->arg ? call->body->arg : &no_rule;
}

/* The field a message is named after: what stands behind its verb. */
static int field_of(const struct call *call)
{
    static const char *const verbs[] = {"set_", "add_to_", "remove_from_", "add_",
                                        "remove_"};
    const struct class_def *cls = &classes[call->method->cls];
    int field = rule_of(call)->field;

    for (size_t i = 0; i < ARRAY_SIZE(verbs) && !field; i++) {
        const struct field_def *named =
            str_has_prefix(call->method->name, verbs[i])
                ? field_by_name(cls, call->method->name + strlen(verbs[i]))
                : NULL;

        field = named ? field_index(cls, named) : 0;
    }
    assert_msg(field > 0, "a setter's row does not say which field it writes");
    return field;
}

static struct err *check_range(const struct setter *rule, const char *name,
                               const struct val *value)
{
    if (value->kind != VAL_INT || (!rule->least && !rule->most) ||
        (value->i >= rule->least && value->i <= rule->most))
        return NULL;
    return invalid_int(name, value->i);
}

/* All the rules of the row, in the order the API declares: may it be changed now, then is
 * the value one. */
static struct err *begin(struct txn *t, const struct call *call, int field,
                         const struct row **ret_self)
{
    const struct setter *rule = rule_of(call);
    const char *ref = arg_text(call, 0);
    struct err *e = txn_need(t, call->method->cls, ref, ret_self);

    if (!e && rule->op_rules)
        e = op_check(t, rule->op_rules, ref, rule->op);
    if (!e)
        e = generated_check_refs(t, call->method->params[1].type, &call->args[1]);
    if (!e)
        e = check_range(rule, classes[call->method->cls].fields[field].name,
                        &call->args[1]);
    if (!e && rule->check)
        e = rule->check(t, *ret_self, call);
    return e;
}

static struct err *finish(struct txn *t, const struct call *call, int field,
                          struct val value)
{
    txn_set(t, call->method->cls, arg_text(call, 0), field, value);
    if (rule_of(call)->written)
        rule_of(call)->written(t, arg_text(call, 0));
    return NULL;
}

struct err *setter_set(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    int field = field_of(call);
    const struct row *self;
    struct err *e = begin(t, call, field, &self);

    if (!e)
        e = rbac_check_set(call, field, row_get(self, field));
    return e ? e : finish(t, call, field, val_ref(&call->args[1]));
}

/* The key's text for the error of a key given twice. */
static struct err *duplicate_key(const struct call *call, int field)
{
    const struct class_def *cls = &classes[call->method->cls];
    const struct type *key = call->method->params[1].type;
    struct err *e = err_params(ERR_MAP_DUPLICATE_KEY, cls->name, cls->fields[field].name,
                               arg_text(call, 0), NULL);

    if (key->kind == TYPE_ENUM)
        return err_param(e, enum_text(key->enm, arg_int(call, 1)));
    return err_param(e, arg_text(call, 1));
}

struct err *setter_add(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    const struct val *key = &call->args[1];
    int field = field_of(call);
    const struct row *self;
    struct val new;
    struct err *e = begin(t, call, field, &self);

    if (e)
        return e;
    if (row_get(self, field)->kind == VAL_MAP) {
        if (generated_find_key(row_get(self, field), key))
            return duplicate_key(call, field);
        new = generated_copy_without(row_get(self, field), key);
        val_put(&new, val_ref(key), val_ref(&call->args[2]));
    } else {
        new = generated_copy_without(row_get(self, field), key);
        val_push(&new, val_ref(key));
    }
    return finish(t, call, field, new);
}

struct err *setter_remove(struct txn *t, struct call *call, struct val *ret_result UNUSED)
{
    int field = field_of(call);
    const struct row *self;
    struct err *e = begin(t, call, field, &self);

    return e ? e
             : finish(t, call, field,
                      generated_copy_without(row_get(self, field), &call->args[1]));
}

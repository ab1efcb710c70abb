// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/computed.h"

#include <string.h>

#include "base/alloc.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/shown.h"
#include "cli/tables.h"
#include "model/model.h"

typedef struct err *(*computed_fn)(struct catalog *, const struct xe_field *, int cls,
                                   const char *ref, struct val *ret_value);

/* Reads the field 'name' of an object as text; "" when it is not there. */
static struct err *text_field(struct catalog *catalog, int cls, const char *ref,
                              const char *name, const char **ret_text)
{
    const struct val *v;
    struct err *e = catalog_field(catalog, cls, ref, name, &v);

    if (e)
        return e;
    *ret_text = v && v->kind == VAL_STR ? val_text(v) : "";
    return NULL;
}

/* The host of an SR's only connection; "<shared>" when there are more. */
static struct err *sr_host(struct catalog *catalog, const struct xe_field *field, int cls,
                           const char *ref, struct val *ret_value)
{
    const struct val *pbds;
    const char *host, *name;
    struct err *e = catalog_field(catalog, cls, ref, "PBDs", &pbds);

    if (e)
        return e;
    if (!pbds || pbds->kind != VAL_SET || val_count(pbds) == 0) {
        *ret_value = val_str(SHOWN_NULL);
        return NULL;
    }
    if (val_count(pbds) > 1) {
        *ret_value = val_str("<shared>");
        return NULL;
    }
    e = text_field(catalog, CLASS_PBD, val_text(val_at(pbds, 0)), "host", &host);
    if (!e)
        e = text_field(catalog, CLASS_HOST, host, "name_label", &name);
    if (!e)
        *ret_value = val_str(name);
    return e;
}

/* The licence every host has, or what differs. */
static struct err *pool_license_state(struct catalog *catalog, const struct xe_field *field,
                                      int cls, const char *ref, struct val *ret_value)
{
    ref_list hosts = VEC_INIT;
    struct err *e = catalog_query(catalog, CLASS_HOST, "true", &hosts);

    *ret_value = val_map(2);
    val_put_str(ret_value, "edition", val_str(""));
    val_put_str(ret_value, "expiry", val_str("never"));
    if (!e && hosts.n > 0) {
        const struct val *record = catalog_record(catalog, CLASS_HOST, hosts.at[0]);
        struct val changed = val_map_with(ret_value, "edition",
                                          val_str(val_find_text(record, "edition", "")));

        val_unref(ret_value);
        *ret_value = changed;
    }
    VEC_FINI(&hosts);
    return e;
}

/* A setting that each host has: its value where they agree. */
static struct err *pool_host_values(struct catalog *catalog, const struct xe_field *field,
                                    int cls, const char *ref, struct val *ret_value)
{
    const struct class_def *host = &classes[CLASS_HOST];
    const struct val *first = NULL;
    ref_list hosts = VEC_INIT;
    autofree char *name = xstrdup(field->name);
    bool differ = false;
    struct err *e = catalog_query(catalog, CLASS_HOST, "true", &hosts);

    for (char *at = name; *at; at++)
        if (*at == '-')
            *at = '_';
    for (size_t i = 0; i < hosts.n && !e; i++) {
        const struct val *record = catalog_record(catalog, CLASS_HOST, hosts.at[i]);
        const struct val *v = val_find(record, name);

        differ = differ || (first && v && !val_equal(first, v));
        first = first ? first : v;
    }
    VEC_FINI(&hosts);
    if (e)
        return e;
    if (differ)
        *ret_value = val_str("<differs between hosts>");
    else
        *ret_value = first ? shown_value(field_by_name(host, name)->type, first)
                           : val_str(SHOWN_NULL);
    return NULL;
}

/* Whether the VM's state and the disk's users would let the device be connected now. */
static struct err *vbd_attachable(struct catalog *catalog, const struct xe_field *field,
                                  int cls, const char *ref, struct val *ret_value)
{
    const struct val *operations;
    struct err *e = catalog_field(catalog, cls, ref, "allowed_operations", &operations);

    if (e)
        return e;
    *ret_value = val_str(
        operations && operations->kind == VAL_SET &&
                (val_set_has(operations, "attach") || val_set_has(operations, "plug"))
            ? "true"
            : "false");
    return NULL;
}

static struct err *vgpu_resolution(struct catalog *catalog, const struct xe_field *field,
                                   int cls, const char *ref, struct val *ret_value)
{
    const struct val *x, *y;
    struct err *e = catalog_field(catalog, cls, ref, "max_resolution_x", &x);

    if (!e)
        e = catalog_field(catalog, cls, ref, "max_resolution_y", &y);
    if (e)
        return e;
    *ret_value = x && y && x->kind == VAL_INT && y->kind == VAL_INT
                     ? val_strf("%jdx%jd", (intmax_t)x->i, (intmax_t)y->i)
                     : val_str("");
    return NULL;
}

/* Whether a driver's variant is the one its driver names in 'which'. */
static struct err *variant_is(struct catalog *catalog, const char *which, int cls,
                              const char *ref, struct val *ret_value)
{
    const char *driver, *named;
    struct err *e = text_field(catalog, cls, ref, "driver", &driver);

    if (!e)
        e = text_field(catalog, CLASS_HOST_DRIVER, driver, which, &named);
    if (!e)
        *ret_value = val_str(STREQ(named, ref) ? "true" : "false");
    return e;
}

static struct err *variant_active(struct catalog *catalog, const struct xe_field *field,
                                  int cls, const char *ref, struct val *ret_value)
{
    return variant_is(catalog, "active_variant", cls, ref, ret_value);
}

static struct err *variant_selected(struct catalog *catalog, const struct xe_field *field,
                                    int cls, const char *ref, struct val *ret_value)
{
    return variant_is(catalog, "selected_variant", cls, ref, ret_value);
}

/* The contents never leave the server. */
static struct err *vtpm_secret(struct catalog *catalog, const struct xe_field *field,
                               int cls, const char *ref, struct val *ret_value)
{
    *ret_value = val_str("");
    return NULL;
}

static const struct {
    const char *code;
    computed_fn fn;
} rows[] = {
    {"pool-host-values", pool_host_values},
    {"pool-license-state", pool_license_state},
    {"sr-host", sr_host},
    {"variant-active", variant_active},
    {"variant-selected", variant_selected},
    {"vbd-attachable", vbd_attachable},
    {"vgpu-resolution", vgpu_resolution},
    {"vtpm-secret", vtpm_secret},
};

static computed_fn function_of(const char *code)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        if (STREQ(rows[i].code, code))
            return rows[i].fn;
    return NULL;
}

bool computed_exists(const char *code)
{
    return function_of(code) != NULL;
}

struct err *computed_value(struct catalog *catalog, const struct xe_field *field, int cls,
                           const char *ref, struct val *ret_value)
{
    computed_fn fn = function_of(field->code);

    return fn ? fn(catalog, field, cls, ref, ret_value)
              : fail("%s cannot be computed yet", field->name);
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/convert.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/uuid.h"
#include "cli/args.h"
#include "cli/catalog.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/shown.h"
#include "model/model.h"

static struct err *bad(const char *name, const char *text, const char *wanted)
{
    return fail("Parameter '%s' is '%s': %s is wanted", name, text, wanted);
}

static struct err *convert_int(const char *name, const char *text, struct val *ret_value)
{
    uint64_t size;
    int64_t i;

    if (str_to_int64(text, &i) == 0)
        *ret_value = val_int(i);
    else if (str_to_size(text, &size) == 0 && size <= INT64_MAX)
        *ret_value = val_int((int64_t)size);
    else
        return bad(name, text, "a whole number, for sizes with KiB, MiB, GiB or TiB");
    return NULL;
}

static struct err *convert_bool(const char *name, const char *text, struct val *ret_value)
{
    bool b;

    if (args_parse_bool(text, &b) < 0)
        return bad(name, text, "true or false");
    *ret_value = val_bool(b);
    return NULL;
}

static struct err *convert_float(const char *name, const char *text, struct val *ret_value)
{
    double d;

    if (str_to_double(text, &d) < 0)
        return bad(name, text, "a number");
    *ret_value = val_float(d);
    return NULL;
}

static struct err *convert_datetime(const char *name, const char *text,
                                    struct val *ret_value)
{
    char normal[CLOCK_TEXT_LEN + 1];
    int64_t seconds;

    if (clock_from_text(text, &seconds) < 0 && str_to_int64(text, &seconds) < 0)
        return bad(name, text, "a time such as 20261122T11:50:00Z");
    clock_to_text(seconds, normal);
    *ret_value = val_str(normal);
    return NULL;
}

static struct err *convert_enum(const struct type *type, const char *name, const char *text,
                                struct val *ret_value)
{
    autobuf wanted = BUF_INIT;
    const char *value = shown_enum_value(type, text);

    if (enum_parse(type->enm, value) >= 0) {
        *ret_value = val_str(value);
        return NULL;
    }
    for (unsigned i = 0; i < type->enm->n_values; i++)
        buf_addf(&wanted, "%s%s", i ? ", " : "one of ", type->enm->values[i]);
    return bad(name, text, buf_str(&wanted));
}

/* An argument that is not called "...uuid" may hold a name, as long as only one bears it.
 */
static struct err *by_name(struct catalog *catalog, int cls, const char *name,
                           struct val *ret_value)
{
    autofree char *method = xasprintf("%s.get_by_name_label", classes[cls].name);
    autoval struct val refs = val_void();
    struct err *e = client_ask(catalog_client(catalog), &refs, method, name, NULL);

    if (e)
        return e;
    if (refs.kind != VAL_SET || val_count(&refs) == 0)
        return fail("No %s is called %s", classes[cls].name, name);
    if (val_count(&refs) > 1)
        return fail("%zu objects of class %s are called %s: give the UUID of one",
                    val_count(&refs), classes[cls].name, name);
    *ret_value = val_ref(val_at(&refs, 0));
    return NULL;
}

static struct err *convert_ref(struct catalog *catalog, const struct type *type,
                               const char *name, const char *text, struct val *ret_value)
{
    const char *ref;
    struct err *e;

    /* uuid= names the object to work on: none is none. */
    if ((!*text && !STREQ(name, "uuid")) || strcasecmp(text, "null") == 0 ||
        STREQ(text, SHOWN_NULL))
        text = NULL_REF;
    if (str_has_prefix(text, "OpaqueRef:") || type->cls < 0) {
        *ret_value = val_str(text);
        return NULL;
    }
    if (!uuid_is_valid(text) && !str_has_suffix(name, "uuid") &&
        classes[type->cls].name_label_field >= 0)
        return by_name(catalog, type->cls, text, ret_value);
    e = catalog_by_uuid(catalog, type->cls, text, &ref);
    if (e)
        return e;
    *ret_value = val_str(ref);
    return NULL;
}

static struct err *convert_set(struct catalog *catalog, const struct type *type,
                               const char *name, const char *text, struct val *ret_value)
{
    autoval struct val set = val_set(4);

    while (*text) {
        size_t len = strcspn(text, ",");
        autofree char *piece = xstrndup(text, len);
        struct val elem;
        struct err *e = convert_text(catalog, type->elem, name, piece, &elem);

        if (e)
            return e;
        val_push(&set, elem);
        text += len + (text[len] == ',');
    }
    *ret_value = take_val(set);
    return NULL;
}

struct err *convert_map(struct catalog *catalog, const struct type *type, const char *name,
                        const struct val *texts, struct val *ret_value)
{
    autoval struct val map = val_map(val_count(texts));

    for (size_t i = 0; i < val_count(texts); i++) {
        autoval struct val key = val_void();
        struct val value;
        struct err *e =
            convert_text(catalog, type->key, name, val_text(val_key_at(texts, i)), &key);

        if (!e)
            e = convert_text(catalog, type->elem, name, val_text(val_value_at(texts, i)),
                             &value);
        if (e)
            return e;
        val_put(&map, take_val(key), value);
    }
    *ret_value = take_val(map);
    return NULL;
}

struct err *convert_text(struct catalog *catalog, const struct type *type, const char *name,
                         const char *text, struct val *ret_value)
{
    switch (type->kind) {
    case TYPE_INT:
        return convert_int(name, text, ret_value);
    case TYPE_BOOL:
        return convert_bool(name, text, ret_value);
    case TYPE_FLOAT:
        return convert_float(name, text, ret_value);
    case TYPE_DATETIME:
        return convert_datetime(name, text, ret_value);
    case TYPE_ENUM:
        return convert_enum(type, name, text, ret_value);
    case TYPE_REF:
        return convert_ref(catalog, type, name, text, ret_value);
    case TYPE_SET:
        return convert_set(catalog, type, name, text, ret_value);
    case TYPE_MAP:
        return bad(name, text, "a map, written as name:key=value");
    default:
        *ret_value = val_str(text);
        return NULL;
    }
}

struct val convert_empty(const struct type *type)
{
    switch (type->kind) {
    case TYPE_INT:
        return val_int(0);
    case TYPE_BOOL:
        return val_bool(false);
    case TYPE_FLOAT:
        return val_float(0);
    case TYPE_DATETIME:
        return val_str("19700101T00:00:00Z");
    case TYPE_REF:
        return val_str(NULL_REF);
    case TYPE_SET:
    case TYPE_OPTION:
        return val_set(0);
    case TYPE_MAP:
        return val_map(0);
    case TYPE_ENUM:
        return val_str(type->enm->values[0]);
    default:
        return val_str("");
    }
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/codec.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/str.h"
#include "model/model_private.h"
#include "wire/json.h"
#include "wire/xml.h"

static const char *const kind_names[] = {
    [VAL_VOID] = "nothing",   [VAL_INT] = "an integer", [VAL_BOOL] = "a boolean",
    [VAL_FLOAT] = "a number", [VAL_STR] = "text",       [VAL_SET] = "a list",
    [VAL_MAP] = "a map"};

/* ---- in ---- */

static struct err *wrong_shape(const struct type *type, const struct val *in,
                               const char *name)
{
    struct err *e = err_new(ERR_FIELD_TYPE_ERROR, "reading %s: %s is wanted, not %s", name,
                            type->text, kind_names[in->kind]);

    return err_param(e, name);
}

static struct err *invalid(const struct type *type, const char *name, const char *text)
{
    struct err *e = err_new(ERR_INVALID_VALUE, "reading %s: %s is no value of %s", name,
                            text, type->text);

    return err_param(err_param(e, name), text);
}

static struct err *decode_text(const struct type *type, const struct val *in,
                               const char *name, struct val *ret_value)
{
    if (in->kind != VAL_STR)
        return wrong_shape(type, in, name);
    /* The text stays out of the log: it may be a secret, and is no text. */
    if (!xml_text_is_valid(val_text(in), val_len(in)))
        return err_param(
            err_param(err_new(ERR_INVALID_VALUE, "reading %s: not UTF-8 fit for XML", name),
                      name),
            type->kind == TYPE_SECRET ? "(secret)" : val_text(in));
    *ret_value = val_ref(in);
    return NULL;
}

static struct err *decode_int(const struct type *type, const struct val *in,
                              const char *name, struct val *ret_value)
{
    /* Every integer up to 2^53 is a double: beyond, a client that sent a fraction or an
     * exponent does not know what it sent. */
    static const double exact = (double)(INT64_C(1) << 53);
    int64_t i;

    switch (in->kind) {
    case VAL_INT:
        *ret_value = *in;
        return NULL;
    case VAL_FLOAT:
        if (!(in->d >= -exact && in->d <= exact) || in->d != (double)(int64_t)in->d)
            return err_paramf(
                err_param(
                    err_new(ERR_INVALID_VALUE, "reading %s: %g is no integer", name, in->d),
                    name),
                "%.17g", in->d);
        *ret_value = val_int((int64_t)in->d);
        return NULL;
    case VAL_STR:
        if (str_to_int64(val_text(in), &i) < 0)
            return invalid(type, name, val_text(in));
        *ret_value = val_int(i);
        return NULL;
    default:
        return wrong_shape(type, in, name);
    }
}

static struct err *decode_float(const struct type *type, const struct val *in,
                                const char *name, struct val *ret_value)
{
    double d;

    switch (in->kind) {
    case VAL_FLOAT:
        *ret_value = *in;
        return NULL;
    case VAL_INT:
        *ret_value = val_float((double)in->i);
        return NULL;
    case VAL_STR:
        if (str_to_double(val_text(in), &d) < 0)
            return invalid(type, name, val_text(in));
        *ret_value = val_float(d);
        return NULL;
    default:
        return wrong_shape(type, in, name);
    }
}

static struct err *decode_datetime(const struct type *type, const struct val *in,
                                   const char *name, struct val *ret_value)
{
    int64_t seconds;

    if (in->kind != VAL_STR)
        return wrong_shape(type, in, name);
    if (clock_from_text(val_text(in), &seconds) < 0)
        return invalid(type, name, val_text(in));
    *ret_value = val_int(seconds);
    return NULL;
}

static struct err *decode_enum(const struct type *type, const struct val *in,
                               const char *name, struct val *ret_value)
{
    int i;

    if (in->kind != VAL_STR)
        return wrong_shape(type, in, name);
    i = enum_parse(type->enm, val_text(in));
    if (i < 0)
        return invalid(type, name, val_text(in));
    *ret_value = val_int(i);
    return NULL;
}

static struct err *decode_set(const struct type *type, const struct val *in,
                              const char *name, struct val *ret_value)
{
    autoval struct val set = val_void();
    size_t n;

    if (in->kind != VAL_SET)
        return wrong_shape(type, in, name);
    n = val_count(in);
    set = val_set(n);
    for (size_t i = 0; i < n; i++) {
        struct val elem;
        struct err *e = codec_decode(type->elem, val_at(in, i), name, &elem);

        if (e)
            return e;
        val_push(&set, elem);
    }
    *ret_value = take_val(set);
    return NULL;
}

static struct err *decode_pair(const struct type *type, const struct val *in_key,
                               const struct val *in_value, const char *name,
                               struct val *map)
{
    autoval struct val key = val_void();
    struct val value;
    struct err *e;

    e = codec_decode(type->key, in_key, name, &key);
    if (e)
        return e;
    e = codec_decode(type->elem, in_value, name, &value);
    if (e)
        return e;
    val_put(map, take_val(key), value);
    return NULL;
}

/* A key of a map as text: enums by their names, ints in decimal. */
static void add_key_text(const struct type *type, const struct val *key, struct buf *out)
{
    if (type->kind == TYPE_ENUM)
        buf_add_str(out, enum_text(type->enm, key->i));
    else if (key->kind == VAL_INT)
        buf_add_int(out, key->i);
    else
        buf_add(out, val_text(key), val_len(key));
}

static struct err *duplicate_key(const struct type *type, const char *name,
                                 const struct val *key)
{
    autobuf text = BUF_INIT;

    add_key_text(type->key, key, &text);
    return err_params(ERR_MAP_DUPLICATE_KEY, type->text, name, "", buf_str(&text), NULL);
}

static struct err *decode_map(const struct type *type, const struct val *in,
                              const char *name, struct val *ret_value)
{
    autoval struct val map = val_void();
    const struct val *twice;
    size_t n;

    if (in->kind != VAL_MAP)
        return wrong_shape(type, in, name);
    n = val_count(in);
    map = val_map(n);
    for (size_t i = 0; i < n; i++) {
        struct err *e =
            decode_pair(type, val_key_at(in, i), val_value_at(in, i), name, &map);

        if (e)
            return e;
    }
    /* Looked for in the result: "1" and "01" are one key of a map of ints. */
    twice = val_map_duplicate(&map);
    if (twice)
        return duplicate_key(type, name, twice);
    *ret_value = take_val(map);
    return NULL;
}

/* An option outside a record: a list of none or one.  Inside, decode_member() sees to it.
 */
static struct err *decode_option(const struct type *type, const struct val *in,
                                 const char *name, struct val *ret_value)
{
    if (in->kind == VAL_SET && val_count(in) > 1)
        return wrong_shape(type, in, name);
    return decode_set(type, in, name, ret_value);
}

/* One field of a record from the members given, or its default. */
static struct err *decode_member(const struct field_def *field, const struct val *in,
                                 struct val *ret_value)
{
    struct val bare;
    struct err *e;

    if (!in) {
        if (field->required)
            return err_param(err_new(ERR_FIELD_TYPE_ERROR,
                                     "reading a record: %s is missing", field->name),
                             field->name);
        *ret_value = val_ref(field_default(field));
        return NULL;
    }
    if (field->type->kind != TYPE_OPTION)
        return codec_decode(field->type, in, field->name, ret_value);
    e = codec_decode(field->type->elem, in, field->name, &bare);
    if (e)
        return e;
    *ret_value = val_set(1);
    val_push(ret_value, bare);
    return NULL;
}

/* The members of a record by field: which[i] is that of cls->fields[i].  Members that are
 * no field, or an internal one, are passed over. */
static struct err *find_members(const struct class_def *cls, const struct val *in,
                                const char *name, const struct val **which)
{
    for (size_t i = 0; i < val_count(in); i++) {
        const struct val *key = val_key_at(in, i);
        const struct field_def *field;

        if (key->kind != VAL_STR)
            continue;
        field = field_by_name(cls, val_text(key));
        if (!field || field->internal_only)
            continue;
        if (which[field_index(cls, field)])
            return err_params(ERR_MAP_DUPLICATE_KEY, cls->name, name, "", field->name,
                              NULL);
        which[field_index(cls, field)] = val_value_at(in, i);
    }
    return NULL;
}

static struct err *decode_record(const struct type *type, const struct val *in,
                                 const char *name, struct val *ret_value)
{
    const struct class_def *cls;
    autofree const struct val **which = NULL;
    autoval struct val record = val_void();
    struct err *e;

    if (in->kind != VAL_MAP)
        return wrong_shape(type, in, name);
    /* An event's snapshot: only its sender knows the class. */
    if (type->cls < 0) {
        *ret_value = val_ref(in);
        return NULL;
    }
    cls = &classes[type->cls];
    which = xcalloc(cls->n_fields, sizeof(const struct val *));
    e = find_members(cls, in, name, which);
    if (e)
        return e;
    record = val_set(cls->n_fields);
    for (size_t i = 0; i < cls->n_fields; i++) {
        struct val cell;

        e = decode_member(&cls->fields[i], which[i], &cell);
        if (e)
            return e;
        val_push(&record, cell);
    }
    *ret_value = take_val(record);
    return NULL;
}

struct err *codec_decode(const struct type *type, const struct val *in, const char *name,
                         struct val *ret_value)
{
    switch (type->kind) {
    case TYPE_VOID:
        if (in->kind != VAL_VOID && (in->kind != VAL_STR || val_len(in)))
            return wrong_shape(type, in, name);
        *ret_value = val_void();
        return NULL;
    case TYPE_STRING:
    case TYPE_SECRET:
    case TYPE_REF:
        return decode_text(type, in, name, ret_value);
    case TYPE_INT:
        return decode_int(type, in, name, ret_value);
    case TYPE_FLOAT:
        return decode_float(type, in, name, ret_value);
    case TYPE_BOOL:
        if (in->kind != VAL_BOOL)
            return wrong_shape(type, in, name);
        *ret_value = *in;
        return NULL;
    case TYPE_DATETIME:
        return decode_datetime(type, in, name, ret_value);
    case TYPE_ENUM:
        return decode_enum(type, in, name, ret_value);
    case TYPE_SET:
        return decode_set(type, in, name, ret_value);
    case TYPE_MAP:
        return decode_map(type, in, name, ret_value);
    case TYPE_RECORD:
        return decode_record(type, in, name, ret_value);
    case TYPE_OPTION:
        return decode_option(type, in, name, ret_value);
    }
    assert_msg(false, "a type has no kind");
}

/* ---- out ---- */

static void json_string(const char *text, struct buf *out)
{
    json_add_text(out, text, strlen(text));
}

static void key_json(const struct type *type, const struct val *key, struct buf *out)
{
    if (key->kind == VAL_STR) {
        json_add_text(out, val_text(key), val_len(key));
        return;
    }
    buf_add_char(out, '"');
    add_key_text(type, key, out);
    buf_add_char(out, '"');
}

static void set_json(const struct type *type, const struct val *v, struct buf *out)
{
    size_t n = val_count(v);

    buf_add_char(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_add_char(out, ',');
        codec_json(type->elem, val_at(v, i), out);
    }
    buf_add_char(out, ']');
}

static void map_json(const struct type *type, const struct val *v, struct buf *out)
{
    size_t n = val_count(v);

    buf_add_char(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_add_char(out, ',');
        key_json(type->key, val_key_at(v, i), out);
        buf_add_char(out, ':');
        codec_json(type->elem, val_value_at(v, i), out);
    }
    buf_add_char(out, '}');
}

/* The type and value under which a field stands in a record, or NULL when it is left out:
 * internal ones, and options that are empty. */
static const struct val *shown(const struct field_def *field, const struct val *cell,
                               const struct type **ret_type)
{
    if (field->internal_only)
        return NULL;
    *ret_type = field->type;
    if (field->type->kind != TYPE_OPTION)
        return cell;
    *ret_type = field->type->elem;
    return val_count(cell) ? val_at(cell, 0) : NULL;
}

static void record_json(const struct class_def *cls, const struct val *cells,
                        struct buf *out)
{
    char before = '{';

    for (size_t i = 0; i < cls->n_fields; i++) {
        const struct type *type;
        const struct val *v = shown(&cls->fields[i], &cells[i], &type);

        if (!v)
            continue;
        /* A field's name needs no escaping. */
        buf_add(out, (char[]){before, '"'}, 2);
        before = ',';
        buf_add_str(out, cls->fields[i].name);
        buf_add(out, "\":", 2);
        codec_json(type, v, out);
    }
    buf_add_str(out, before == '{' ? "{}" : "}");
}

void codec_json(const struct type *type, const struct val *v, struct buf *out)
{
    char date[CLOCK_TEXT_LEN + 1];

    switch (type->kind) {
    case TYPE_VOID:
        buf_add(out, "\"\"", 2);
        break;
    case TYPE_STRING:
    case TYPE_SECRET:
    case TYPE_REF:
        json_add_text(out, val_text(v), val_len(v));
        break;
    case TYPE_INT:
        buf_add_int(out, v->i);
        break;
    case TYPE_FLOAT:
        json_add_float(out, v->d);
        break;
    case TYPE_BOOL:
        buf_add_str(out, v->b ? "true" : "false");
        break;
    case TYPE_DATETIME:
        clock_to_text(v->i, date);
        json_string(date, out);
        break;
    case TYPE_ENUM:
        json_string(enum_text(type->enm, v->i), out);
        break;
    case TYPE_SET:
    case TYPE_OPTION:
        set_json(type, v, out);
        break;
    case TYPE_MAP:
        map_json(type, v, out);
        break;
    case TYPE_RECORD:
        if (type->cls < 0)
            json_add(out, v);
        else
            record_json(&classes[type->cls], val_at(v, 0), out);
        break;
    }
}

static void content_xml(const struct type *type, const struct val *v, struct buf *out);

/* A constant text, its length known to the compiler. */
#define ADD_TEXT(out, text) buf_add(out, text, sizeof(text) - 1)

static void set_xml(const struct type *type, const struct val *v, struct buf *out)
{
    size_t n = val_count(v);

    ADD_TEXT(out, "<array><data>");
    for (size_t i = 0; i < n; i++)
        codec_xml(type->elem, val_at(v, i), out);
    ADD_TEXT(out, "</data></array>");
}

/* A <member>, but for its name; most of what is written are these. */
static void end_member_xml(const struct type *type, const struct val *v, struct buf *out)
{
    /* A record of a class that only the value knows. */
    if (type->kind == TYPE_RECORD && type->cls < 0) {
        ADD_TEXT(out, "</name>");
        xml_add(out, v);
        ADD_TEXT(out, "</member>");
        return;
    }
    ADD_TEXT(out, "</name><value>");
    content_xml(type, v, out);
    ADD_TEXT(out, "</value></member>");
}

static void map_xml(const struct type *type, const struct val *v, struct buf *out)
{
    size_t n = val_count(v);

    ADD_TEXT(out, "<struct>");
    for (size_t i = 0; i < n; i++) {
        const struct val *key = val_key_at(v, i);

        ADD_TEXT(out, "<member><name>");
        if (key->kind == VAL_STR)
            xml_add_text(out, val_text(key), val_len(key));
        else
            add_key_text(type->key, key, out);
        end_member_xml(type->elem, val_value_at(v, i), out);
    }
    ADD_TEXT(out, "</struct>");
}

/* The <struct> of a record, without the <value> around it. */
static void record_xml(const struct class_def *cls, const struct val *cells,
                       struct buf *out)
{
    ADD_TEXT(out, "<struct>");
    for (size_t i = 0; i < cls->n_fields; i++) {
        const struct type *type;
        const struct val *v = shown(&cls->fields[i], &cells[i], &type);

        if (!v)
            continue;
        ADD_TEXT(out, "<member><name>");
        buf_add_str(out, cls->fields[i].name);
        end_member_xml(type, v, out);
    }
    ADD_TEXT(out, "</struct>");
}

/* What stands inside the <value>. */
static void content_xml(const struct type *type, const struct val *v, struct buf *out)
{
    char date[CLOCK_TEXT_LEN + 1];

    switch (type->kind) {
    case TYPE_VOID:
        break;
    case TYPE_STRING:
    case TYPE_SECRET:
    case TYPE_REF:
        xml_add_text(out, val_text(v), val_len(v));
        break;
    case TYPE_INT:
        buf_add_int(out, v->i);
        break;
    case TYPE_FLOAT:
        ADD_TEXT(out, "<double>");
        xml_add_float(out, v->d);
        ADD_TEXT(out, "</double>");
        break;
    case TYPE_BOOL:
        buf_add_str(out, v->b ? "<boolean>1</boolean>" : "<boolean>0</boolean>");
        break;
    case TYPE_DATETIME:
        clock_to_text(v->i, date);
        buf_addf(out, "<dateTime.iso8601>%s</dateTime.iso8601>", date);
        break;
    case TYPE_ENUM:
        buf_add_str(out, enum_text(type->enm, v->i));
        break;
    case TYPE_SET:
    case TYPE_OPTION:
        set_xml(type, v, out);
        break;
    case TYPE_MAP:
        map_xml(type, v, out);
        break;
    case TYPE_RECORD:
        record_xml(&classes[type->cls], val_at(v, 0), out);
        break;
    }
}

void codec_xml(const struct type *type, const struct val *v, struct buf *out)
{
    /* A record of a class that only the value knows. */
    if (type->kind == TYPE_RECORD && type->cls < 0) {
        xml_add(out, v);
        return;
    }
    ADD_TEXT(out, "<value>");
    content_xml(type, v, out);
    ADD_TEXT(out, "</value>");
}

void codec_encode(enum encoding encoding, const struct type *type, const struct val *v,
                  struct buf *out)
{
    if (encoding == ENCODING_JSON)
        codec_json(type, v, out);
    else
        codec_xml(type, v, out);
}

void codec_record(enum encoding encoding, const struct class_def *cls,
                  const struct val *cells, struct buf *out)
{
    if (encoding == ENCODING_JSON) {
        record_json(cls, cells, out);
        return;
    }
    buf_add_str(out, "<value>");
    record_xml(cls, cells, out);
    buf_add_str(out, "</value>");
}

/* ---- constants and the store ---- */

static struct val *defaults; /* one a row of field_rows */
static pthread_once_t defaults_once = PTHREAD_ONCE_INIT;

/* A default of the datamodel.  The generator checked it: a bad one is a bug. */
static struct val constant(const struct type *type, const char *json, const char *name)
{
    autoval struct val untyped = val_void();
    struct val v;
    struct err *e;

    assert_msg(json && json_parse(json, strlen(json), 0, &untyped, NULL) == 0,
               "a default of the datamodel is no JSON");
    e = codec_decode(type, &untyped, name, &v);
    assert_msg(!e, "a default of the datamodel is not of its type");
    return v;
}

static void make_defaults(void)
{
    size_t n = 0;

    for (size_t i = 0; i < N_CLASSES; i++)
        n += classes[i].n_fields;
    defaults = xcalloc(n, sizeof(*defaults));
    for (size_t i = 0; i < n; i++)
        defaults[i] =
            constant(field_rows[i].type, field_rows[i].default_json, field_rows[i].name);
}

const struct val *field_default(const struct field_def *field)
{
    pthread_once(&defaults_once, make_defaults);
    return &defaults[field - field_rows];
}

struct val param_default(const struct param_def *param)
{
    return constant(param->type, param->default_json, param->name);
}

void codec_to_store(const struct type *type, const struct val *v, struct buf *out)
{
    codec_json(type, v, out);
}

struct err *codec_from_store(const struct type *type, const char *text, size_t len,
                             struct val *ret_value)
{
    autoval struct val untyped = val_void();
    struct json_error error;
    int r = json_parse(text, len, JSON_KEEP_DUPLICATES, &untyped, &error);

    if (r < 0)
        return err_params(ERR_INTERNAL_ERROR, "a stored value is no JSON", error.what,
                          NULL);
    return codec_decode(type, &untyped, type->text, ret_value);
}

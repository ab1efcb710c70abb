// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/db_text.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/str.h"

/* ---- writing ---- */

/* In quotes, with \ before a quote or another \. */
static void add_quoted(struct buf *out, const char *text, size_t len)
{
    buf_add_char(out, '\'');
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\'' || text[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, text[i]);
    }
    buf_add_char(out, '\'');
}

static void add_inner(struct buf *out, const struct type *type, const struct val *v)
{
    autobuf text = BUF_INIT;

    db_text_add(&text, type, v);
    add_quoted(out, buf_str(&text), text.size);
}

static void add_set(struct buf *out, const struct type *type, const struct val *v)
{
    buf_add_char(out, '(');
    for (size_t i = 0; i < val_count(v); i++) {
        if (i)
            buf_add_char(out, ' ');
        add_inner(out, type->elem, val_at(v, i));
    }
    buf_add_char(out, ')');
}

static void add_map(struct buf *out, const struct type *type, const struct val *v)
{
    buf_add_char(out, '(');
    for (size_t i = 0; i < val_count(v); i++) {
        buf_add_str(out, i ? " (" : "(");
        add_inner(out, type->key, val_key_at(v, i));
        buf_add_char(out, ' ');
        add_inner(out, type->elem, val_value_at(v, i));
        buf_add_char(out, ')');
    }
    buf_add_char(out, ')');
}

void db_text_add(struct buf *out, const struct type *type, const struct val *v)
{
    char date[CLOCK_TEXT_LEN + 1];

    switch (type->kind) {
    case TYPE_STRING:
    case TYPE_SECRET:
    case TYPE_REF:
        buf_add(out, val_text(v), val_len(v));
        break;
    case TYPE_INT:
        buf_add_int(out, v->i);
        break;
    case TYPE_FLOAT:
        buf_addf(out, "%.16g", v->d);
        break;
    case TYPE_BOOL:
        buf_add_str(out, v->b ? "true" : "false");
        break;
    case TYPE_DATETIME:
        clock_to_text(v->i, date);
        buf_add_str(out, date);
        break;
    case TYPE_ENUM:
        buf_add_str(out, enum_text(type->enm, v->i));
        break;
    case TYPE_SET:
    case TYPE_OPTION:
        add_set(out, type, v);
        break;
    case TYPE_MAP:
        add_map(out, type, v);
        break;
    case TYPE_VOID:
    case TYPE_RECORD:
        /* No database has a column of these. */
        break;
    }
}

void db_text_add_row(struct buf *out, const struct class_def *cls, const struct val *cells)
{
    const char *separator = "((";

    for (int i = 0; i < cls->n_fields; i++) {
        const struct field_def *field = &cls->fields[i];

        if (field->relation == REL_DERIVED)
            continue;
        buf_add_str(out, separator);
        add_quoted(out, field->db_name, strlen(field->db_name));
        buf_add_char(out, ' ');
        add_inner(out, field->type, &cells[i]);
        separator = ") (";
    }
    buf_add_str(out, *separator == '(' ? "()" : "))");
}

/* ---- reading ---- */

struct cursor {
    const char *at, *end;
};

static bool take_char(struct cursor *c, char wanted)
{
    while (c->at < c->end && strchr(" \t\r\n", *c->at) && *c->at)
        c->at++;
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

/* A text in quotes of either kind. */
static bool take_quoted(struct cursor *c, struct buf *text)
{
    char quote = '\'';

    buf_clear(text);
    if (!take_char(c, quote)) {
        quote = '"';
        if (!take_char(c, quote))
            return false;
    }
    for (; c->at < c->end && *c->at != quote; c->at++) {
        if (*c->at == '\\' && c->end - c->at > 1)
            c->at++;
        buf_add_char(text, *c->at);
    }
    return take_char(c, quote);
}

static bool take_inner(struct cursor *c, const struct type *type, struct val *ret_value)
{
    autobuf text = BUF_INIT;

    return take_quoted(c, &text) &&
           db_text_parse(type, buf_str(&text), text.size, ret_value) == 0;
}

static bool take_pair(struct cursor *c, const struct type *type, struct val *map)
{
    autoval struct val key = val_void(), value = val_void();

    if (!take_inner(c, type->key, &key) || !take_inner(c, type->elem, &value) ||
        !take_char(c, ')'))
        return false;
    val_put(map, take_val(key), take_val(value));
    return true;
}

/* "( element ... )", or "( ( key value ) ... )" for a map; nothing may follow. */
static int parse_container(const struct type *type, const char *text, size_t len,
                           struct val *ret_value)
{
    struct cursor c = {text, text + len};
    autoval struct val all = type->kind == TYPE_MAP ? val_map(0) : val_set(0);
    bool good = take_char(&c, '(');

    while (good && !take_char(&c, ')')) {
        struct val element;

        if (type->kind == TYPE_MAP) {
            good = take_char(&c, '(') && take_pair(&c, type, &all);
            continue;
        }
        good = take_inner(&c, type->elem, &element);
        if (good)
            val_push(&all, element);
    }
    if (!good || c.at != c.end || (type->kind == TYPE_MAP && val_map_duplicate(&all)) ||
        (type->kind == TYPE_OPTION && val_count(&all) > 1))
        return -EINVAL;
    *ret_value = take_val(all);
    return 0;
}

static int parse_int(const char *text, struct val *ret_value)
{
    int64_t i;

    if (str_to_int64(text, &i) < 0)
        return -EINVAL;
    *ret_value = val_int(i);
    return 0;
}

static int parse_float(const char *text, struct val *ret_value)
{
    double d;

    if (str_to_double(text, &d) < 0)
        return -EINVAL;
    *ret_value = val_float(d);
    return 0;
}

static int parse_datetime(const char *text, struct val *ret_value)
{
    int64_t seconds;

    if (clock_from_text(text, &seconds) < 0)
        return -EINVAL;
    *ret_value = val_int(seconds);
    return 0;
}

static int parse_bool(const char *text, struct val *ret_value)
{
    bool b = strcmp(text, "true") == 0;

    if (!b && strcmp(text, "false") != 0)
        return -EINVAL;
    *ret_value = val_bool(b);
    return 0;
}

static int parse_enum(const struct enum_def *enm, const char *text, struct val *ret_value)
{
    int i = enum_parse(enm, text);

    if (i < 0)
        return -EINVAL;
    *ret_value = val_int(i);
    return 0;
}

int db_text_parse(const struct type *type, const char *text, size_t len,
                  struct val *ret_value)
{
    autobuf copy = BUF_INIT;

    if (!str_is_utf8(text, len))
        return -EINVAL;
    buf_add(&copy, text, len);
    switch (type->kind) {
    case TYPE_STRING:
    case TYPE_SECRET:
    case TYPE_REF:
        *ret_value = val_str_n(text, len);
        return 0;
    case TYPE_INT:
        return parse_int(buf_str(&copy), ret_value);
    case TYPE_FLOAT:
        return parse_float(buf_str(&copy), ret_value);
    case TYPE_BOOL:
        return parse_bool(buf_str(&copy), ret_value);
    case TYPE_DATETIME:
        return parse_datetime(buf_str(&copy), ret_value);
    case TYPE_ENUM:
        return parse_enum(type->enm, buf_str(&copy), ret_value);
    case TYPE_SET:
    case TYPE_OPTION:
    case TYPE_MAP:
        return parse_container(type, text, len, ret_value);
    case TYPE_VOID:
    case TYPE_RECORD:
        break;
    }
    return -EINVAL;
}

int db_text_parse_row(const char *text, size_t len, struct val *ret_map)
{
    static const struct type string = {.kind = TYPE_STRING, .cls = -1};
    static const struct type pairs = {
        .kind = TYPE_MAP, .key = &string, .elem = &string, .cls = -1};

    return db_text_parse(&pairs, text, len, ret_map);
}

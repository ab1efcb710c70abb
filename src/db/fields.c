// SPDX-License-Identifier: GPL-2.0-or-later
#include "db/fields.h"

#include <string.h>

#include "base/alloc.h"
#include "model/codec.h"

void fields_write(const struct row *row, struct buf *out)
{
    const struct class_def *cls = &classes[row->cls];
    const char *separator = "{\"";

    for (int i = 0; i < cls->n_fields; i++) {
        const struct field_def *f = &cls->fields[i];

        if (!field_is_stored(row->cls, i) || val_equal(&row->cells[i], field_default(f)))
            continue;
        buf_add_str(out, separator);
        buf_add_str(out, f->db_name);
        buf_add_str(out, "\":");
        codec_to_store(f->type, &row->cells[i], out);
        separator = ",\"";
    }
    if (row->unknown.kind == VAL_STR) {
        buf_add_char(out, separator[0]);
        buf_add(out, val_text(&row->unknown), val_len(&row->unknown));
        separator = ",";
    }
    buf_add_str(out, *separator == '{' ? "{}" : "}");
}

/* ---- reading: the object is cut into its members; what a member holds is the codec's to
 * check ---- */

struct cursor {
    const char *at, *end;
};

static void skip_space(struct cursor *c)
{
    while (c->at < c->end &&
           (*c->at == ' ' || *c->at == '\t' || *c->at == '\n' || *c->at == '\r'))
        c->at++;
}

static bool skip_char(struct cursor *c, char wanted)
{
    skip_space(c);
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

/* Past a string; the cursor stands on its first quote. */
static bool skip_string(struct cursor *c)
{
    for (c->at++; c->at < c->end; c->at++) {
        if (*c->at == '\\' && c->end - c->at > 1)
            c->at++;
        else if (*c->at == '"')
            return c->at++, true;
    }
    c->at = c->end;
    return false;
}

/* Past one value: up to the comma or brace that ends it, whatever is nested in between. */
static bool skip_value(struct cursor *c)
{
    size_t depth = 0;

    skip_space(c);
    while (c->at < c->end) {
        char here = *c->at;

        if (here == '"') {
            if (!skip_string(c))
                return false;
            continue;
        }
        if (depth == 0 && (here == ',' || here == '}'))
            return true;
        if (here == '{' || here == '[')
            depth++;
        if ((here == '}' || here == ']') && depth-- == 0)
            return false;
        c->at++;
    }
    return false;
}

struct member {
    const char *whole, *name, *value;
    size_t whole_len, name_len, value_len;
};

static bool read_member(struct cursor *c, struct member *ret_member)
{
    struct member m;

    skip_space(c);
    if (c->at == c->end || *c->at != '"')
        return false;
    m.whole = c->at;
    m.name = c->at + 1;
    if (!skip_string(c))
        return false;
    m.name_len = (size_t)(c->at - m.name) - 1;
    if (!skip_char(c, ':'))
        return false;
    skip_space(c);
    m.value = c->at;
    if (!skip_value(c))
        return false;
    m.value_len = (size_t)(c->at - m.value);
    m.whole_len = (size_t)(c->at - m.whole);
    *ret_member = m;
    return true;
}

/* Fields are stored in the class's order: the search goes on from the last one found. */
static int find_field(int cls, const struct member *m, int from)
{
    int n = classes[cls].n_fields;

    for (int i = 0; i < n; i++) {
        int field = (from + i) % n;
        const char *name = classes[cls].fields[field].db_name;

        if (strncmp(name, m->name, m->name_len) == 0 && name[m->name_len] == '\0')
            return field_is_stored(cls, field) ? field : -1;
    }
    return -1;
}

static struct err *read_field(struct row *row, int field, const struct member *m)
{
    const struct field_def *f = &classes[row->cls].fields[field];
    struct val value;
    struct err *e = codec_from_store(f->type, m->value, m->value_len, &value);

    if (e)
        return err_context(e, "reading %s.%s of %s from the store", classes[row->cls].name,
                           f->name, row_ref(row));
    val_unref(&row->cells[field]);
    row->cells[field] = value;
    return NULL;
}

static struct err *not_an_object(const struct row *row)
{
    return err_param(err_new(ERR_INTERNAL_ERROR,
                             "reading %s %s from the store: not an object",
                             classes[row->cls].name, row_ref(row)),
                     "the database is damaged");
}

struct err *fields_read(struct row *row, const char *text, size_t len)
{
    struct cursor c = {text, text + len};
    autobuf unknown = BUF_INIT;
    int field = 0;

    if (!skip_char(&c, '{'))
        return not_an_object(row);
    if (skip_char(&c, '}'))
        return NULL;
    do {
        struct member m;
        struct err *e;
        int found;

        if (!read_member(&c, &m))
            return not_an_object(row);
        found = find_field(row->cls, &m, field);
        if (found < 0) {
            if (unknown.size)
                buf_add_char(&unknown, ',');
            buf_add(&unknown, m.whole, m.whole_len);
            continue;
        }
        field = found;
        e = read_field(row, field, &m);
        if (e)
            return e;
    } while (skip_char(&c, ','));
    if (!skip_char(&c, '}'))
        return not_an_object(row);
    if (unknown.size)
        row->unknown = val_str_n(unknown.data, unknown.size);
    return NULL;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/shown.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "cli/tables.h"
#include "model/model.h"

static const char *enum_shown(const struct type *type, const char *value)
{
    for (size_t i = 0; i < xe_n_shown; i++)
        if (STREQ(xe_shown[i].enm, type->enm->name) && STREQ(xe_shown[i].value, value))
            return xe_shown[i].text;
    return value;
}

void shown_scalar(const struct type *type, const struct val *v, struct buf *out)
{
    switch (v->kind) {
    case VAL_STR:
        if (type && type->kind == TYPE_ENUM)
            buf_add_str(out, enum_shown(type, val_text(v)));
        else
            buf_add(out, val_text(v), val_len(v));
        break;
    case VAL_INT:
        if (type && type->kind == TYPE_FLOAT)
            buf_addf(out, "%" PRId64 ".000", v->i);
        else
            buf_add_int(out, v->i);
        break;
    case VAL_FLOAT:
        buf_addf(out, "%.3f", v->d);
        break;
    case VAL_BOOL:
        buf_add_str(out, v->b ? "true" : "false");
        break;
    default:
        break;
    }
}

static struct val shown_text(const struct type *type, const struct val *v)
{
    autobuf text = BUF_INIT;

    shown_scalar(type, v, &text);
    return val_str_n(buf_str(&text), text.size);
}

struct val shown_value(const struct type *type, const struct val *v)
{
    const struct type *elem = type ? type->elem : NULL;
    struct val out;

    switch (v->kind) {
    case VAL_SET:
        out = val_set(val_count(v));
        for (size_t i = 0; i < val_count(v); i++)
            val_push(&out, shown_text(elem, val_at(v, i)));
        return out;
    case VAL_MAP:
        out = val_map(val_count(v));
        for (size_t i = 0; i < val_count(v); i++)
            val_put(&out, shown_text(type ? type->key : NULL, val_key_at(v, i)),
                    shown_text(elem, val_value_at(v, i)));
        return out;
    default:
        return shown_text(type, v);
    }
}

void shown_line(const struct val *shown, const char *separator, struct buf *out)
{
    size_t n = shown->kind == VAL_STR ? 1 : val_count(shown);

    for (size_t i = 0; i < n; i++) {
        const struct val *text = shown;

        if (i > 0)
            buf_add_str(out, separator);
        if (shown->kind == VAL_SET)
            text = val_at(shown, i);
        if (shown->kind == VAL_MAP) {
            buf_addf(out, "%s: ", val_text(val_key_at(shown, i)));
            text = val_value_at(shown, i);
        }
        buf_add(out, val_text(text), val_len(text));
    }
}

const char *shown_enum_value(const struct type *type, const char *text)
{
    int i = enum_parse(type->enm, text);

    if (i >= 0)
        return enum_text(type->enm, i);
    for (size_t at = 0; at < xe_n_shown; at++)
        if (STREQ(xe_shown[at].enm, type->enm->name) &&
            strcasecmp(xe_shown[at].text, text) == 0)
            return xe_shown[at].value;
    return text;
}

void shown_add_minimal(struct buf *out, const char *text)
{
    for (; *text; text++) {
        if (*text == ',' || *text == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
}

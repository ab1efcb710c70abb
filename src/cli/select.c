// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/select.h"

#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/uuid.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "cli/shown.h"
#include "model/model.h"

void filter_terms_fini(filter_terms *terms)
{
    for (size_t i = 0; i < terms->n; i++) {
        free(terms->at[i].key);
        free(terms->at[i].value);
    }
    VEC_FINI(terms);
}

/* "other-config:key", or "other-config-key" as it was written once. */
static const struct xe_field *field_with_key(const struct xe_object *object,
                                             const char *name, const char **ret_key)
{
    const char *colon = strchr(name, ':');

    if (colon) {
        autofree char *head = xstrndup(name, (size_t)(colon - name));

        *ret_key = colon + 1;
        return object_field(object, head);
    }
    for (size_t i = 0; i < object->n_fields; i++) {
        const struct xe_field *field = &object->fields[i];
        size_t len = strlen(field->name);

        if ((field->mark == XE_MRO || field->mark == XE_MRW) &&
            strncasecmp(name, field->name, len) == 0 && name[len] == '-' && name[len + 1]) {
            *ret_key = name + len + 1;
            return field;
        }
    }
    return NULL;
}

struct err *filter_term_add(filter_terms *terms, const struct xe_object *object,
                            const char *name, const char *value)
{
    const struct xe_field *field = object_field(object, name);
    const char *key = NULL;
    struct filter_term term = {.field = field, .kind = TERM_EQUAL};

    if (!field)
        term.field = field_with_key(object, name, &key);
    if (!term.field)
        return fail("Unknown field '%s'", name);
    if (key) {
        bool is_map = term.field->mark == XE_MRO || term.field->mark == XE_MRW;

        term.kind = !is_map && STREQ(key, "contains") ? TERM_CONTAINS : TERM_KEY;
        term.key = xstrdup(key);
    }
    term.value = xstrdup(value);
    *VEC_PUSH(terms) = term;
    return NULL;
}

/* ---- what the server compares ---- */

/* The literal of a comparison that means the same as the term; NULL: there is none. */
static const char *literal_of(struct catalog *catalog, const struct type *type,
                              const char *value)
{
    const char *ref;
    struct err *e;

    switch (type->kind) {
    case TYPE_STRING:
        return value;
    case TYPE_BOOL:
        return STREQ(value, "true") || STREQ(value, "false") ? value : NULL;
    case TYPE_ENUM:
        return shown_enum_value(type, value);
    case TYPE_REF:
        if (STREQ(value, SHOWN_NULL))
            return NULL_REF;
        if (type->cls < 0 || !uuid_is_valid(value))
            return NULL;
        e = catalog_by_uuid(catalog, type->cls, value, &ref);
        if (!e)
            return ref;
        err_ignore(e, "nothing matches such a filter");
        return NULL;
    default:
        return NULL;
    }
}

static void add_comparison(struct catalog *catalog, const struct filter_term *term,
                           struct buf *out)
{
    const struct xe_field *field = term->field;
    const struct field_def *at;
    const char *literal;

    if (term->kind != TERM_EQUAL || field->n_steps != 1 || field->code ||
        field->flags & XE_ANY_CASE)
        return;
    at = &classes[field->steps[0].cls].fields[field->steps[0].field];
    literal = literal_of(catalog, at->type, term->value);
    /* The language knows no escapes. */
    if (!literal || strpbrk(literal, "\"'\\"))
        return;
    buf_addf(out, "%sfield \"%s\" = \"%s\"", out->size ? " and " : "", at->db_name,
             literal);
}

/* ---- what is compared here ---- */

static bool text_equal(const struct xe_field *field, const char *a, const char *b)
{
    return field->flags & XE_ANY_CASE ? strcasecmp(a, b) == 0 : STREQ(a, b);
}

static bool value_matches(const struct filter_term *term, const struct val *shown)
{
    autobuf line = BUF_INIT;

    if (term->kind == TERM_CONTAINS)
        return shown->kind == VAL_SET && val_set_has(shown, term->value);
    if (term->kind == TERM_KEY)
        return shown->kind == VAL_MAP && val_find(shown, term->key) &&
               STREQ(val_find_text(shown, term->key, ""), term->value);
    shown_line(shown, field_separator(term->field), &line);
    return text_equal(term->field, buf_str(&line), term->value);
}

struct err *select_matches(struct catalog *catalog, const struct xe_object *object,
                           const struct filter_term *term, const char *ref,
                           bool *ret_matches)
{
    autoval struct val shown = val_void();
    struct err *e = record_value(catalog, object, term->field, ref, true, &shown);

    if (e)
        return e;
    *ret_matches = value_matches(term, &shown);
    return NULL;
}

static struct err *matches_all(struct catalog *catalog, const struct xe_object *object,
                               const filter_terms *terms, const char *ref,
                               bool *ret_matches)
{
    struct err *e = NULL;

    *ret_matches = true;
    for (size_t i = 0; i < terms->n && *ret_matches && !e; i++)
        e = select_matches(catalog, object, &terms->at[i], ref, ret_matches);
    return e;
}

struct err *select_objects(struct catalog *catalog, const struct xe_object *object,
                           const filter_terms *terms, ref_list *ret_refs)
{
    autobuf expression = BUF_INIT;
    field_list fields = VEC_INIT;
    ref_list all = VEC_INIT;
    struct err *e;

    for (size_t i = 0; i < terms->n; i++) {
        add_comparison(catalog, &terms->at[i], &expression);
        *VEC_PUSH(&fields) = terms->at[i].field;
    }
    e = catalog_query(catalog, object->cls, expression.size ? buf_str(&expression) : NULL,
                      &all);
    if (!e)
        e = record_prepare(catalog, object, &fields, &all);
    for (size_t i = 0; i < all.n && !e; i++) {
        bool match;

        e = matches_all(catalog, object, terms, all.at[i], &match);
        if (!e && match)
            *VEC_PUSH(ret_refs) = all.at[i];
    }
    VEC_FINI(&fields);
    VEC_FINI(&all);
    return e;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/catalog.h"

#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/map.h"
#include "cli/client.h"
#include "cli/fail.h"
#include "model/model.h"

/* Up to so many missing objects are asked for by name; beyond, all of the class. */
#define MAX_NAMED 40

struct entry {
    char *ref;
    bool asked;        /* 'record' says what the server said */
    struct val record; /* VAL_MAP; VAL_VOID: no such object */
};

struct catalog {
    struct client *client;
    struct map known[N_CLASSES]; /* reference -> struct entry */
};

struct catalog *catalog_new(struct client *client)
{
    struct catalog *catalog = xcalloc(1, sizeof(*catalog));

    catalog->client = client;
    return catalog;
}

static void entry_free(struct entry *entry)
{
    if (!entry)
        return;
    val_unref(&entry->record);
    free(entry->ref);
    free(entry);
}

void catalog_free(struct catalog *catalog)
{
    if (!catalog)
        return;
    for (int cls = 0; cls < N_CLASSES; cls++) {
        const struct map_slot *slot;
        size_t i = 0;

        while ((slot = map_next(&catalog->known[cls], &i)))
            entry_free(slot->value);
        map_fini(&catalog->known[cls]);
    }
    free(catalog);
}

struct client *catalog_client(struct catalog *catalog)
{
    return catalog->client;
}

/* The place of an object; it and its reference live as long as the catalog. */
static struct entry *entry_of(struct catalog *catalog, int cls, const char *ref)
{
    struct entry *entry = map_get(&catalog->known[cls], ref);

    if (!entry) {
        entry = xcalloc(1, sizeof(*entry));
        entry->ref = xstrdup(ref);
        map_put(&catalog->known[cls], ref, entry);
    }
    return entry;
}

/* Keeps 'record' (taken). */
static const char *keep(struct catalog *catalog, int cls, const char *ref,
                        struct val record)
{
    struct entry *entry = entry_of(catalog, cls, ref);

    val_unref(&entry->record);
    entry->record = record;
    entry->asked = true;
    return entry->ref;
}

static struct err *keep_all(struct catalog *catalog, int cls, const struct val *records,
                            ref_list *refs)
{
    if (records->kind != VAL_MAP)
        return fail("The server's answer is no map of %s records", classes[cls].name);
    for (size_t i = 0; i < val_count(records); i++) {
        const struct val *record = val_value_at(records, i);
        const char *ref = val_text(val_key_at(records, i));

        if (record->kind != VAL_MAP)
            return fail("The server's answer holds no %s record", classes[cls].name);
        ref = keep(catalog, cls, ref, val_ref(record));
        if (refs)
            *VEC_PUSH(refs) = ref;
    }
    return NULL;
}

static struct err *read_some(struct catalog *catalog, int cls, const char *expression,
                             ref_list *refs)
{
    autofree char *method =
        xasprintf("%s.get_all_records%s", classes[cls].name, expression ? "_where" : "");
    autoval struct val records = val_void();
    struct err *e = client_ask(catalog->client, &records, method, expression, NULL);

    return e ? e : keep_all(catalog, cls, &records, refs);
}

struct err *catalog_query(struct catalog *catalog, int cls, const char *expression,
                          ref_list *ret_refs)
{
    return read_some(catalog, cls, expression, ret_refs);
}

/* ---- objects by reference ---- */

bool catalog_knows(const struct catalog *catalog, int cls, const char *ref)
{
    const struct entry *entry = map_get(&catalog->known[cls], ref);

    return entry && entry->asked;
}

const struct val *catalog_record(const struct catalog *catalog, int cls, const char *ref)
{
    const struct entry *entry = map_get(&catalog->known[cls], ref);

    return entry && entry->record.kind == VAL_MAP ? &entry->record : NULL;
}

static void forget(struct entry *entry)
{
    val_unref(&entry->record);
    entry->asked = false;
}

void catalog_forget(struct catalog *catalog, int cls, const char *ref)
{
    struct entry *entry = map_get(&catalog->known[cls], ref);

    if (entry)
        forget(entry);
}

void catalog_forget_all(struct catalog *catalog)
{
    for (int cls = 0; cls < N_CLASSES; cls++) {
        const struct map_slot *slot;
        size_t i = 0;

        while ((slot = map_next(&catalog->known[cls], &i)))
            forget(slot->value);
    }
}

/* Classes without get_all_records: one call an object. */
static struct err *read_one(struct catalog *catalog, int cls, const char *ref)
{
    autofree char *method = xasprintf("%s.get_record", classes[cls].name);
    autoval struct val record = val_void();
    struct err *e = client_ask(catalog->client, &record, method, ref, NULL);

    if (e && err_code(e) != ERR_HANDLE_INVALID)
        return e;
    err_free(e);
    keep(catalog, cls, ref, take_val(record));
    return NULL;
}

static char *expression_of(const ref_list *refs)
{
    autobuf text = BUF_INIT;

    for (size_t i = 0; i < refs->n; i++)
        buf_addf(&text, "%sfield \"_ref\" = \"%s\"", i ? " or " : "", refs->at[i]);
    return buf_take(&text);
}

static struct err *read_missing(struct catalog *catalog, int cls, const ref_list *missing)
{
    autofree char *expression = NULL;
    struct err *e = NULL;

    if (classes[cls].exposes_get_all) {
        if (missing->n <= MAX_NAMED)
            expression = expression_of(missing);
        return read_some(catalog, cls, expression, NULL);
    }
    for (size_t i = 0; i < missing->n && !e; i++)
        e = read_one(catalog, cls, missing->at[i]);
    return e;
}

struct err *catalog_want(struct catalog *catalog, int cls, const ref_list *refs)
{
    ref_list missing = VEC_INIT;
    struct map seen = {0};
    struct err *e = NULL;

    for (size_t i = 0; i < refs->n; i++)
        if (!catalog_knows(catalog, cls, refs->at[i]) &&
            !map_put(&seen, refs->at[i], &seen))
            *VEC_PUSH(&missing) = refs->at[i];
    map_fini(&seen);
    if (missing.n > 0)
        e = read_missing(catalog, cls, &missing);
    for (size_t i = 0; i < missing.n && !e; i++)
        if (!catalog_knows(catalog, cls, missing.at[i]))
            keep(catalog, cls, missing.at[i], val_void());
    VEC_FINI(&missing);
    return e;
}

struct err *catalog_field(struct catalog *catalog, int cls, const char *ref,
                          const char *field, const struct val **ret_value)
{
    const struct val *record;
    ref_list one = VEC_INIT;
    struct err *e;

    *VEC_PUSH(&one) = ref;
    e = catalog_want(catalog, cls, &one);
    VEC_FINI(&one);
    if (e)
        return e;
    record = catalog_record(catalog, cls, ref);
    *ret_value = record ? val_find(record, field) : NULL;
    return NULL;
}

struct err *catalog_by_uuid(struct catalog *catalog, int cls, const char *uuid,
                            const char **ret_ref)
{
    autofree char *method = xasprintf("%s.get_by_uuid", classes[cls].name);
    autoval struct val ref = val_void();
    const struct map_slot *slot;
    size_t i = 0;
    struct err *e;

    while ((slot = map_next(&catalog->known[cls], &i))) {
        const struct entry *entry = slot->value;

        if (entry->record.kind == VAL_MAP &&
            STREQ(val_find_text(&entry->record, "uuid", ""), uuid)) {
            *ret_ref = entry->ref;
            return NULL;
        }
    }
    e = client_ask(catalog->client, &ref, method, uuid, NULL);
    if (e)
        return e;
    if (ref.kind != VAL_STR)
        return fail("The server's answer to %s is no reference", method);
    *ret_ref = entry_of(catalog, cls, val_text(&ref))->ref;
    return NULL;
}

/* ---- naming an object to people ---- */

/* Where an error's parameter may point, the most frequent first. */
static const int guesses[] = {CLASS_VM,      CLASS_VDI, CLASS_SR,  CLASS_HOST, CLASS_VBD,
                              CLASS_NETWORK, CLASS_VIF, CLASS_PBD, CLASS_PIF,  CLASS_TASK};

static char *describe_as(struct catalog *catalog, int cls, const char *ref)
{
    const struct val *record;
    const char *name;
    ref_list one = VEC_INIT;

    *VEC_PUSH(&one) = ref;
    err_ignore(catalog_want(catalog, cls, &one), "the name only adorns an error");
    VEC_FINI(&one);
    record = catalog_record(catalog, cls, ref);
    if (!record)
        return NULL;
    name = val_find_text(record, "name_label", NULL);
    return name ? xasprintf("%s (%s)", val_find_text(record, "uuid", ""), name)
                : xstrdup(val_find_text(record, "uuid", ""));
}

char *catalog_describe(struct catalog *catalog, const char *hint, const char *ref)
{
    const struct class_def *cls = class_by_lower(hint);
    char *text = NULL;

    if (STREQ(ref, NULL_REF))
        return xstrdup("<not in database>");
    if (cls && cls->in_database)
        text = describe_as(catalog, class_index(cls), ref);
    for (size_t i = 0; i < ARRAY_SIZE(guesses) && !text; i++)
        text = describe_as(catalog, guesses[i], ref);
    return text;
}

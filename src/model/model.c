// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "model/model_private.h"

#define HASH_START UINT32_C(2166136261)

static uint32_t hash_text(uint32_t hash, const char *text);
static uint32_t hash_lower(const char *text);

const struct method_def *method_by_name(const char *wire_name)
{
    uint32_t at = hash_text(HASH_START, wire_name) & method_mask;

    for (; method_slots[at]; at = (at + 1) & method_mask) {
        const struct method_def *method = &methods[method_slots[at] - 1];

        if (strcmp(method->wire_name, wire_name) == 0)
            return method;
    }
    return NULL;
}

const struct class_def *class_by_name(const char *name)
{
    const struct class_def *cls = class_by_lower(name);

    return cls && strcmp(cls->name, name) == 0 ? cls : NULL;
}

const struct class_def *class_by_lower(const char *lower)
{
    uint32_t at = hash_lower(lower) & class_mask;

    for (; class_slots[at]; at = (at + 1) & class_mask) {
        const struct class_def *cls = &classes[class_slots[at] - 1];

        if (strcasecmp(cls->lower, lower) == 0)
            return cls;
    }
    return NULL;
}

int class_index(const struct class_def *cls)
{
    return (int)(cls - classes);
}

const struct field_def *field_by_name(const struct class_def *cls, const char *name)
{
    uint32_t at =
        hash_text(hash_text(hash_text(HASH_START, cls->name), "."), name) & field_mask;

    for (; field_slots[at]; at = (at + 1) & field_mask) {
        const struct field_def *field = &field_rows[field_slots[at] - 1];

        if (field_index(cls, field) >= 0 && strcmp(field->name, name) == 0)
            return field;
    }
    return NULL;
}

const struct field_def *field_by_db_name(const struct class_def *cls, const char *db_name)
{
    for (size_t i = 0; i < cls->n_fields; i++) {
        if (strcmp(cls->fields[i].db_name, db_name) == 0)
            return &cls->fields[i];
    }
    return NULL;
}

int field_index(const struct class_def *cls, const struct field_def *field)
{
    ptrdiff_t i = cls->fields ? field - cls->fields : -1;

    return i >= 0 && i < cls->n_fields ? (int)i : -1;
}

static int compare_permission(const void *name, const void *row)
{
    return strcmp(name, ((const struct permission_def *)row)->name);
}

const struct permission_def *permission_by_name(const char *name)
{
    return bsearch(name, permissions, n_permissions, sizeof(permissions[0]),
                   compare_permission);
}

static int compare_alert(const void *name, const void *row)
{
    return strcmp(name, ((const struct alert_def *)row)->name);
}

const struct alert_def *alert_by_name(const char *name)
{
    return bsearch(name, alerts, n_alerts, sizeof(alerts[0]), compare_alert);
}

int enum_parse(const struct enum_def *enm, const char *text)
{
    int (*compare)(const char *, const char *) = enm->exact_case ? strcmp : strcasecmp;

    for (int i = 0; i < enm->n_values; i++) {
        if (compare(enm->values[i], text) == 0)
            return i;
    }
    return -1;
}

const char *enum_text(const struct enum_def *enm, int64_t i)
{
    assert_msg(i >= 0 && i < enm->n_values, "an enum has no such value");
    return enm->values[i];
}

/* FNV-1a, as gen/emit_c.py computes it. */
static uint32_t hash_text(uint32_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * UINT32_C(16777619);
    return hash;
}

static uint32_t hash_lower(const char *text)
{
    uint32_t hash = HASH_START;

    for (; *text; text++) {
        char letter[2] = {(char)tolower((unsigned char)*text), '\0'};

        hash = hash_text(hash, letter);
    }
    return hash;
}

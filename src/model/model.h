// SPDX-License-Identifier: GPL-2.0-or-later
/* The datamodel as tables: classes, fields, messages, enums, roles.
 *
 * The rows are generated from datamodel/ into the build folder (model_ids.h,
 * model_tables.c); the engines that read them are hand-written and small.  Everything here
 * is constant; any thread may read it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/value.h"
#include "model_ids.h" /* enum class_id, F_<CLASS>_<FIELD>, E_<ENUM>_<VALUE>, enum role_bit; generated */

enum type_kind {
    TYPE_VOID,
    TYPE_STRING,
    TYPE_SECRET, /* a string no log may show */
    TYPE_INT,
    TYPE_FLOAT,
    TYPE_BOOL,
    TYPE_DATETIME,
    TYPE_ENUM,
    TYPE_REF,
    TYPE_SET,
    TYPE_MAP,
    TYPE_RECORD,
    TYPE_OPTION,
};

struct enum_def {
    const char *name;
    const char *const *values; /* spelled as the datamodel spells them */
    uint16_t n_values;
    bool exact_case; /* bond_mode and event_operation: read with regard to case */
    const char *doc;
};

struct type {
    enum type_kind kind;
    const char *text;           /* as the datamodel writes it: "map(string,ref(VM))" */
    const struct type *elem;    /* set, option: the element; map: the value */
    const struct type *key;     /* map */
    const struct enum_def *enm; /* enum */
    int16_t cls; /* ref, record: enum class_id, or -1 for a name without a class */
};

enum field_qualifier { FIELD_RW, FIELD_STATIC_RO, FIELD_DYNAMIC_RO };

/* How a field of references is tied to another class. */
enum field_relation {
    REL_NONE,
    REL_PARENT,  /* ref to the one side; the other side's set is derived from it */
    REL_DERIVED, /* set(ref) computed from the other side; never stored, never written */
    REL_MANY,    /* many-to-many, this side stored; the other is REL_DERIVED */
};

struct key_rule {
    const char *key; /* map key; a trailing '*' matches any rest */
    uint16_t roles;  /* bits of enum role_bit */
};

struct field_def {
    const char *name;
    const char *db_name; /* name of the column and in filters: name__label for name_label */
    const struct type *type;
    enum field_qualifier qualifier;
    bool internal_only; /* in the database, never shown */
    bool persist;       /* false: never costs a disk write, starts at its default */
    bool required;      /* a constructor must be given it */
    bool setter_has_side_effect;
    enum field_relation relation;
    int16_t rel_class,
        rel_field;            /* the other side, for REL_PARENT, REL_DERIVED and REL_MANY */
    const char *default_json; /* default (or the type's empty value) as JSON text */
    uint16_t getter_roles, setter_roles;
    const struct key_rule *key_rules;
    uint16_t n_key_rules;
    const char *doc;
};

enum method_kind {
    METHOD_CUSTOM,
    METHOD_GET_RECORD,
    METHOD_GET_BY_UUID,
    METHOD_GET_BY_NAME_LABEL,
    METHOD_GET_ALL,
    METHOD_GET_ALL_WHERE,
    METHOD_GET_ALL_RECORDS,
    METHOD_GET_ALL_RECORDS_WHERE,
    METHOD_CREATE,  /* generated constructor */
    METHOD_DESTROY, /* generated destructor */
    METHOD_GET,
    METHOD_SET,
    METHOD_ADD,
    METHOD_REMOVE,
};

enum method_flags {
    METHOD_SESSION = 1 << 0,       /* first positional parameter is a session */
    METHOD_ASYNC = 1 << 1,         /* Async.<name> exists */
    METHOD_HIDDEN = 1 << 2,        /* answered, but not listed */
    METHOD_POOL_INTERNAL = 1 << 3, /* only for sessions of other hosts */
    METHOD_REMOVED = 1 << 4,       /* answers MESSAGE_REMOVED */
    METHOD_SECRET = 1 << 5,        /* arguments are never logged */
    METHOD_NO_CURRENT_OPS = 1 << 6,
    METHOD_EFFECT = 1 << 7,         /* changes something: audited, waits for start-up */
    METHOD_HOST_EXTENSION = 1 << 8, /* served by the host extension of the same name */
    METHOD_EMERGENCY = 1 << 9,      /* answered in emergency mode too */
    METHOD_RAW_RESULT = 1 << 10,    /* the body's value is sent as it is, not by 'result' */
};

struct param_def {
    const char *name;
    const struct type *type;
    const char *default_json; /* NULL: required */
};

struct method_def {
    const char *wire_name; /* "VM.start" */
    const char *name;      /* "start" */
    int16_t cls;           /* enum class_id */
    enum method_kind kind;
    int16_t field;  /* METHOD_GET, SET, ADD, REMOVE: index in the class; else -1 */
    uint32_t flags; /* enum method_flags */
    const struct param_def *params; /* without the session */
    uint8_t n_params, n_required;
    const struct type *result;
    uint16_t roles; /* bits of enum role_bit allowed to call; 0: local root only */
    const struct key_rule *key_rules;
    uint16_t n_key_rules;
    const enum err_code *errors; /* declared errors */
    uint8_t n_errors;
    const char *doc;
};

struct class_def {
    const char *name;  /* "VM_guest_metrics" */
    const char *lower; /* "vm_guest_metrics": events, valid_ref_counts */
    bool in_database;  /* there are rows, if perhaps not the messages that go with them */
    bool persist, has_events, exposes_get_all;
    bool calls_have_tasks; /* false: a synchronous call leaves no task row */
    const struct field_def *fields;
    uint16_t n_fields;
    int16_t uuid_field, name_label_field; /* -1 when it has none */
    uint16_t first_method, n_methods;     /* range in 'methods' */
    const char *doc;
};

/* A right that belongs to no message: "http/get_export", "task.destroy/any". */
struct permission_def {
    const char *name;
    uint16_t roles;
};

/* A message object the server makes by itself: "VM_STARTED". */
struct alert_def {
    const char *name;
    uint8_t priority; /* 1 is the most urgent */
    const char *doc;
};

extern const struct class_def classes[N_CLASSES];
extern const struct enum_def enums[];
extern const uint16_t n_enums;
extern const struct method_def methods[];
extern const uint16_t n_methods;
extern const char
    *const role_names[N_ROLES]; /* "pool-admin", ...; index = bit number of role_bit */
extern const char *const role_uuids[N_ROLES];
extern const char *const role_docs[N_ROLES];
extern const struct permission_def permissions[];
extern const uint16_t n_permissions;
/* A parameter of an error that is the reference of an object. */
struct error_object {
    enum err_code code;
    uint8_t param;
    int16_t cls;
};

extern const struct error_object error_objects[];
extern const uint16_t n_error_objects;
extern const struct alert_def alerts[];
extern const uint16_t n_alerts;

/* Lookup by wire name; NULL when unknown.  "VM_start" is not folded here: rpc does that. */
const struct method_def *method_by_name(const char *wire_name);
const struct class_def *class_by_name(const char *name);   /* exact case */
const struct class_def *class_by_lower(const char *lower); /* any case */
int class_index(const struct class_def *cls);
/* By the API's name, "name_label"; by the database's, "name__label".  NULL when unknown. */
const struct field_def *field_by_name(const struct class_def *cls, const char *name);
const struct field_def *field_by_db_name(const struct class_def *cls, const char *db_name);
int field_index(const struct class_def *cls, const struct field_def *field);

const struct permission_def *permission_by_name(const char *name);
const struct alert_def *alert_by_name(const char *name);

/* Index of the value; -1 when 'text' is none of 'enm'.  Case counts only where the enum
 * says so. */
int enum_parse(const struct enum_def *enm, const char *text);
/* Any other 'i' than an index of 'enm' stops the program. */
const char *enum_text(const struct enum_def *enm, int64_t i);

#define NULL_REF "OpaqueRef:NULL"

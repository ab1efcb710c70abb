// SPDX-License-Identifier: GPL-2.0-or-later
/* The xe command as tables: what it shows of each class and what each command calls.
 *
 * The rows are generated from datamodel/xe/ (its FORMAT.md explains the columns) into the
 * build folder; the engines beside this file read them.  Everything here is constant. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err_codes.h"
#include "model_ids.h"

enum xe_mark { XE_RO, XE_RW, XE_SRO, XE_SRW, XE_MRO, XE_MRW };

enum xe_flags {
    /* of fields */
    XE_SETTABLE = 1 << 0, /* a set that param-set replaces as a whole */
    XE_HIDDEN = 1 << 1,   /* field: only when asked for by name; command: not in the help */
    XE_EXPENSIVE = 1 << 2,  /* computed for one object, not for lists */
    XE_DEPRECATED = 1 << 3, /* also of commands */
    XE_ANY_CASE = 1 << 4,   /* filters compare without regard to case */
    XE_COMMA = 1 << 5,      /* elements are joined by ", " */
    /* of commands */
    XE_COMMON = 1 << 6,    /* in the short help */
    XE_LOCAL = 1 << 7,     /* for the host itself, without its database */
    XE_TEMPLATES = 1 << 8, /* templates may be selected too */
};

struct xe_step {
    int16_t cls, field;
};

enum xe_change {
    XE_SET,     /* the whole value */
    XE_ADD,     /* an element, or a key and its value */
    XE_REMOVE,  /* an element, or a key */
    XE_PUT,     /* a key and its value, over what was there */
    XE_WHOLE,   /* all pairs at once */
    XE_REWRITE, /* the whole value, read before and changed here */
    N_XE_CHANGES
};

struct xe_field {
    const char *name;
    enum xe_mark mark;
    uint32_t flags;
    const struct xe_step *steps; /* from the object's record to the value */
    size_t n_steps;
    const char *message; /* the value is this message's answer */
    const char *code;    /* the value is computed: cli/computed.c */
    const char *changes[N_XE_CHANGES];
};

enum xe_can {
    XE_CAN_LIST = 1 << 0,
    XE_CAN_PARAM_LIST = 1 << 1,
    XE_CAN_PARAM_GET = 1 << 2,
    XE_CAN_PARAM_SET = 1 << 3,
    XE_CAN_PARAM_ADD = 1 << 4,
    XE_CAN_PARAM_REMOVE = 1 << 5,
    XE_CAN_PARAM_CLEAR = 1 << 6,
};

struct xe_object {
    const char *name;       /* "vm" */
    const char *class_name; /* "VM" */
    int16_t cls;
    const char *const *filters; /* "is-a-template=false": what lists show */
    size_t n_filters;
    const char *const *columns; /* of lists; none: all */
    size_t n_columns;
    const struct xe_field *fields; /* "uuid" first */
    size_t n_fields;
    uint32_t can;       /* enum xe_can */
    const char *newest; /* the API's field that sorts lists, latest first; or NULL */
};

enum xe_word_kind {
    XE_WORD_SELECTED, /* the selected object */
    XE_WORD_POOL,
    XE_WORD_HOST, /* the host that answers */
    XE_WORD_RESULT,
    XE_WORD_LITERAL,
    XE_WORD_ARGUMENT,
    XE_WORD_FILE,   /* the contents of the file that argument 'text' names */
    XE_WORD_ABSENT, /* whether argument 'text' is missing */
    XE_WORD_PREFIX, /* all arguments that begin with 'text' as a map */
    XE_WORD_RECORD, /* words are its members; of a map those that are there */
};

struct xe_word {
    enum xe_word_kind kind;
    const char *text;
    const char *otherwise; /* for an absent argument; NULL: it must be there */
    const char *member;    /* inside a record: the field */
    const struct xe_word *words;
    size_t n_words;
};

enum xe_call_kind {
    XE_CALL,
    XE_WHEN,  /* instead of the call, when 'argument' is true */
    XE_GIVEN, /* instead of the call, when 'argument' ("name" or "name=value") is there */
    XE_THEN,  /* after the call, when all its arguments are there */
};

struct xe_call {
    enum xe_call_kind kind;
    const char *argument;
    const char *message;
    const struct xe_word *words;
    size_t n_words;
};

enum xe_on { XE_ON_NOTHING, XE_ON_VM, XE_ON_HOST, XE_ON_SR };

struct xe_command {
    const char *name, *doc;
    enum xe_on on;
    uint32_t flags;
    const char *const *need; /* arguments that must be there; "x:" is a map's prefix */
    size_t n_need;
    const char *const *may;
    size_t n_may;
    const struct xe_call *calls;
    size_t n_calls;
    const char *result;  /* the field of the result to show instead of itself; or NULL */
    bool code;           /* written by hand: cli/verbs.c */
    const char *missing; /* why it is not implemented; or NULL */
};

struct xe_shown {
    const char *enm, *value, *text;
};

extern const struct xe_object xe_objects[];
extern const size_t xe_n_objects;
extern const struct xe_command xe_commands[]; /* sorted by name */
extern const size_t xe_n_commands;
/* Enum values that xe spells otherwise than the API. */
extern const struct xe_shown xe_shown[];
extern const size_t xe_n_shown;
/* Names of an error's parameters, joined by ","; NULL: not declared. */
extern const char *const xe_error_params[N_ERR_CODES];

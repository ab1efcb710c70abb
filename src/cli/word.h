// SPDX-License-Identifier: GPL-2.0-or-later
/* The words of a call in datamodel/xe/commands.dm, as values.  One thread. */
#pragma once

#include "cli/run.h"

struct class_def;
struct type;

struct scene {
    struct run *run;
    const char *selected;     /* NULL: nothing is selected */
    const struct val *result; /* of the call before */
};

/* The value of 'word' for a parameter of 'type'. */
struct err *word_value(const struct scene *scene, const struct xe_word *word,
                       const struct type *type, struct val *ret_value) MUST_CHECK;
/* True unless an argument that the word needs is missing. */
bool word_is_there(const struct args *args, const struct xe_word *word);
/* Adds what a constructor of 'cls' must be given and 'record' does not hold: empty values.
 */
void word_add_required(const struct class_def *cls, struct val *record);

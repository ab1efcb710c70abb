// SPDX-License-Identifier: GPL-2.0-or-later
/* From a command line's text to the value a message wants.  One thread. */
#pragma once

#include "base/err.h"
#include "base/value.h"

struct catalog;
struct type;

/* Reads 'text', given for 'name', as a value of 'type': untyped, ready for the wire.
 * References are written as UUIDs ("" is none), sets as lists with commas, sizes with KiB,
 * MiB, GiB or TiB behind them. */
struct err *convert_text(struct catalog *catalog, const struct type *type, const char *name,
                         const char *text, struct val *ret_value) MUST_CHECK;
/* Reads the texts of a map by the type of its keys and values. */
struct err *convert_map(struct catalog *catalog, const struct type *type, const char *name,
                        const struct val *texts, struct val *ret_value) MUST_CHECK;
/* The empty value of 'type': "", 0, false, none, {}. */
struct val convert_empty(const struct type *type);

// SPDX-License-Identifier: GPL-2.0-or-later
/* What the generated model_tables.c holds for model.c alone. */
#pragma once

#include <stdint.h>

#include "model/model.h"

/* Fields of all classes, class after class; class_def.fields points into it. */
extern const struct field_def field_rows[];

/* Hash tables made at build time: a slot is 0 (free) or an index + 1, found by the FNV-1a
 * hash of the name and then upwards.  A mask is the number of slots less one. */
extern const uint32_t method_mask, field_mask, class_mask;
extern const uint16_t method_slots[]; /* "VM.start" -> methods */
extern const uint16_t field_slots[];  /* "VM.name_label" -> field_rows */
extern const uint16_t class_slots[];  /* "vm" -> classes */

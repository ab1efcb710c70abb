// SPDX-License-Identifier: GPL-2.0-or-later
/* Somebody's right to a volume, in memory and as a file of the state directory.  Plain
 * data; one thread at a time. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/uuid.h"
#include "base/value.h"
#include "storage/layers.h"

struct hold {
    struct uuid sr, vdi, holder; /* no holder: a reservation of this daemon */
    enum open_mode mode;
    struct uuid lower, upper; /* of the merge granted to it; "": none */
    struct uuid *layers;      /* it has open, the leaf first; NULL: not known */
    size_t n_layers;
};

void hold_fini(struct hold *hold);
#define autohold CLEANUP(hold_fini) struct hold

struct hold_list {
    struct hold *at;
    size_t n, room;
};

void hold_list_fini(struct hold_list *list);
#define autoholds CLEANUP(hold_list_fini) struct hold_list

struct hold hold_copy(const struct hold *hold);
/* Replaces its layers by 'n' others. */
void hold_set_layers(struct hold *hold, const struct uuid *layers, size_t n);
/* Has one of the layers open.  Of somebody whose layers are not known: true. */
bool hold_has(const struct hold *hold, const struct uuid *layers, size_t n);
/* A list of {vdi, holder, mode}. */
struct val holds_to_val(const struct hold_list *holds);

/* Its file: <sr>.<vdi>.<holder>.json; and back, false for other names. */
char *hold_name(const struct hold *hold);
bool hold_from_name(const char *name, struct hold *ret_hold);
/* 0 or a negative errno. */
int hold_write(int dir_fd, const char *boot_id, const struct hold *hold);
/* Reads what its name does not tell: -ESTALE for one of another boot, else -EBADMSG. */
int hold_read(int dir_fd, const char *name, const char *boot_id, struct hold *hold);

// SPDX-License-Identifier: GPL-2.0-or-later
/* A file of delays and failures for the backend sim (lk-vmd --sim-script FILE; the syntax
 * is in lk-vmd(8)).  Any thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sim_script;

/* What a guest does. */
enum sim_guest_habit {
    SIM_GUEST_NONE,   /* has no agent */
    SIM_GUEST_SILENT, /* has one that neither reads nor writes */
    SIM_GUEST_DEAF,   /* hears that it shall end, and goes on */
    SIM_GUEST_POWEROFF,
    SIM_GUEST_HALT,
    SIM_GUEST_REBOOT,
    SIM_GUEST_RESTART, /* reboots, and that is its domain's end, as on Xen */
    SIM_GUEST_CRASH,
    SIM_GUEST_DIE, /* the simulated process ends */
    N_SIM_GUEST_HABITS
};

/* 'path' NULL: a script without lines. */
struct err *sim_script_read(const char *path, struct sim_script **ret_script) MUST_CHECK;
void sim_script_free(struct sim_script *script);

/* The script's lines for 'place' ("create") and a VM named 'name', in their order: waits,
 * and the first failure.  '*ret_dies': this process is to end once it is done. */
struct err *sim_script_run(struct sim_script *script, const char *place, const char *name,
                           bool *ret_dies) MUST_CHECK;

/* Whether the guest of a VM named 'name' has that habit, and after how long. */
bool sim_script_guest(struct sim_script *script, enum sim_guest_habit habit,
                      const char *name, uint64_t *ret_ms);

/* "poweroff" and the like; -1 for another word. */
int sim_guest_habit_by_word(const char *word);
const char *sim_guest_habit_word(enum sim_guest_habit habit);

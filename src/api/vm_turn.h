// SPDX-License-Identifier: GPL-2.0-or-later
/* What is done to a VM by one at a time.  The operations' rules let a hard shutdown begin
 * beside others, so that it can override them; this orders what they do then.
 *
 * vm_turn_take waits for the VM's turn.  Whoever has it reads the VM's row anew: it may be
 * another than before.  VM_TURN_POWER is taken before VM_TURN_NVRAM; neither twice by one.
 * Any thread. */
#pragma once

enum vm_turn {
    VM_TURN_POWER, /* ending and starting its domain */
    VM_TURN_NVRAM, /* saving its firmware's variables */
    N_VM_TURNS
};

void vm_turn_take(enum vm_turn turn, const char *vm_ref);
void vm_turn_give(enum vm_turn turn, const char *vm_ref);

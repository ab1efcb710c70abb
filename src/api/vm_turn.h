// SPDX-License-Identifier: GPL-2.0-or-later
/* One at a time ends or starts a VM.  The operations' rules let a hard shutdown begin
 * beside others, so that it can override them; this orders what they do then.
 *
 * vm_turn_take waits for the VM's turn.  Whoever has it reads the VM's row anew: it may be
 * another than before.  Any thread; not twice by one. */
#pragma once

void vm_turn_take(const char *vm_ref);
void vm_turn_give(const char *vm_ref);

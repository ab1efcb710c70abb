// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of the journal by name. */
#include "api/journal_settle.h"

const struct journal_step_def journal_steps[N_JOURNAL_STEPS] = {
    [JOURNAL_VDI_MADE] = {"vdi.made", 2, journal_settle_vdi_made},
    [JOURNAL_SNAPSHOT] = {"vdi.snapshot", 3, journal_settle_snapshot},
    [JOURNAL_VDI_GOING] = {"vdi.going", 2, journal_settle_vdi_going},
    [JOURNAL_HELD] = {"held", 3, journal_settle_held, true},
    [JOURNAL_SR_MADE] = {"sr.made", 1, journal_settle_sr_made},
    [JOURNAL_SR_GOING] = {"sr.going", 1, journal_settle_sr_going},
    [JOURNAL_PBD] = {"pbd", 1, journal_settle_pbd, true},
    [JOURNAL_VM_STARTING] = {"vm.starting", 1, journal_settle_vm_starting},
    [JOURNAL_VM_ENDING] = {"vm.ending", 1, journal_settle_vm_ending},
    [JOURNAL_VM_RESTARTING] = {"vm.restarting", 2, journal_settle_vm_restarting},
    [JOURNAL_VM_STATE] = {"vm.state", 2, journal_settle_vm_state},
    [JOURNAL_DRIVE] = {"drive", 3, journal_settle_drive},
    [JOURNAL_DEVICE] = {"device", 2, journal_settle_device},
    [JOURNAL_AGAIN] = {"again", 3, journal_settle_again},
};

// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/bodies.h"

const struct body_def *const body_tables[] = {
    event_bodies,    role_bodies,     session_bodies, sr_bodies,  subject_bodies,
    task_bodies,     vbd_bodies,      vdi_bodies,     vif_bodies, vm_create_bodies,
    vm_field_bodies, vm_power_bodies, NULL,
};

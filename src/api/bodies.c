// SPDX-License-Identifier: GPL-2.0-or-later
#include "api/bodies.h"

const struct body_def *const body_tables[] = {
    absent_bodies,       bios_bodies,
    blob_bodies,         bond_bodies,
    certificate_bodies,  data_source_bodies,
    device_plug_bodies,  diagnostics_bodies,
    event_bodies,        host_bodies,
    host_machine_bodies, host_member_bodies,
    host_setting_bodies, message_bodies,
    observer_bodies,     pif_bodies,
    plugin_bodies,       pool_bodies,
    pool_plan_bodies,    repository_bodies,
    role_bodies,         server_certificate_bodies,
    session_bodies,      small_row_bodies,
    sr_bodies,           sr_setting_bodies,
    subject_bodies,      task_bodies,
    vbd_bodies,          vbd_limit_bodies,
    vdi_bodies,          vdi_setting_bodies,
    vif_bodies,          vif_setting_bodies,
    vlan_bodies,         vm_appliance_bodies,
    vm_create_bodies,    vm_field_bodies,
    vm_power_bodies,     vm_query_bodies,
    vm_revert_bodies,    vm_setting_bodies,
    vm_snapshot_bodies,  vm_suspend_bodies,
    vmss_bodies,         NULL,
};

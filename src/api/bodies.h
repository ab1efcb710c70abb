// SPDX-License-Identifier: GPL-2.0-or-later
/* The tables of hand-written method bodies, one a file of src/api, each ended by {0}.  A
 * new file adds its table here and in bodies.c. */
#pragma once

#include "rpc/call.h"

extern const struct body_def absent_bodies[];
extern const struct body_def bios_bodies[];
extern const struct body_def blob_bodies[];
extern const struct body_def bond_bodies[];
extern const struct body_def caller_bodies[];
extern const struct body_def certificate_bodies[];
extern const struct body_def data_source_bodies[];
extern const struct body_def device_plug_bodies[];
extern const struct body_def diagnostics_bodies[];
extern const struct body_def event_bodies[];
extern const struct body_def host_bodies[];
extern const struct body_def host_machine_bodies[];
extern const struct body_def host_manage_bodies[];
extern const struct body_def host_member_bodies[];
extern const struct body_def host_setting_bodies[];
extern const struct body_def https_only_bodies[];
extern const struct body_def message_bodies[];
extern const struct body_def observer_bodies[];
extern const struct body_def pif_bodies[];
extern const struct body_def plugin_bodies[];
extern const struct body_def pool_bodies[];
extern const struct body_def pool_plan_bodies[];
extern const struct body_def repository_bodies[];
extern const struct body_def role_bodies[];
extern const struct body_def server_certificate_bodies[];
extern const struct body_def session_bodies[];
extern const struct body_def small_row_bodies[];
extern const struct body_def sr_bodies[];
extern const struct body_def sr_setting_bodies[];
extern const struct body_def subject_bodies[];
extern const struct body_def task_bodies[];
extern const struct body_def vbd_bodies[];
extern const struct body_def vbd_limit_bodies[];
extern const struct body_def vdi_bodies[];
extern const struct body_def vdi_move_bodies[];
extern const struct body_def vdi_setting_bodies[];
extern const struct body_def vif_bodies[];
extern const struct body_def vif_setting_bodies[];
extern const struct body_def vlan_bodies[];
extern const struct body_def vm_appliance_bodies[];
extern const struct body_def vm_checkpoint_bodies[];
extern const struct body_def vm_create_bodies[];
extern const struct body_def vm_field_bodies[];
extern const struct body_def vm_live_bodies[];
extern const struct body_def vm_power_bodies[];
extern const struct body_def vm_query_bodies[];
extern const struct body_def vm_revert_bodies[];
extern const struct body_def vm_setting_bodies[];
extern const struct body_def vm_snapshot_bodies[];
extern const struct body_def vm_suspend_bodies[];
extern const struct body_def vmss_bodies[];

/* All of them, NULL at the end: for rpc_new. */
extern const struct body_def *const body_tables[];

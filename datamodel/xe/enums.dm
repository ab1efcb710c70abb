# SPDX-License-Identifier: GPL-2.0-or-later
# Enum values that xe spells otherwise than the API.

enum vm_power_state
  show Halted halted
  show Paused paused
  show Running running
  show Suspended suspended

enum on_normal_exit
  show destroy Destroy
  show restart Restart

enum on_softreboot_behavior
  show soft_reboot Soft reboot
  show destroy Destroy
  show restart Restart
  show preserve Preserve

enum on_crash_behaviour
  show destroy Destroy
  show coredump_and_destroy Core dump and destroy
  show restart Restart
  show coredump_and_restart Core dump and restart
  show preserve Preserve
  show rename_restart Rename restart

enum console_protocol
  show vt100 VT100
  show rfb RFB
  show rdp RDP

enum vdi_type
  show system System
  show user User
  show ephemeral Ephemeral
  show suspend Suspend
  show crashdump Crashdump
  show ha_statefile HA statefile
  show metadata Metadata
  show redo_log Redo log
  show pvs_cache PVS cache
  show cbt_metadata CBT metadata

enum storage_operations
  show vdi_create VDI.create
  show vdi_introduce VDI.introduce
  show vdi_destroy VDI.destroy
  show vdi_resize VDI.resize
  show vdi_clone VDI.clone
  show vdi_snapshot VDI.snapshot
  show vdi_mirror VDI.mirror
  show vdi_enable_cbt VDI.enable_cbt
  show vdi_disable_cbt VDI.disable_cbt
  show vdi_data_destroy VDI.data_destroy
  show vdi_list_changed_blocks VDI.list_changed_blocks
  show vdi_set_on_boot VDI.set_on_boot
  show vdi_blocked VDI.blocked
  show vdi_copy VDI.copy
  show vdi_force_unlock VDI.force_unlock
  show vdi_forget VDI.forget
  show vdi_generate_config VDI.generate_config
  show vdi_resize_online VDI.resize_online
  show vdi_update VDI.update
  show vdi_revert VDI.revert
  show pbd_create PBD.create
  show pbd_destroy PBD.destroy

enum host_allowed_operations
  show vm_start VM.start
  show vm_resume VM.resume
  show vm_migrate VM.migrate

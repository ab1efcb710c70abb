# SPDX-License-Identifier: GPL-2.0-or-later

class VM
  since rio
  writer vm-admin
  flags constructor

enum domain_type
  value hvm
  value pv
  value pv_in_pvh
  value pvh
  value unspecified

enum on_crash_behaviour
  value destroy
  value coredump_and_destroy
  value restart
  value coredump_and_restart
  value preserve
  value rename_restart

enum on_normal_exit
  value destroy
  value restart

enum on_softreboot_behavior
  value soft_reboot
  value destroy
  value restart
  value preserve

enum update_guidances
  value reboot_host
  value reboot_host_on_livepatch_failure
  value reboot_host_on_kernel_livepatch_failure
  value reboot_host_on_xen_livepatch_failure
  value restart_toolstack
  value restart_device_model
  value restart_vm

enum update_status
  value yes
  value no
  value unspecified

enum vm_operations
  value snapshot
  value clone
  value copy
  value create_template
  value revert
  value checkpoint
  value snapshot_with_quiesce
  value provision
  value start
  value start_on
  value pause
  value unpause
  value clean_shutdown
  value clean_reboot
  value hard_shutdown
  value power_state_reset
  value hard_reboot
  value suspend
  value csvm
  value resume
  value resume_on
  value pool_migrate
  value migrate_send
  value get_boot_record
  value send_sysrq
  value send_trigger
  value query_services
  value shutdown
  value call_plugin
  value changing_memory_live
  value awaiting_memory_live
  value changing_dynamic_range
  value changing_static_range
  value changing_memory_limits
  value changing_shadow_memory
  value changing_shadow_memory_live
  value changing_VCPUs
  value changing_VCPUs_live
  value changing_NVRAM
  value assert_operation_valid
  value data_source_op
  value update_allowed_operations
  value make_into_template
  value import
  value export
  value metadata_export
  value reverting
  value destroy
  value create_vtpm
  value sysprep

enum vm_power_state
  value Halted
  value Paused
  value Running
  value Suspended

enum vm_secureboot_certificates_state
  value ok
  value update_available
  value update_on_boot

enum vm_secureboot_readiness
  value not_supported
  value disabled
  value first_boot
  value ready
  value ready_no_dbx
  value setup_mode
  value certs_incomplete

enum vm_uefi_mode
  value setup
  value user

field uuid dynamic string

field allowed_operations dynamic set(enum(vm_operations)) = []
  flags volatile

field current_operations dynamic map(string,enum(vm_operations)) = {}
  flags volatile

field name__label rw string = ""

field name__description rw string = ""

field power_state static enum(vm_power_state) = "Halted"
  writer vm-operator

field user_version rw int

field is_a_template rw bool
  flags side-effect

field is_default_template dynamic bool = false
  since falcon
  writer pool-admin

field suspend_VDI static ref(VDI) = "OpaqueRef:NULL"

field resident_on dynamic ref(host)
  writer vm-power-admin
  to host.resident_VMs

field scheduled_to_be_resident_on dynamic ref(host) = "OpaqueRef:NULL"
  writer vm-power-admin

field affinity rw ref(host)
  writer vm-power-admin

field memory__overhead dynamic int = 0
  writer vm-power-admin

field memory__target static int = 0
  since rio, deprecated midnight-ride
  writer vm-power-admin

field memory__static_max static int
  writer vm-power-admin

field memory__dynamic_max static int
  writer vm-power-admin

field memory__dynamic_min static int
  writer vm-power-admin

field memory__static_min static int
  writer vm-power-admin

field VCPUs__params rw map(string,string)

field VCPUs__max static int

field VCPUs__at_startup static int

field actions__after_softreboot rw enum(on_softreboot_behavior) = "soft_reboot"
  prototyped 23.1.0

field actions__after_shutdown rw enum(on_normal_exit)

field actions__after_reboot rw enum(on_normal_exit)

field actions__after_crash static enum(on_crash_behaviour)

field consoles dynamic set(ref(console))
  writer pool-admin
  from console.VM

field VIFs dynamic set(ref(VIF))
  from VIF.VM

field VBDs dynamic set(ref(VBD))
  from VBD.VM

field VUSBs dynamic set(ref(VUSB))
  from VUSB.VM

field crash_dumps dynamic set(ref(crashdump))
  writer pool-admin
  from crashdump.VM

field VTPMs dynamic set(ref(VTPM))
  from VTPM.VM

field PV__bootloader rw string

field PV__kernel rw string

field PV__ramdisk rw string

field PV__args rw string

field PV__bootloader_args rw string

field PV__legacy_args rw string

field HVM__boot_policy static string
  since rio, deprecated kolkata

field HVM__boot_params rw map(string,string)

field HVM__shadow_multiplier static float = 1.0
  since miami
  writer vm-power-admin

field platform static map(string,string)
  key hvm_serial pool-admin

field PCI_bus rw string
  since rio, deprecated boston

field other_config static map(string,string)
  key pci pool-admin
  key hvm_serial pool-admin
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field domid dynamic int

field domarch dynamic string

field last_boot_CPU_flags static map(string,string) = {}

field is_control_domain dynamic bool

field metrics dynamic ref(VM_metrics)

field guest_metrics dynamic ref(VM_guest_metrics)

field last_booted_record static string = ""
  since miami

field recommendations rw string

field xenstore_data rw map(string,string) = {}
  since miami
  flags side-effect

field ha_always_run static bool = false
  since orlando, deprecated boston
  writer pool-operator

field ha_restart_priority static string = ""
  since orlando
  writer pool-operator

field is_a_snapshot dynamic bool = false
  since orlando
  writer vm-power-admin

field snapshot_of dynamic ref(VM) = "OpaqueRef:NULL"
  since orlando
  writer vm-power-admin
  to VM.snapshots

field snapshots dynamic set(ref(VM))
  since orlando
  writer vm-power-admin
  from VM.snapshot_of

field snapshot_time dynamic datetime = "19700101T00:00:00Z"
  since orlando
  writer vm-power-admin

field transportable_snapshot_id dynamic string = ""
  since orlando
  writer vm-power-admin

field blobs dynamic map(string,ref(blob)) = {}
  since orlando

field tags rw set(string) = []
  since orlando
  writer vm-operator

field blocked_operations static map(enum(vm_operations),string) = {}
  since orlando

field snapshot_info dynamic map(string,string) = {}
  since midnight-ride
  writer vm-power-admin

field snapshot_metadata dynamic string = ""
  since midnight-ride
  writer vm-power-admin

field parent dynamic ref(VM) = "OpaqueRef:NULL"
  since midnight-ride
  writer vm-power-admin
  to VM.children

field children dynamic set(ref(VM))
  since midnight-ride
  writer vm-power-admin
  from VM.parent

field bios_strings dynamic map(string,string) = {}
  since midnight-ride

field protection_policy static ref(VMPP) = "OpaqueRef:NULL"
  since cowley, deprecated clearwater
  writer vm-power-admin
  to VMPP.VMs

field is_snapshot_from_vmpp static bool = false
  since cowley, deprecated clearwater, removed clearwater
  writer pool-operator

field snapshot_schedule static ref(VMSS) = "OpaqueRef:NULL"
  since falcon
  writer vm-power-admin
  to VMSS.VMs

field is_vmss_snapshot static bool = false
  since falcon
  writer pool-operator

field appliance static ref(VM_appliance) = "OpaqueRef:NULL"
  writer pool-operator
  to VM_appliance.VMs

field start_delay static int = 0
  since boston
  writer pool-operator

field shutdown_delay static int = 0
  since boston
  writer pool-operator

field order static int = 0
  since boston
  writer pool-operator

field VGPUs dynamic set(ref(VGPU))
  since boston
  from VGPU.VM

field attached_PCIs dynamic set(ref(PCI))
  since boston
  from PCI.attached_VMs

field suspend_SR rw ref(SR) = "OpaqueRef:NULL"
  since boston

field version static int = 0
  since boston

field generation_id static string = "0:0"
  since clearwater

field hardware_platform_version rw int = 0
  since cream

field has_vendor_device static bool = true
  since dundee

field requires_reboot dynamic bool = false
  since ely

field reference_label static string = ""
  since ely

field domain_type static enum(domain_type) = "unspecified"
  prototyped jura, since kolkata

field NVRAM static map(string,string) = {}
  since naples

field pending_guidances dynamic set(enum(update_guidances)) = []
  since 1.303.0

field recommended_guidances dynamic set(enum(update_guidances)) = []
  prototyped 23.18.0, removed 23.24.0
  flags internal

field pending_guidances_recommended dynamic set(enum(update_guidances)) = []
  prototyped 24.10.0

field pending_guidances_full dynamic set(enum(update_guidances)) = []
  prototyped 24.10.0

field groups dynamic set(ref(VM_group))
  prototyped 24.19.1
  to VM_group.VMs

field secureboot_certificates_state dynamic enum(vm_secureboot_certificates_state) = "ok"
  prototyped 26.14.0

message snapshot
  since orlando
  role vm-power-admin
  param vm ref(VM)
  param new_name string
  param ignore_vdis set(ref(VDI)) = []
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED

message snapshot_with_quiesce
  since orlando, deprecated quebec, removed quebec
  role vm-power-admin
  param vm ref(VM)
  param new_name string
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED VM_SNAPSHOT_WITH_QUIESCE_FAILED
  errors VM_SNAPSHOT_WITH_QUIESCE_TIMEOUT VM_SNAPSHOT_WITH_QUIESCE_PLUGIN_DEOS_NOT_RESPOND
  errors VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED

message clone
  role vm-admin
  param vm ref(VM)
  param new_name string
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message copy
  role vm-admin
  param vm ref(VM)
  param new_name string
  param sr ref(SR)
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message revert
  since midnight-ride
  role vm-power-admin
  param snapshot ref(VM)
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED SR_FULL VM_REVERT_FAILED

message checkpoint
  since midnight-ride
  role vm-power-admin
  param vm ref(VM)
  param new_name string
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED VM_CHECKPOINT_SUSPEND_FAILED
  errors VM_CHECKPOINT_RESUME_FAILED

message provision
  role vm-admin
  param vm ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message start
  role vm-operator
  param vm ref(VM)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE VM_HVM_REQUIRED VM_IS_TEMPLATE OTHER_OPERATION_IN_PROGRESS
  errors OPERATION_NOT_ALLOWED BOOTLOADER_FAILED UNKNOWN_BOOTLOADER NO_HOSTS_AVAILABLE
  errors LICENCE_RESTRICTION

message start_on
  role vm-power-admin
  flags client-cert
  param vm ref(VM)
  param host ref(host)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE VM_IS_TEMPLATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED
  errors BOOTLOADER_FAILED UNKNOWN_BOOTLOADER

message pause
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message unpause
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message clean_shutdown
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message shutdown
  since clearwater
  role vm-operator
  flags client-cert
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message clean_reboot
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message hard_shutdown
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message power_state_reset
  role pool-operator
  param vm ref(VM)

message hard_reboot
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message suspend
  role vm-operator
  flags client-cert
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message csvm
  since rio, deprecated miami
  role vm-admin
  flags hidden
  param vm ref(VM)
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message resume
  role vm-operator
  param vm ref(VM)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message set_is_default_template
  since falcon
  role pool-admin
  flags hidden
  param vm ref(VM)
  param value bool

message hard_reboot_internal
  since orlando, deprecated midnight-ride
  role local-root
  flags hidden pool-internal
  param vm ref(VM)

message resume_on
  role vm-power-admin
  flags client-cert
  param vm ref(VM)
  param host ref(host)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message pool_migrate
  role vm-power-admin
  flags client-cert
  param vm ref(VM)
  param host ref(host)
  param options map(string,string)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS VM_IS_TEMPLATE OPERATION_NOT_ALLOWED
  errors VM_BAD_POWER_STATE

message pool_migrate_complete
  since tampa
  role vm-power-admin
  flags hidden client-cert
  param vm ref(VM)
  param host ref(host)

message set_VCPUs_number_live
  role vm-admin
  param self ref(VM)
  param nvcpu int
  errors OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message add_to_VCPUs_params_live
  role vm-admin
  param self ref(VM)
  param key string
  param value string

message set_NVRAM
  since naples
  role vm-admin
  flags sync
  param self ref(VM)
  param value map(string,string)

message add_to_NVRAM
  since naples
  role vm-admin
  flags sync
  param self ref(VM)
  param key string
  param value string

message remove_from_NVRAM
  since naples
  role vm-admin
  flags sync
  param self ref(VM)
  param key string

message set_ha_restart_priority
  since orlando
  role pool-operator
  flags sync
  param self ref(VM)
  param value string

message set_ha_always_run
  since orlando, deprecated boston
  role pool-operator
  flags sync
  param self ref(VM)
  param value bool

message compute_memory_overhead
  since midnight-ride
  role read-only
  flags query
  param vm ref(VM)
  result int

message set_memory_dynamic_max
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int

message set_memory_dynamic_min
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int

message set_memory_dynamic_range
  since midnight-ride
  role vm-power-admin
  param self ref(VM)
  param min int
  param max int

message set_memory_static_max
  since orlando
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int
  errors HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN

message set_memory_static_min
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int

message set_memory_static_range
  since midnight-ride
  role vm-power-admin
  param self ref(VM)
  param min int
  param max int

message set_memory_limits
  since midnight-ride
  role vm-power-admin
  param self ref(VM)
  param static_min int
  param static_max int
  param dynamic_min int
  param dynamic_max int

message set_memory
  since ely
  role vm-power-admin
  param self ref(VM)
  param value int

message set_memory_target_live
  since rio, deprecated midnight-ride
  role vm-power-admin
  param self ref(VM)
  param target int

message wait_memory_target_live
  since orlando, deprecated midnight-ride
  role read-only
  param self ref(VM)

message get_cooperative
  since midnight-ride, deprecated tampa
  role read-only
  flags query
  param self ref(VM)
  result bool

message set_HVM_shadow_multiplier
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value float

message set_shadow_multiplier_live
  role vm-power-admin
  param self ref(VM)
  param multiplier float

message set_VCPUs_max
  since midnight-ride
  role vm-admin
  flags sync
  param self ref(VM)
  param value int

message set_VCPUs_at_startup
  since midnight-ride
  role vm-admin
  flags sync
  param self ref(VM)
  param value int

message send_sysrq
  role pool-admin
  param vm ref(VM)
  param key string
  errors VM_BAD_POWER_STATE

message send_trigger
  role pool-admin
  param vm ref(VM)
  param trigger string
  errors VM_BAD_POWER_STATE

message maximise_memory
  since miami
  role read-only
  flags query
  param self ref(VM)
  param total int
  param approximate bool
  result int

message migrate_send
  since tampa
  role vm-power-admin
  param vm ref(VM)
  param dest map(string,string)
  param live bool
  param vdi_map map(ref(VDI),ref(SR))
  param vif_map map(ref(VIF),ref(network))
  param options map(string,string)
  param vgpu_map map(ref(VGPU),ref(GPU_group)) = {}
  param vdi_format_map map(ref(VDI),string) = {}
  result ref(VM)
  errors VM_BAD_POWER_STATE LICENCE_RESTRICTION

message assert_can_migrate
  since tampa
  role vm-power-admin
  flags query
  param vm ref(VM)
  param dest map(string,string)
  param live bool
  param vdi_map map(ref(VDI),ref(SR))
  param vif_map map(ref(VIF),ref(network))
  param options map(string,string)
  param vgpu_map map(ref(VGPU),ref(GPU_group)) = {}
  errors LICENCE_RESTRICTION

message assert_can_migrate_sender
  since inverness
  role vm-power-admin
  flags query hidden
  param vm ref(VM)
  param dest map(string,string)
  param live bool
  param vdi_map map(ref(VDI),ref(SR))
  param vif_map map(ref(VIF),ref(network))
  param vgpu_map map(ref(VGPU),ref(GPU_group))
  param options map(string,string)

message get_boot_record
  since rio, deprecated inverness
  role read-only
  flags sync query
  param self ref(VM)
  result record(VM)

message get_data_sources
  since orlando
  role read-only
  flags sync query
  param self ref(VM)
  result set(record(data_source))

message record_data_source
  since orlando
  role vm-admin
  flags sync
  param self ref(VM)
  param data_source string

message query_data_source
  since orlando
  role read-only
  flags sync query
  param self ref(VM)
  param data_source string
  result float

message forget_data_source_archives
  since orlando
  role vm-admin
  flags sync
  param self ref(VM)
  param data_source string

message assert_operation_valid
  role read-only
  flags query
  param self ref(VM)
  param op enum(vm_operations)

message update_allowed_operations
  role pool-admin
  param self ref(VM)

message get_allowed_VBD_devices
  role read-only
  flags sync query no-current-ops
  param vm ref(VM)
  result set(string)

message get_allowed_VIF_devices
  role read-only
  flags sync query no-current-ops
  param vm ref(VM)
  result set(string)

message get_possible_hosts
  role read-only
  flags query
  param vm ref(VM)
  result set(ref(host))

message assert_can_boot_here
  role read-only
  flags query
  param self ref(VM)
  param host ref(host)
  errors HOST_NOT_ENOUGH_FREE_MEMORY HOST_NOT_ENOUGH_PCPUS
  errors NETWORK_SRIOV_INSUFFICIENT_CAPACITY HOST_NOT_LIVE HOST_DISABLED
  errors HOST_CANNOT_ATTACH_NETWORK VM_HVM_REQUIRED VM_REQUIRES_GPU VM_REQUIRES_IOMMU
  errors VM_REQUIRES_NETWORK VM_REQUIRES_SR VM_REQUIRES_VGPU VM_HOST_INCOMPATIBLE_VERSION
  errors VM_HOST_INCOMPATIBLE_VIRTUAL_HARDWARE_PLATFORM_VERSION INVALID_VALUE
  errors MEMORY_CONSTRAINT_VIOLATION OPERATION_NOT_ALLOWED VALUE_NOT_SUPPORTED
  errors VM_INCOMPATIBLE_WITH_THIS_HOST

message atomic_set_resident_on
  role local-root
  flags hidden pool-internal
  param vm ref(VM)
  param host ref(host)

message create_new_blob
  since orlando
  role vm-power-admin
  param vm ref(VM)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message s3_suspend
  since midnight-ride
  role vm-operator
  flags hidden
  param vm ref(VM)

message s3_resume
  since midnight-ride
  role vm-operator
  flags hidden
  param vm ref(VM)

message assert_agile
  since orlando
  role read-only
  flags query
  param self ref(VM)

message update_snapshot_metadata
  since george, deprecated midnight-ride
  role pool-operator
  flags hidden
  param vm ref(VM)
  param snapshot_of ref(VM)
  param snapshot_time datetime
  param transportable_snapshot_id string

message retrieve_wlb_recommendations
  since george
  role read-only
  flags query
  param vm ref(VM)
  result map(ref(host),set(string))

message set_bios_strings
  since inverness
  role vm-admin
  param self ref(VM)
  param value map(string,string)
  errors VM_BIOS_STRINGS_ALREADY_SET INVALID_VALUE

message copy_bios_strings
  since midnight-ride
  role vm-admin
  param vm ref(VM)
  param host ref(host)

message set_protection_policy
  since cowley, deprecated clearwater, removed clearwater
  role pool-operator
  flags sync
  param self ref(VM)
  param value ref(VMPP)

message set_snapshot_schedule
  since falcon
  role pool-operator
  flags sync
  param self ref(VM)
  param value ref(VMSS)

message set_start_delay
  since boston
  role pool-operator
  param self ref(VM)
  param value int

message set_shutdown_delay
  since boston
  role pool-operator
  param self ref(VM)
  param value int

message set_order
  since boston
  role pool-operator
  param self ref(VM)
  param value int

message set_suspend_VDI
  since boston
  role pool-operator
  param self ref(VM)
  param value ref(VDI)

message assert_can_be_recovered
  since boston
  role read-only
  flags query
  param self ref(VM)
  param session_to ref(session)
  errors VM_IS_PART_OF_AN_APPLIANCE VM_REQUIRES_SR

message get_SRs_required_for_recovery
  since creedence
  role read-only
  flags query
  param self ref(VM)
  param session_to ref(session)
  result set(ref(SR))

message recover
  since boston
  role read-only
  param self ref(VM)
  param session_to ref(session)
  param force bool

message import_convert
  since tampa
  role vm-admin
  param type string
  param username string
  param password string
  param sr ref(SR)
  param remote_config map(string,string)

message set_appliance
  since boston
  role pool-operator
  param self ref(VM)
  param value ref(VM_appliance)

message set_groups
  prototyped 24.19.1
  role vm-admin
  param self ref(VM)
  param value set(ref(VM_group))
  errors OPERATION_NOT_ALLOWED

message query_services
  since tampa
  role pool-admin
  param self ref(VM)
  result map(string,string)

message call_plugin
  since cream
  role vm-operator
  param vm ref(VM)
  param plugin string
  param fn string
  param args map(string,string)
  result string

message call_host_plugin
  prototyped 25.22.0
  role vm-operator
  param vm ref(VM)
  param plugin string
  param fn string
  param args map(string,string)
  result string

message set_has_vendor_device
  since dundee
  role vm-admin
  param self ref(VM)
  param value bool

message import
  since dundee
  role pool-operator
  param url string
  param sr ref(SR)
  param full_restore bool
  param force bool
  result set(ref(VM))

message set_actions_after_crash
  role vm-admin
  param self ref(VM)
  param value enum(on_crash_behaviour)

message set_domain_type
  since kolkata
  role vm-admin
  flags sync
  param self ref(VM)
  param value enum(domain_type)

message set_HVM_boot_policy
  since rio, deprecated kolkata
  role vm-admin
  flags sync
  param self ref(VM)
  param value string

message set_NVRAM_EFI_variables
  since naples
  role local-root
  flags sync hidden
  param self ref(VM)
  param value string
  param update enum(update_status) = "unspecified"

message restart_device_models
  prototyped 23.30.0
  role vm-power-admin
  flags client-cert
  param self ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS VM_IS_TEMPLATE OPERATION_NOT_ALLOWED
  errors VM_BAD_POWER_STATE

message set_uefi_mode
  prototyped 24.17.0
  role pool-admin
  param self ref(VM)
  param mode enum(vm_uefi_mode)
  result string

message get_secureboot_readiness
  prototyped 24.17.0
  role pool-admin
  flags query
  param self ref(VM)
  result enum(vm_secureboot_readiness)

message update_secureboot_certificates_on_boot
  prototyped 26.14.0
  role vm-admin
  param self ref(VM)
  param mark bool

message set_blocked_operations
  since orlando
  role vm-admin
  param self ref(VM)
  param value map(enum(vm_operations),string)

message add_to_blocked_operations
  since orlando
  role vm-admin
  param self ref(VM)
  param key enum(vm_operations)
  param value string

message remove_from_blocked_operations
  since orlando
  role vm-admin
  param self ref(VM)
  param key enum(vm_operations)

message sysprep
  prototyped 25.24.0
  role vm-admin
  param self ref(VM)
  param unattend secret_string
  param timeout float

message add_to_other_config
  role vm-admin
  flags sync
  param self ref(VM)
  param key string
  param value string

message remove_from_other_config
  role vm-admin
  flags sync
  param self ref(VM)
  param key string

message set_other_config
  role vm-admin
  flags sync
  param self ref(VM)
  param value map(string,string)

message add_to_platform
  role vm-admin
  flags sync
  param self ref(VM)
  param key string
  param value string

message remove_from_platform
  role vm-admin
  flags sync
  param self ref(VM)
  param key string

message set_platform
  role vm-admin
  flags sync
  param self ref(VM)
  param value map(string,string)

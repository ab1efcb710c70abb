# SPDX-License-Identifier: GPL-2.0-or-later

class VM
  doc A virtual machine; also a template to make others from, a snapshot of one, or a host's
  doc control domain.
  since rio
  writer vm-admin
  flags constructor

enum domain_type
  doc How the guest is virtualized: fully (hvm), paravirtualized (pv), in a hardware container
  doc (pvh), or a PV kernel inside such a container (pv_in_pvh).
  value hvm
  value pv
  value pv_in_pvh
  value pvh
  value unspecified

enum on_crash_behaviour
  doc What happens to a VM whose guest has crashed.
  value destroy
  value coredump_and_destroy
  value restart
  value coredump_and_restart
  value preserve
  value rename_restart

enum on_normal_exit
  doc What happens to a VM whose guest has shut down or rebooted by itself.
  value destroy
  value restart

enum on_softreboot_behavior
  doc What happens to a VM whose guest asks for a reboot that keeps the domain.
  value soft_reboot
  value destroy
  value restart
  value preserve

enum update_guidances
  doc What still has to be restarted before an installed update is in effect.
  value reboot_host
  value reboot_host_on_livepatch_failure
  value reboot_host_on_kernel_livepatch_failure
  value reboot_host_on_xen_livepatch_failure
  value restart_toolstack
  value restart_device_model
  value restart_vm

enum update_status
  doc Whether something is to be updated; unspecified leaves the choice to the server.
  value yes
  value no
  value unspecified

enum vm_operations
  doc Everything that can be done to a VM, as it shows in allowed_operations,
  doc current_operations and blocked_operations.
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
  doc Whether a VM has a domain and whether that runs; a suspended one lives on in its suspend
  doc VDI.
  value Halted
  value Paused
  value Running
  value Suspended

enum vm_secureboot_certificates_state
  doc Whether the Secure Boot certificates inside the VM's NVRAM are as new as the pool's.
  value ok
  value update_available
  value update_on_boot

enum vm_secureboot_readiness
  doc Whether a VM could boot with Secure Boot, and if not, what stands in the way.
  value not_supported
  value disabled
  value first_boot
  value ready
  value ready_no_dbx
  value setup_mode
  value certs_incomplete

enum vm_uefi_mode
  doc State of the VM's UEFI key store: setup takes new platform keys, user has them and
  doc enforces them.
  value setup
  value user

field uuid dynamic string
  doc Lasting, unique name of the VM.

field allowed_operations dynamic set(enum(vm_operations)) = []
  doc Operations a client may start on the VM now; advice only, each call checks again.
  flags volatile

field current_operations dynamic map(string,enum(vm_operations)) = {}
  doc Operations that run on the VM now, by the task that runs them.
  flags volatile

field name__label rw string = ""
  doc Name people gave the VM; it need not be unique.

field name__description rw string = ""
  doc Free text about the VM.

field power_state static enum(vm_power_state) = "Halted"
  doc Whether the VM is halted, running, paused or suspended.
  writer vm-operator

field user_version rw int
  doc A version number that people may give the VM; the server only keeps it.

field is_a_template rw bool
  doc True for a template: it cannot start, other VMs are made from it.
  flags side-effect

field is_default_template dynamic bool = false
  doc True for a template that came with the product.
  since falcon
  writer pool-admin

field suspend_VDI static ref(VDI) = "OpaqueRef:NULL"
  doc Disk that holds the memory of a suspended VM.

field resident_on dynamic ref(host)
  doc Host the VM runs on; null while it does not run.
  writer vm-power-admin
  to host.resident_VMs

field scheduled_to_be_resident_on dynamic ref(host) = "OpaqueRef:NULL"
  doc Host whose resources are reserved for the VM while it starts, resumes or migrates.
  writer vm-power-admin

field affinity rw ref(host)
  doc Host the VM prefers to run on; null for no preference.
  writer vm-power-admin

field memory__overhead dynamic int = 0
  doc Bytes the host needs for the VM beside its own memory.
  writer vm-power-admin

field memory__target static int = 0
  doc Bytes of memory the VM was last told to use.
  since rio, deprecated midnight-ride
  writer vm-power-admin

field memory__static_max static int
  doc Upper limit of the VM's memory in bytes, fixed while it runs.
  writer vm-power-admin

field memory__dynamic_max static int
  doc Most memory in bytes that ballooning gives the VM.
  writer vm-power-admin

field memory__dynamic_min static int
  doc Least memory in bytes that ballooning leaves the VM.
  writer vm-power-admin

field memory__static_min static int
  doc Lower limit of the VM's memory in bytes, below which it must not be configured.
  writer vm-power-admin

field VCPUs__params rw map(string,string)
  doc Scheduler settings of the virtual CPUs: weight, cap, mask.

field VCPUs__max static int
  doc Most virtual CPUs the VM can have until it halts.

field VCPUs__at_startup static int
  doc Virtual CPUs the VM starts with.

field actions__after_softreboot rw enum(on_softreboot_behavior) = "soft_reboot"
  doc What to do when the guest asks for a reboot within the same domain.
  prototyped 23.1.0

field actions__after_shutdown rw enum(on_normal_exit)
  doc What to do when the guest has shut itself down.

field actions__after_reboot rw enum(on_normal_exit)
  doc What to do when the guest has rebooted itself.

field actions__after_crash static enum(on_crash_behaviour)
  doc What to do when the guest has crashed.

field consoles dynamic set(ref(console))
  doc Its screens and serial lines.
  writer pool-admin
  from console.VM

field VIFs dynamic set(ref(VIF))
  doc Its network interfaces.
  from VIF.VM

field VBDs dynamic set(ref(VBD))
  doc Its disk and CD drives.
  from VBD.VM

field VUSBs dynamic set(ref(VUSB))
  doc Its USB devices.
  from VUSB.VM

field crash_dumps dynamic set(ref(crashdump))
  doc Crash dumps taken of it.
  writer pool-admin
  from crashdump.VM

field VTPMs dynamic set(ref(VTPM))
  doc Its trusted platform modules.
  from VTPM.VM

field PV__bootloader rw string
  doc Bootloader of a PV guest, or empty when the kernel is given.

field PV__kernel rw string
  doc Path of the kernel of a PV guest, on the host.

field PV__ramdisk rw string
  doc Path of the initial RAM disk of a PV guest, on the host.

field PV__args rw string
  doc Kernel command line of a PV guest.

field PV__bootloader_args rw string
  doc Further arguments for the bootloader of a PV guest.

field PV__legacy_args rw string
  doc Kernel command line of guests older than PV_args.

field HVM__boot_policy static string
  doc "BIOS order" for a fully virtualized guest, empty for others; domain_type says it
  doc better.
  since rio, deprecated kolkata

field HVM__boot_params rw map(string,string)
  doc Firmware settings of a fully virtualized guest: order of boot devices (order), bios or
  doc uefi (firmware).

field HVM__shadow_multiplier static float = 1.0
  doc Factor on the memory set aside for shadow page tables, at least 1.
  since miami
  writer vm-power-admin

field platform static map(string,string)
  doc Settings of the virtual hardware: acpi, apic, pae, viridian, device-model, secureboot,
  doc cores-per-socket and others.
  key hvm_serial pool-admin

field PCI_bus rw string
  doc PCI devices given to a PV guest.
  since rio, deprecated boston

field other_config static map(string,string)
  doc Free keys that tools keep with the VM.
  key pci pool-admin
  key hvm_serial pool-admin
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field domid dynamic int
  doc Number of the VM's domain on its host; -1 when there is none.

field domarch dynamic string
  doc Architecture of the running domain.

field last_boot_CPU_flags static map(string,string) = {}
  doc Vendor and features of the CPU the guest saw when it last booted.

field is_control_domain dynamic bool
  doc True for a domain that runs the platform itself, such as a host's dom0.

field metrics dynamic ref(VM_metrics)
  doc What the host measures of the VM.

field guest_metrics dynamic ref(VM_guest_metrics)
  doc What an agent inside the guest reports; null before it does.

field last_booted_record static string = ""
  doc The VM's record as of its last boot, as text.
  since miami

field recommendations rw string
  doc XML text with limits the template's maker suggests; clients may heed it, the server does
  doc not.

field xenstore_data rw map(string,string) = {}
  doc Keys written for the guest to read, below vm-data.
  since miami
  flags side-effect

field ha_always_run static bool = false
  doc Whether high availability keeps the VM running now.
  since orlando, deprecated boston
  writer pool-operator

field ha_restart_priority static string = ""
  doc How high availability treats the VM: restart, best-effort, or empty for not at all.
  since orlando
  writer pool-operator

field is_a_snapshot dynamic bool = false
  doc True for a snapshot: it cannot start, a VM can be reverted to it.
  since orlando
  writer vm-power-admin

field snapshot_of dynamic ref(VM) = "OpaqueRef:NULL"
  doc VM this one is a snapshot of.
  since orlando
  writer vm-power-admin
  to VM.snapshots

field snapshots dynamic set(ref(VM))
  doc Snapshots taken of this VM.
  since orlando
  writer vm-power-admin
  from VM.snapshot_of

field snapshot_time dynamic datetime = "19700101T00:00:00Z"
  doc When this snapshot was taken.
  since orlando
  writer vm-power-admin

field transportable_snapshot_id dynamic string = ""
  doc Name under which a quiesced snapshot could be moved elsewhere.
  since orlando
  writer vm-power-admin

field blobs dynamic map(string,ref(blob)) = {}
  doc Binary data stored with the VM, by name.
  since orlando

field tags rw set(string) = []
  doc Words people sort VM objects by.
  since orlando
  writer vm-operator

field blocked_operations static map(enum(vm_operations),string) = {}
  doc Operations that are refused, each with the text the refusal carries.
  since orlando

field snapshot_info dynamic map(string,string) = {}
  doc What kind of snapshot this is, as keys: power state at the time, whether the disks are
  doc consistent.
  since midnight-ride
  writer vm-power-admin

field snapshot_metadata dynamic string = ""
  doc The VM's record when the snapshot was taken, as text; what a revert restores.
  since midnight-ride
  writer vm-power-admin

field parent dynamic ref(VM) = "OpaqueRef:NULL"
  doc VM or snapshot this one's disks come from.
  since midnight-ride
  writer vm-power-admin
  to VM.children

field children dynamic set(ref(VM))
  doc VMs and snapshots whose parent this is.
  since midnight-ride
  writer vm-power-admin
  from VM.parent

field bios_strings dynamic map(string,string) = {}
  doc What the virtual BIOS says about vendor, version and serial numbers.
  since midnight-ride

field protection_policy static ref(VMPP) = "OpaqueRef:NULL"
  doc Protection policy of old releases.
  since cowley, deprecated clearwater
  writer vm-power-admin
  to VMPP.VMs

field is_snapshot_from_vmpp static bool = false
  doc Whether a protection policy of old releases took this snapshot.
  since cowley, deprecated clearwater, removed clearwater
  writer pool-operator

field snapshot_schedule static ref(VMSS) = "OpaqueRef:NULL"
  doc Schedule that takes snapshots of this VM.
  since falcon
  writer vm-power-admin
  to VMSS.VMs

field is_vmss_snapshot static bool = false
  doc Whether a snapshot schedule took this snapshot.
  since falcon
  writer pool-operator

field appliance static ref(VM_appliance) = "OpaqueRef:NULL"
  doc Group of VMs this one starts and stops with.
  writer pool-operator
  to VM_appliance.VMs

field start_delay static int = 0
  doc Seconds to wait after starting this VM before the next of its appliance.
  since boston
  writer pool-operator

field shutdown_delay static int = 0
  doc Seconds to wait after stopping this VM before the next of its appliance.
  since boston
  writer pool-operator

field order static int = 0
  doc Place in the start order of its appliance and of high availability; lower starts first.
  since boston
  writer pool-operator

field VGPUs dynamic set(ref(VGPU))
  doc Its virtual GPUs.
  since boston
  from VGPU.VM

field attached_PCIs dynamic set(ref(PCI))
  doc PCI devices it has for itself now.
  since boston
  from PCI.attached_VMs

field suspend_SR rw ref(SR) = "OpaqueRef:NULL"
  doc SR the memory goes to when the VM is suspended; null leaves the choice to pool and host.
  since boston

field version static int = 0
  doc Counts how often the VM was recovered to another pool.
  since boston

field generation_id static string = "0:0"
  doc Generation ID that tells the guest it was cloned or reverted; "0:0" makes one at the
  doc next start, empty means none.
  since clearwater

field hardware_platform_version rw int = 0
  doc Oldest version of the virtual hardware that can run the VM.
  since cream

field has_vendor_device static bool = true
  doc Whether a PCI device is shown that makes Windows Update install paravirtual drivers.
  since dundee

field requires_reboot dynamic bool = false
  doc Whether a change waits for the VM's next boot.
  since ely

field reference_label static string = ""
  doc Names the template the VM came from, in a form that does not change with translation.
  since ely

field domain_type static enum(domain_type) = "unspecified"
  doc How the guest is virtualized at its next start.
  prototyped jura, since kolkata

field NVRAM static map(string,string) = {}
  doc What the VM's firmware keeps: EFI variables and the like.
  since naples

field pending_guidances dynamic set(enum(update_guidances)) = []
  doc What must be done with the VM for installed updates to take effect.
  since 1.303.0

field recommended_guidances dynamic set(enum(update_guidances)) = []
  doc Older form of pending_guidances_recommended.
  prototyped 23.18.0, removed 23.24.0
  flags internal

field pending_guidances_recommended dynamic set(enum(update_guidances)) = []
  doc What should be done with the VM for installed updates to take effect.
  prototyped 24.10.0

field pending_guidances_full dynamic set(enum(update_guidances)) = []
  doc What would have to be done with the VM for every last part of installed updates to take
  doc effect.
  prototyped 24.10.0

field groups dynamic set(ref(VM_group))
  doc Placement group of the VM; at most one.
  prototyped 24.19.1
  to VM_group.VMs

field secureboot_certificates_state dynamic enum(vm_secureboot_certificates_state) = "ok"
  doc Whether the Secure Boot certificates in the VM's NVRAM are as new as the pool's.
  prototyped 26.14.0

message snapshot
  doc Takes a snapshot of the disks and the record, in any power state; disks in ignore_vdis
  doc are left out.
  since orlando
  role vm-power-admin
  param vm ref(VM)
  param new_name string
  param ignore_vdis set(ref(VDI)) = []
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED

message snapshot_with_quiesce
  doc Took a snapshot after asking the guest to bring its disks in order.
  since orlando, deprecated quebec, removed quebec
  role vm-power-admin
  param vm ref(VM)
  param new_name string
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED VM_SNAPSHOT_WITH_QUIESCE_FAILED
  errors VM_SNAPSHOT_WITH_QUIESCE_TIMEOUT VM_SNAPSHOT_WITH_QUIESCE_PLUGIN_DEOS_NOT_RESPOND
  errors VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED

message clone
  doc Makes a halted copy whose disks share blocks with the original where the storage can.
  role vm-admin
  param vm ref(VM)
  param new_name string
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message copy
  doc Makes a halted copy with full copies of the disks, on the given SR or each on its own.
  role vm-admin
  param vm ref(VM)
  param new_name string
  param sr ref(SR)
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message revert
  doc Puts the snapshot's VM back to the state of the snapshot, disks included; a running VM
  doc is stopped first.
  since midnight-ride
  role vm-power-admin
  param snapshot ref(VM)
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED SR_FULL VM_REVERT_FAILED

message checkpoint
  doc Takes a snapshot that has the guest's memory too; a running VM pauses meanwhile.
  since midnight-ride
  role vm-power-admin
  param vm ref(VM)
  param new_name string
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED VM_CHECKPOINT_SUSPEND_FAILED
  errors VM_CHECKPOINT_RESUME_FAILED

message provision
  doc Turns a template's copy into a VM: makes the disks that its other_config describes.
  role vm-admin
  param vm ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message start
  doc Boots a halted VM on a host the server chooses.
  role vm-operator
  param vm ref(VM)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE VM_HVM_REQUIRED VM_IS_TEMPLATE OTHER_OPERATION_IN_PROGRESS
  errors OPERATION_NOT_ALLOWED BOOTLOADER_FAILED UNKNOWN_BOOTLOADER NO_HOSTS_AVAILABLE
  errors LICENCE_RESTRICTION

message start_on
  doc Boots a halted VM on the given host.
  role vm-power-admin
  flags client-cert
  param vm ref(VM)
  param host ref(host)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE VM_IS_TEMPLATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED
  errors BOOTLOADER_FAILED UNKNOWN_BOOTLOADER

message pause
  doc Stops the virtual CPUs of a running VM; memory stays where it is.
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message unpause
  doc Lets the virtual CPUs of a paused VM run again.
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message clean_shutdown
  doc Asks the guest to shut down and waits until it has.
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message shutdown
  doc Asks the guest to shut down and, if it does not, switches the VM off.
  since clearwater
  role vm-operator
  flags client-cert
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message clean_reboot
  doc Asks the guest to reboot and waits until it has shut down.
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message hard_shutdown
  doc Switches the VM off at once; also drops the saved memory of a suspended one.
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message power_state_reset
  doc Marks the VM as halted in the database alone, for when its host is known to be dead.
  role pool-operator
  param vm ref(VM)

message hard_reboot
  doc Stops the VM at once and starts it again.
  role vm-operator
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message suspend
  doc Saves the guest's memory to a disk and stops the VM.
  role vm-operator
  flags client-cert
  param vm ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message csvm
  doc Makes a clone of a suspended VM, its saved memory included.
  since rio, deprecated miami
  role vm-admin
  flags hidden
  param vm ref(VM)
  result ref(VM)
  errors VM_BAD_POWER_STATE SR_FULL OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message resume
  doc Lets a suspended VM go on where it was, on a host the server chooses.
  role vm-operator
  param vm ref(VM)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message set_is_default_template
  doc Marks a VM as a template of the product, or takes the mark away.
  since falcon
  role pool-admin
  flags hidden
  param vm ref(VM)
  param value bool

message hard_reboot_internal
  doc Old way of one host to make another reboot a VM.
  since orlando, deprecated midnight-ride
  role local-root
  flags hidden pool-internal
  param vm ref(VM)

message resume_on
  doc Lets a suspended VM go on where it was, on the given host.
  role vm-power-admin
  flags client-cert
  param vm ref(VM)
  param host ref(host)
  param start_paused bool
  param force bool
  errors VM_BAD_POWER_STATE OPERATION_NOT_ALLOWED VM_IS_TEMPLATE

message pool_migrate
  doc Moves a running VM to another host of the pool while it runs.
  role vm-power-admin
  flags client-cert
  param vm ref(VM)
  param host ref(host)
  param options map(string,string)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS VM_IS_TEMPLATE OPERATION_NOT_ALLOWED
  errors VM_BAD_POWER_STATE

message pool_migrate_complete
  doc Last step of a migration, on the receiving host: takes over the VM's record.
  since tampa
  role vm-power-admin
  flags hidden client-cert
  param vm ref(VM)
  param host ref(host)

message set_VCPUs_number_live
  doc Changes the number of virtual CPUs of a running VM.
  role vm-admin
  param self ref(VM)
  param nvcpu int
  errors OPERATION_NOT_ALLOWED LICENCE_RESTRICTION

message add_to_VCPUs_params_live
  doc Changes a scheduler setting of a running VM.
  role vm-admin
  param self ref(VM)
  param key string
  param value string

message set_NVRAM
  doc Replaces all of NVRAM; the VM must be halted.
  since naples
  role vm-admin
  flags sync
  param self ref(VM)
  param value map(string,string)

message add_to_NVRAM
  doc Adds a key to NVRAM; the VM must be halted.
  since naples
  role vm-admin
  flags sync
  param self ref(VM)
  param key string
  param value string

message remove_from_NVRAM
  doc Removes a key from NVRAM; the VM must be halted.
  since naples
  role vm-admin
  flags sync
  param self ref(VM)
  param key string

message set_ha_restart_priority
  doc Chooses how high availability treats the VM.
  since orlando
  role pool-operator
  flags sync
  param self ref(VM)
  param value string

message set_ha_always_run
  doc Chose whether high availability keeps the VM running; ha_restart_priority replaced it.
  since orlando, deprecated boston
  role pool-operator
  flags sync
  param self ref(VM)
  param value bool

message compute_memory_overhead
  doc Bytes a host needs for the VM beside its own memory, with its settings of now.
  since midnight-ride
  role read-only
  flags query
  param vm ref(VM)
  result int

message set_memory_dynamic_max
  doc Sets the upper end of the ballooning range.
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int

message set_memory_dynamic_min
  doc Sets the lower end of the ballooning range.
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int

message set_memory_dynamic_range
  doc Sets both ends of the ballooning range; allowed while the VM runs.
  since midnight-ride
  role vm-power-admin
  param self ref(VM)
  param min int
  param max int

message set_memory_static_max
  doc Sets the upper limit of memory; the VM must be halted.
  since orlando
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int
  errors HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN

message set_memory_static_min
  doc Sets the lower limit of memory; the VM must be halted.
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value int

message set_memory_static_range
  doc Sets both limits of memory at once; the VM must be halted.
  since midnight-ride
  role vm-power-admin
  param self ref(VM)
  param min int
  param max int

message set_memory_limits
  doc Sets all four memory limits at once.
  since midnight-ride
  role vm-power-admin
  param self ref(VM)
  param static_min int
  param static_max int
  param dynamic_min int
  param dynamic_max int

message set_memory
  doc Gives the VM exactly this much memory: both dynamic limits and the static upper one.
  since ely
  role vm-power-admin
  param self ref(VM)
  param value int

message set_memory_target_live
  doc Told a running VM how much memory to use; ignored today.
  since rio, deprecated midnight-ride
  role vm-power-admin
  param self ref(VM)
  param target int

message wait_memory_target_live
  doc Waits until the VM's memory use is at its target.
  since orlando, deprecated midnight-ride
  role read-only
  param self ref(VM)

message get_cooperative
  doc Whether the guest followed its last memory target; always true today.
  since midnight-ride, deprecated tampa
  role read-only
  flags query
  param self ref(VM)
  result bool

message set_HVM_shadow_multiplier
  doc Sets the factor on shadow memory of a halted VM.
  since midnight-ride
  role vm-power-admin
  flags sync
  param self ref(VM)
  param value float

message set_shadow_multiplier_live
  doc Sets the factor on shadow memory of a running VM.
  role vm-power-admin
  param self ref(VM)
  param multiplier float

message set_VCPUs_max
  doc Sets the most virtual CPUs the VM can have.
  since midnight-ride
  role vm-admin
  flags sync
  param self ref(VM)
  param value int

message set_VCPUs_at_startup
  doc Sets how many virtual CPUs the VM starts with.
  since midnight-ride
  role vm-admin
  flags sync
  param self ref(VM)
  param value int

message send_sysrq
  doc Would press a SysRq key in the guest; not served.
  role pool-admin
  param vm ref(VM)
  param key string
  errors VM_BAD_POWER_STATE

message send_trigger
  doc Would send a hardware event to the guest; not served.
  role pool-admin
  param vm ref(VM)
  param trigger string
  errors VM_BAD_POWER_STATE

message maximise_memory
  doc Most memory the VM could have if the host gave it 'total' bytes, overhead already taken
  doc off.
  since miami
  role read-only
  flags query
  param self ref(VM)
  param total int
  param approximate bool
  result int

message migrate_send
  doc Moves a VM, with its disks if need be, to another host or pool.
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
  doc Fails with the reason when migrate_send with these arguments could not succeed.
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
  doc The sending side's half of assert_can_migrate.
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
  doc The VM's record as it was at its last boot.
  since rio, deprecated inverness
  role read-only
  flags sync query
  param self ref(VM)
  result record(VM)

message get_data_sources
  doc The statistics that exist for the VM.
  since orlando
  role read-only
  flags sync query
  param self ref(VM)
  result set(record(data_source))

message record_data_source
  doc Starts recording a statistic that is not recorded by default.
  since orlando
  role vm-admin
  flags sync
  param self ref(VM)
  param data_source string

message query_data_source
  doc Latest value of one statistic.
  since orlando
  role read-only
  flags sync query
  param self ref(VM)
  param data_source string
  result float

message forget_data_source_archives
  doc Deletes the recorded history of one statistic.
  since orlando
  role vm-admin
  flags sync
  param self ref(VM)
  param data_source string

message assert_operation_valid
  doc Fails with the reason when the operation could not start now.
  role read-only
  flags query
  param self ref(VM)
  param op enum(vm_operations)

message update_allowed_operations
  doc Computes allowed_operations of the VM anew.
  role pool-admin
  param self ref(VM)

message get_allowed_VBD_devices
  doc Device numbers that are free for another drive.
  role read-only
  flags sync query no-current-ops
  param vm ref(VM)
  result set(string)

message get_allowed_VIF_devices
  doc Device numbers that are free for another network interface.
  role read-only
  flags sync query no-current-ops
  param vm ref(VM)
  result set(string)

message get_possible_hosts
  doc Hosts the VM could run on.
  role read-only
  flags query
  param vm ref(VM)
  result set(ref(host))

message assert_can_boot_here
  doc Fails with the reason when the VM could not run on this host.
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
  doc Records which host a VM runs on, in one step between hosts.
  role local-root
  flags hidden pool-internal
  param vm ref(VM)
  param host ref(host)

message create_new_blob
  doc Makes an empty blob that belongs to the VM.
  since orlando
  role vm-power-admin
  param vm ref(VM)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message s3_suspend
  doc Puts the guest into ACPI sleep state S3; its domain stays.
  since midnight-ride
  role vm-operator
  flags hidden
  param vm ref(VM)

message s3_resume
  doc Wakes the guest from ACPI sleep state S3.
  since midnight-ride
  role vm-operator
  flags hidden
  param vm ref(VM)

message assert_agile
  doc Fails with the reason when the VM is tied to one host, by local storage, networks or
  doc devices.
  since orlando
  role read-only
  flags query
  param self ref(VM)

message update_snapshot_metadata
  doc Changed what a snapshot says of its origin; no longer needed.
  since george, deprecated midnight-ride
  role pool-operator
  flags hidden
  param vm ref(VM)
  param snapshot_of ref(VM)
  param snapshot_time datetime
  param transportable_snapshot_id string

message retrieve_wlb_recommendations
  doc How well each host suits the VM, by the workload balancing server.
  since george
  role read-only
  flags query
  param vm ref(VM)
  result map(ref(host),set(string))

message set_bios_strings
  doc Gives the VM its BIOS strings, once, before it has any.
  since inverness
  role vm-admin
  param self ref(VM)
  param value map(string,string)
  errors VM_BIOS_STRINGS_ALREADY_SET INVALID_VALUE

message copy_bios_strings
  doc Gives the VM the BIOS strings of a host, and prefers that host.
  since midnight-ride
  role vm-admin
  param vm ref(VM)
  param host ref(host)

message set_protection_policy
  doc Put the VM under a protection policy of old releases.
  since cowley, deprecated clearwater, removed clearwater
  role pool-operator
  flags sync
  param self ref(VM)
  param value ref(VMPP)

message set_snapshot_schedule
  doc Puts the VM under a snapshot schedule, or with null takes it off.
  since falcon
  role pool-operator
  flags sync
  param self ref(VM)
  param value ref(VMSS)

message set_start_delay
  doc Sets the seconds to wait after starting this VM.
  since boston
  role pool-operator
  param self ref(VM)
  param value int

message set_shutdown_delay
  doc Sets the seconds to wait after stopping this VM.
  since boston
  role pool-operator
  param self ref(VM)
  param value int

message set_order
  doc Sets the place in the start order.
  since boston
  role pool-operator
  param self ref(VM)
  param value int

message set_suspend_VDI
  doc Replaces the disk with the saved memory by one with the same contents.
  since boston
  role pool-operator
  param self ref(VM)
  param value ref(VDI)

message assert_can_be_recovered
  doc Fails with the reason when the pool of the other session lacks storage for the VM.
  since boston
  role read-only
  flags query
  param self ref(VM)
  param session_to ref(session)
  errors VM_IS_PART_OF_AN_APPLIANCE VM_REQUIRES_SR

message get_SRs_required_for_recovery
  doc SRs that must be attached before the VM can be recovered to the pool of the other
  doc session.
  since creedence
  role read-only
  flags query
  param self ref(VM)
  param session_to ref(session)
  result set(ref(SR))

message recover
  doc Brings the VM back in the pool of the other session, from a saved database.
  since boston
  role read-only
  param self ref(VM)
  param session_to ref(session)
  param force bool

message import_convert
  doc Imports VMs from a foreign virtualization server through the conversion service.
  since tampa
  role vm-admin
  param type string
  param username string
  param password string
  param sr ref(SR)
  param remote_config map(string,string)

message set_appliance
  doc Puts the VM into an appliance, or with null takes it out.
  since boston
  role pool-operator
  param self ref(VM)
  param value ref(VM_appliance)

message set_groups
  doc Puts the VM into a placement group, or out of it.
  prototyped 24.19.1
  role vm-admin
  param self ref(VM)
  param value set(ref(VM_group))
  errors OPERATION_NOT_ALLOWED

message query_services
  doc Asks a service domain what it offers.
  since tampa
  role pool-admin
  param self ref(VM)
  result map(string,string)

message call_plugin
  doc Runs an operation in the guest through its agent and returns the agent's answer.
  since cream
  role vm-operator
  param vm ref(VM)
  param plugin string
  param fn string
  param args map(string,string)
  result string

message call_host_plugin
  doc Runs a plugin on the host the VM runs on.
  prototyped 25.22.0
  role vm-operator
  param vm ref(VM)
  param plugin string
  param fn string
  param args map(string,string)
  result string

message set_has_vendor_device
  doc Chooses whether the Windows Update device is shown; the VM must be halted.
  since dundee
  role vm-admin
  param self ref(VM)
  param value bool

message import
  doc Imports VMs from an export that another server offers at this URL.
  since dundee
  role pool-operator
  param url string
  param sr ref(SR)
  param full_restore bool
  param force bool
  result set(ref(VM))

message set_actions_after_crash
  doc Sets what to do when the guest has crashed.
  role vm-admin
  param self ref(VM)
  param value enum(on_crash_behaviour)

message set_domain_type
  doc Sets how the guest is virtualized at its next start.
  since kolkata
  role vm-admin
  flags sync
  param self ref(VM)
  param value enum(domain_type)

message set_HVM_boot_policy
  doc Sets the boot policy and with it the domain type; set_domain_type says it better.
  since rio, deprecated kolkata
  role vm-admin
  flags sync
  param self ref(VM)
  param value string

message set_NVRAM_EFI_variables
  doc Stores EFI variables for the VM's firmware while it runs.
  since naples
  role local-root
  flags sync hidden
  param self ref(VM)
  param value string
  param update enum(update_status) = "unspecified"

message restart_device_models
  doc Restarts the device model of a running VM, so that an updated one is used.
  prototyped 23.30.0
  role vm-power-admin
  flags client-cert
  param self ref(VM)
  errors VM_BAD_POWER_STATE OTHER_OPERATION_IN_PROGRESS VM_IS_TEMPLATE OPERATION_NOT_ALLOWED
  errors VM_BAD_POWER_STATE

message set_uefi_mode
  doc Puts the VM's UEFI key store into setup or user mode.
  prototyped 24.17.0
  role pool-admin
  param self ref(VM)
  param mode enum(vm_uefi_mode)
  result string

message get_secureboot_readiness
  doc Whether the VM could boot with Secure Boot.
  prototyped 24.17.0
  role pool-admin
  flags query
  param self ref(VM)
  result enum(vm_secureboot_readiness)

message update_secureboot_certificates_on_boot
  doc Marks the VM so that its Secure Boot certificates are renewed at the next boot.
  prototyped 26.14.0
  role vm-admin
  param self ref(VM)
  param mark bool

message set_blocked_operations
  doc Replaces the list of refused operations.
  since orlando
  role vm-admin
  param self ref(VM)
  param value map(enum(vm_operations),string)

message add_to_blocked_operations
  doc Refuses an operation from now on, with a text that tells why.
  since orlando
  role vm-admin
  param self ref(VM)
  param key enum(vm_operations)
  param value string

message remove_from_blocked_operations
  doc Allows a refused operation again.
  since orlando
  role vm-admin
  param self ref(VM)
  param key enum(vm_operations)

message sysprep
  doc Runs Windows' sysprep in the guest with this answer file.
  prototyped 25.24.0
  role vm-admin
  param self ref(VM)
  param unattend secret_string
  param timeout float

message add_to_other_config
  doc Adds a key to other_config; the key must not be there yet.
  role vm-admin
  flags sync
  param self ref(VM)
  param key string
  param value string

message remove_from_other_config
  doc Removes a key from other_config; a key that is not there is no error.
  role vm-admin
  flags sync
  param self ref(VM)
  param key string

message set_other_config
  doc Replaces all of other_config.
  role vm-admin
  flags sync
  param self ref(VM)
  param value map(string,string)

message add_to_platform
  doc Adds a key to platform; the key must not be there yet.
  role vm-admin
  flags sync
  param self ref(VM)
  param key string
  param value string

message remove_from_platform
  doc Removes a key from platform.
  role vm-admin
  flags sync
  param self ref(VM)
  param key string

message set_platform
  doc Replaces all of platform.
  role vm-admin
  flags sync
  param self ref(VM)
  param value map(string,string)

# SPDX-License-Identifier: GPL-2.0-or-later

class VBD
  doc A drive of a VM: ties the VM to a VDI, or to an empty CD drive.
  since rio
  writer vm-admin
  flags constructor

enum vbd_mode
  doc Whether the VM may write.
  value RO
  value RW

enum vbd_operations
  doc Everything that can be done to a drive.
  value attach
  value eject
  value insert
  value plug
  value unplug
  value unplug_force
  value pause
  value unpause

enum vbd_type
  doc What kind of drive the VM sees.
  value CD
  value Disk
  value Floppy

field uuid dynamic string
  doc Lasting, unique name of the VBD.

field allowed_operations dynamic set(enum(vbd_operations)) = []
  doc Operations a client may start on the VBD now; advice only, each call checks again.
  flags volatile

field current_operations dynamic map(string,enum(vbd_operations)) = {}
  doc Operations that run on the VBD now, by the task that runs them.
  flags volatile

field VM static ref(VM)
  doc VM it belongs to.
  to VM.VBDs

field VDI static ref(VDI)
  doc Image in it; null for an empty CD drive.
  to VDI.VBDs

field device static string = ""
  doc Name of the device on the running VM, such as xvda; empty before the first start.

field userdevice rw string
  doc Position people asked for: a number, a device name, or autodetect.

field bootable rw bool
  doc Whether the VM may boot from it.

field mode static enum(vbd_mode)
  doc Whether the VM may write.

field type rw enum(vbd_type)
  doc Disk, CD or floppy.

field unpluggable rw bool = true
  doc Whether it can be unplugged while the VM runs.
  since miami

field storage_lock dynamic bool
  doc Whether the storage has it locked.

field empty static bool
  doc Whether there is no medium in it.

field reserved dynamic bool = false
  doc Whether an operation has it reserved.
  flags internal

field other_config rw map(string,string)
  doc Free keys that tools keep with the VBD.

field currently_attached static bool = false
  doc Whether the running VM has it now.

field status_code dynamic int
  doc Result of the last attach, as an error number.

field status_detail dynamic string
  doc Result of the last attach, as text.

field runtime_properties dynamic map(string,string)
  doc What the backend says of the attached device.

field qos__algorithm_type rw string
  doc How its throughput is limited: empty or ratelimit.

field qos__algorithm_params rw map(string,string)
  doc Settings of that limit: kbps (KiB a second), iops (operations a second).

field qos__supported_algorithms dynamic set(string)
  doc Limits the backend could apply.

field metrics dynamic ref(VBD_metrics) = "OpaqueRef:NULL"
  doc Throughput of old releases.
  since rio, deprecated tampa, removed tampa

message eject
  doc Takes the medium out of a CD drive.
  role vm-operator
  param vbd ref(VBD)
  errors VBD_NOT_REMOVABLE_MEDIA VBD_IS_EMPTY

message insert
  doc Puts a medium into an empty CD drive.
  role vm-operator
  param vbd ref(VBD)
  param vdi ref(VDI)
  errors VBD_NOT_REMOVABLE_MEDIA VBD_NOT_EMPTY

message plug
  doc Attaches it to the running VM.
  role vm-admin
  param self ref(VBD)

message unplug
  doc Asks the running VM to let go of it and detaches it.
  role vm-admin
  param self ref(VBD)
  errors DEVICE_DETACH_REJECTED DEVICE_ALREADY_DETACHED

message unplug_force
  doc Detaches it from the running VM without asking.
  role vm-admin
  param self ref(VBD)

message unplug_force_no_safety_check
  doc Detached it without asking and without any check.
  since symc, deprecated ely
  role vm-admin
  flags hidden
  param self ref(VBD)

message assert_attachable
  doc Fails with the reason when it could not be attached now.
  role vm-admin
  flags query
  param self ref(VBD)

message pause
  doc Would stop its I/O for a change underneath; answers SR_OPERATION_NOT_SUPPORTED.
  since symc
  role vm-admin
  flags hidden
  param self ref(VBD)
  result string

message unpause
  doc Would let its I/O go on; answers SR_OPERATION_NOT_SUPPORTED.
  since symc
  role vm-admin
  flags hidden
  param self ref(VBD)
  param token string = ""

message set_mode
  doc Allows or forbids writing; the VM must be halted.
  role vm-admin
  param self ref(VBD)
  param value enum(vbd_mode)

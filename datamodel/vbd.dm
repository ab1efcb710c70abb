# SPDX-License-Identifier: GPL-2.0-or-later

class VBD
  since rio
  writer vm-admin
  flags constructor

enum vbd_mode
  value RO
  value RW

enum vbd_operations
  value attach
  value eject
  value insert
  value plug
  value unplug
  value unplug_force
  value pause
  value unpause

enum vbd_type
  value CD
  value Disk
  value Floppy

field uuid dynamic string

field allowed_operations dynamic set(enum(vbd_operations)) = []
  flags volatile

field current_operations dynamic map(string,enum(vbd_operations)) = {}
  flags volatile

field VM static ref(VM)
  to VM.VBDs

field VDI static ref(VDI)
  to VDI.VBDs

field device static string = ""

field userdevice rw string

field bootable rw bool

field mode static enum(vbd_mode)

field type rw enum(vbd_type)

field unpluggable rw bool = true
  since miami

field storage_lock dynamic bool

field empty static bool

field reserved dynamic bool = false
  flags internal

field other_config rw map(string,string)

field currently_attached static bool = false

field status_code dynamic int

field status_detail dynamic string

field runtime_properties dynamic map(string,string)

field qos__algorithm_type rw string

field qos__algorithm_params rw map(string,string)

field qos__supported_algorithms dynamic set(string)

field metrics dynamic ref(VBD_metrics) = "OpaqueRef:NULL"
  since rio, deprecated tampa, removed tampa

message eject
  role vm-operator
  param vbd ref(VBD)
  errors VBD_NOT_REMOVABLE_MEDIA VBD_IS_EMPTY

message insert
  role vm-operator
  param vbd ref(VBD)
  param vdi ref(VDI)
  errors VBD_NOT_REMOVABLE_MEDIA VBD_NOT_EMPTY

message plug
  role vm-admin
  param self ref(VBD)

message unplug
  role vm-admin
  param self ref(VBD)
  errors DEVICE_DETACH_REJECTED DEVICE_ALREADY_DETACHED

message unplug_force
  role vm-admin
  param self ref(VBD)

message unplug_force_no_safety_check
  since symc, deprecated ely
  role vm-admin
  flags hidden
  param self ref(VBD)

message assert_attachable
  role vm-admin
  flags query
  param self ref(VBD)

message pause
  since symc
  role vm-admin
  flags hidden
  param self ref(VBD)
  result string

message unpause
  since symc
  role vm-admin
  flags hidden
  param self ref(VBD)
  param token string = ""

message set_mode
  role vm-admin
  param self ref(VBD)
  param value enum(vbd_mode)

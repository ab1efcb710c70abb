# SPDX-License-Identifier: GPL-2.0-or-later

class network
  since rio
  writer vm-admin
  flags constructor

enum network_default_locking_mode
  value unlocked
  value disabled

enum network_operations
  value attaching

enum network_purpose
  value nbd
  value insecure_nbd

field uuid dynamic string

field name__label rw string = ""
  writer pool-operator

field name__description rw string = ""
  writer pool-operator

field allowed_operations dynamic set(enum(network_operations)) = []
  writer pool-operator
  flags volatile

field current_operations dynamic map(string,enum(network_operations)) = {}
  writer pool-operator
  flags volatile

field VIFs dynamic set(ref(VIF))
  from VIF.network

field PIFs dynamic set(ref(PIF))
  from PIF.network

field MTU rw int = 1500
  since midnight-ride

field other_config rw map(string,string)
  writer pool-operator
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator
  key XenCenterCreateInProgress vm-operator

field bridge static string = ""

field managed static bool = true
  since falcon

field blobs dynamic map(string,ref(blob)) = {}
  since orlando

field tags rw set(string) = []
  since orlando
  writer vm-operator

field default_locking_mode dynamic enum(network_default_locking_mode) = "unlocked"
  since tampa

field assigned_ips dynamic map(ref(VIF),string) = {}
  since creedence

field purpose dynamic set(enum(network_purpose)) = []
  since inverness

message attach
  since miami
  role pool-operator
  flags hidden
  param network ref(network)
  param host ref(host)

message pool_introduce
  role pool-operator
  flags hidden
  param name_label string
  param name_description string
  param MTU int
  param other_config map(string,string)
  param bridge string
  param managed bool
  param purpose set(enum(network_purpose))
  result ref(network)

message create_new_blob
  since orlando
  role pool-operator
  param network ref(network)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message set_default_locking_mode
  since tampa
  role pool-operator
  param network ref(network)
  param value enum(network_default_locking_mode)

message attach_for_vm
  since tampa
  role vm-power-admin
  flags hidden
  param host ref(host)
  param vm ref(VM)

message detach_for_vm
  since tampa
  role vm-power-admin
  flags hidden
  param host ref(host)
  param vm ref(VM)

message add_purpose
  since inverness
  role pool-admin
  param self ref(network)
  param value enum(network_purpose)
  errors NETWORK_INCOMPATIBLE_PURPOSES

message remove_purpose
  since inverness
  role pool-admin
  param self ref(network)
  param value enum(network_purpose)

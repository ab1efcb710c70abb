# SPDX-License-Identifier: GPL-2.0-or-later

class network
  doc A virtual network: what VIFs and PIFs are plugged into.
  since rio
  writer vm-admin
  flags constructor

enum network_default_locking_mode
  doc What an interface may send that leaves its locking mode to the network.
  value unlocked
  value disabled

enum network_operations
  doc Everything that can be done to a network.
  value attaching

enum network_purpose
  doc Services a network may carry: NBD with TLS, or NBD without.
  value nbd
  value insecure_nbd

field uuid dynamic string
  doc Lasting, unique name of the network.

field name__label rw string = ""
  doc Name people gave the network; it need not be unique.
  writer pool-operator

field name__description rw string = ""
  doc Free text about the network.
  writer pool-operator

field allowed_operations dynamic set(enum(network_operations)) = []
  doc Operations a client may start on the network now; advice only, each call checks again.
  writer pool-operator
  flags volatile

field current_operations dynamic map(string,enum(network_operations)) = {}
  doc Operations that run on the network now, by the task that runs them.
  writer pool-operator
  flags volatile

field VIFs dynamic set(ref(VIF))
  doc VM interfaces plugged into it.
  from VIF.network

field PIFs dynamic set(ref(PIF))
  doc Host interfaces that connect it to the outside, at most one on each host.
  from PIF.network

field MTU rw int = 1500
  doc Largest packet in bytes.
  since midnight-ride

field other_config rw map(string,string)
  doc Free keys that tools keep with the network.
  writer pool-operator
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator
  key XenCenterCreateInProgress vm-operator

field bridge static string = ""
  doc Name of its bridge on every host.

field managed static bool = true
  doc Whether the server makes the bridge; false when somebody else does.
  since falcon

field blobs dynamic map(string,ref(blob)) = {}
  doc Binary data stored with the network, by name.
  since orlando

field tags rw set(string) = []
  doc Words people sort network objects by.
  since orlando
  writer vm-operator

field default_locking_mode dynamic enum(network_default_locking_mode) = "unlocked"
  doc What its interfaces may send that have no locking mode of their own.
  since tampa

field assigned_ips dynamic map(ref(VIF),string) = {}
  doc Addresses given to interfaces of a network that serves DHCP itself.
  since creedence

field purpose dynamic set(enum(network_purpose)) = []
  doc Services that may use it.
  since inverness

message attach
  doc Brings it up on a host.
  since miami
  role pool-operator
  flags hidden
  param network ref(network)
  param host ref(host)

message pool_introduce
  doc Makes its record; for other hosts of the pool.
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
  doc Makes an empty blob that belongs to the network.
  since orlando
  role pool-operator
  param network ref(network)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message set_default_locking_mode
  doc Chooses what its interfaces may send; none may be plugged meanwhile.
  since tampa
  role pool-operator
  param network ref(network)
  param value enum(network_default_locking_mode)

message attach_for_vm
  doc Brings up on a host the networks a VM needs.
  since tampa
  role vm-power-admin
  flags hidden
  param host ref(host)
  param vm ref(VM)

message detach_for_vm
  doc Takes down on a host the networks a VM needed.
  since tampa
  role vm-power-admin
  flags hidden
  param host ref(host)
  param vm ref(VM)

message add_purpose
  doc Lets one more service use it.
  since inverness
  role pool-admin
  param self ref(network)
  param value enum(network_purpose)
  errors NETWORK_INCOMPATIBLE_PURPOSES

message remove_purpose
  doc No longer lets a service use it.
  since inverness
  role pool-admin
  param self ref(network)
  param value enum(network_purpose)

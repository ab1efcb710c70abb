# SPDX-License-Identifier: GPL-2.0-or-later

class Bond
  since miami
  writer pool-operator

enum bond_mode
  flags exact-case
  value balance-slb
  value active-backup
  value lacp

field uuid dynamic string
  since rio

field master static ref(PIF) = "OpaqueRef:NULL"
  to PIF.bond_master_of

field slaves dynamic set(ref(PIF))
  from PIF.bond_slave_of

field other_config rw map(string,string) = {}

field primary_slave dynamic ref(PIF) = "OpaqueRef:NULL"
  since boston

field mode dynamic enum(bond_mode) = "balance-slb"
  since boston

field properties dynamic map(string,string) = {}
  since tampa

field links_up dynamic int = 0
  since tampa

field auto_update_mac dynamic bool = true
  since quebec

message create
  role pool-operator
  param network ref(network)
  param members set(ref(PIF))
  param MAC string
  param mode enum(bond_mode) = "balance-slb"
  param properties map(string,string) = {}
  result ref(Bond)

message destroy
  role pool-operator
  param self ref(Bond)

message set_mode
  since boston
  role pool-operator
  param self ref(Bond)
  param value enum(bond_mode)

message set_property
  since tampa
  role pool-operator
  param self ref(Bond)
  param name string
  param value string

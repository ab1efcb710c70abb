# SPDX-License-Identifier: GPL-2.0-or-later

class Bond
  doc Several network cards of a host that act as one.
  since miami
  writer pool-operator

enum bond_mode
  doc How a bond spreads traffic over its cards.
  flags exact-case
  value balance-slb
  value active-backup
  value lacp

field uuid dynamic string
  doc Lasting, unique name of the bond.
  since rio

field master static ref(PIF) = "OpaqueRef:NULL"
  doc Interface it results in.
  to PIF.bond_master_of

field slaves dynamic set(ref(PIF))
  doc Cards it is made of.
  from PIF.bond_slave_of

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the bond.

field primary_slave dynamic ref(PIF) = "OpaqueRef:NULL"
  doc Card whose MAC and settings it took over.
  since boston

field mode dynamic enum(bond_mode) = "balance-slb"
  doc How traffic is spread.
  since boston

field properties dynamic map(string,string) = {}
  doc Further settings, such as those of LACP.
  since tampa

field links_up dynamic int = 0
  doc How many of its cards have a link.
  since tampa

field auto_update_mac dynamic bool = true
  doc Whether the MAC follows the primary card's.
  since quebec

message create
  doc Makes a bond of cards of one host, on a network.
  role pool-operator
  param network ref(network)
  param members set(ref(PIF))
  param MAC string
  param mode enum(bond_mode) = "balance-slb"
  param properties map(string,string) = {}
  result ref(Bond)

message destroy
  doc Removes the bond and gives its settings back to the primary card.
  role pool-operator
  param self ref(Bond)

message set_mode
  doc Changes how traffic is spread.
  since boston
  role pool-operator
  param self ref(Bond)
  param value enum(bond_mode)

message set_property
  doc Changes a further setting.
  since tampa
  role pool-operator
  param self ref(Bond)
  param name string
  param value string

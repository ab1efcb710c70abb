# SPDX-License-Identifier: GPL-2.0-or-later

class VLAN
  doc A VLAN on an interface of a host.
  since miami
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the VLAN.
  since rio

field tagged_PIF static ref(PIF) = "OpaqueRef:NULL"
  doc Interface its packets leave on, with the tag.
  to PIF.VLAN_slave_of

field untagged_PIF dynamic ref(PIF) = "OpaqueRef:NULL"
  doc Interface that sees its packets without the tag.

field tag static int = -1
  doc Its tag, from 0 to 4094.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the VLAN.

message pool_introduce
  doc Makes its record; for other hosts of the pool.
  since inverness
  role pool-operator
  flags hidden
  param tagged_PIF ref(PIF)
  param untagged_PIF ref(PIF)
  param tag int
  param other_config map(string,string)
  result ref(VLAN)

message create
  doc Makes a VLAN on an interface, for a network.
  role pool-operator
  param tagged_PIF ref(PIF)
  param tag int
  param network ref(network)
  result ref(VLAN)

message destroy
  doc Removes the VLAN and its interface.
  role pool-operator
  param self ref(VLAN)

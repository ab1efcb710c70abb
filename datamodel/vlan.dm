# SPDX-License-Identifier: GPL-2.0-or-later

class VLAN
  since miami
  writer pool-operator

field uuid dynamic string
  since rio

field tagged_PIF static ref(PIF) = "OpaqueRef:NULL"
  to PIF.VLAN_slave_of

field untagged_PIF dynamic ref(PIF) = "OpaqueRef:NULL"

field tag static int = -1

field other_config rw map(string,string) = {}

message pool_introduce
  since inverness
  role pool-operator
  flags hidden
  param tagged_PIF ref(PIF)
  param untagged_PIF ref(PIF)
  param tag int
  param other_config map(string,string)
  result ref(VLAN)

message create
  role pool-operator
  param tagged_PIF ref(PIF)
  param tag int
  param network ref(network)
  result ref(VLAN)

message destroy
  role pool-operator
  param self ref(VLAN)

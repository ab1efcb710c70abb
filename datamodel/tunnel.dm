# SPDX-License-Identifier: GPL-2.0-or-later

class tunnel
  since cowley
  writer pool-operator

enum tunnel_protocol
  value gre
  value vxlan

field uuid dynamic string

field access_PIF static ref(PIF) = "OpaqueRef:NULL"
  to PIF.tunnel_access_PIF_of

field transport_PIF static ref(PIF) = "OpaqueRef:NULL"
  to PIF.tunnel_transport_PIF_of

field status rw map(string,string) = {"active": "false"}

field other_config rw map(string,string) = {}

field protocol rw enum(tunnel_protocol) = "gre"
  since 1.250.0

message create
  role pool-operator
  param transport_PIF ref(PIF)
  param network ref(network)
  param protocol enum(tunnel_protocol) = "gre"
  result ref(tunnel)
  errors OPENVSWITCH_NOT_ACTIVE TRANSPORT_PIF_NOT_CONFIGURED IS_TUNNEL_ACCESS_PIF

message destroy
  role pool-operator
  param self ref(tunnel)

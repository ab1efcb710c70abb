# SPDX-License-Identifier: GPL-2.0-or-later

class tunnel
  doc A tunnel between hosts that carries a network inside another.
  since cowley
  writer pool-operator

enum tunnel_protocol
  doc How packets are wrapped.
  value gre
  value vxlan

field uuid dynamic string
  doc Lasting, unique name of the tunnel.

field access_PIF static ref(PIF) = "OpaqueRef:NULL"
  doc Its inner end.
  to PIF.tunnel_access_PIF_of

field transport_PIF static ref(PIF) = "OpaqueRef:NULL"
  doc Interface it runs over.
  to PIF.tunnel_transport_PIF_of

field status rw map(string,string) = {"active": "false"}
  doc Whether it is up and how: active, key.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the tunnel.

field protocol rw enum(tunnel_protocol) = "gre"
  doc How packets are wrapped.
  since 1.250.0

message create
  doc Makes a tunnel over an interface, for a network.
  role pool-operator
  param transport_PIF ref(PIF)
  param network ref(network)
  param protocol enum(tunnel_protocol) = "gre"
  result ref(tunnel)
  errors OPENVSWITCH_NOT_ACTIVE TRANSPORT_PIF_NOT_CONFIGURED IS_TUNNEL_ACCESS_PIF

message destroy
  doc Removes the tunnel and its inner end.
  role pool-operator
  param self ref(tunnel)

# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_server
  doc A server VMs boot from by Citrix Provisioning.
  since ely
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the PVS server.

field addresses static set(string) = []
  doc Its addresses.

field first_port static int = 0
  doc First UDP port it listens on.

field last_port static int = 0
  doc Last UDP port it listens on.

field site static ref(PVS_site) = "OpaqueRef:NULL"
  doc PVS site it is part of.
  to PVS_site.servers

message introduce
  doc Makes its record.
  role pool-operator
  param addresses set(string)
  param first_port int
  param last_port int
  param site ref(PVS_site)
  result ref(PVS_server)

message forget
  doc Removes its record.
  role pool-operator
  param self ref(PVS_server)

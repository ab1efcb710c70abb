# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_server
  since ely
  writer pool-operator

field uuid dynamic string

field addresses static set(string) = []

field first_port static int = 0

field last_port static int = 0

field site static ref(PVS_site) = "OpaqueRef:NULL"
  to PVS_site.servers

message introduce
  role pool-operator
  param addresses set(string)
  param first_port int
  param last_port int
  param site ref(PVS_site)
  result ref(PVS_server)

message forget
  role pool-operator
  param self ref(PVS_server)

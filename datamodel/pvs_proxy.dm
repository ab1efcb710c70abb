# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_proxy
  since ely
  writer pool-operator

enum pvs_proxy_status
  value stopped
  value initialised
  value caching
  value incompatible_write_cache_mode
  value incompatible_protocol_version

field uuid dynamic string

field site static ref(PVS_site) = "OpaqueRef:NULL"
  to PVS_site.proxies

field VIF static ref(VIF) = "OpaqueRef:NULL"

field currently_attached dynamic bool = false

field status dynamic enum(pvs_proxy_status) = "stopped"

message create
  role pool-operator
  param site ref(PVS_site)
  param VIF ref(VIF)
  result ref(PVS_proxy)

message destroy
  role pool-operator
  param self ref(PVS_proxy)

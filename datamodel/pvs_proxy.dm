# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_proxy
  doc A proxy between a VM's interface and the PVS servers it boots from.
  since ely
  writer pool-operator

enum pvs_proxy_status
  doc What a proxy is doing.
  value stopped
  value initialised
  value caching
  value incompatible_write_cache_mode
  value incompatible_protocol_version

field uuid dynamic string
  doc Lasting, unique name of the PVS proxy.

field site static ref(PVS_site) = "OpaqueRef:NULL"
  doc PVS site the VM boots from.
  to PVS_site.proxies

field VIF static ref(VIF) = "OpaqueRef:NULL"
  doc Interface it sits on.

field currently_attached dynamic bool = false
  doc Whether it is running.

field status dynamic enum(pvs_proxy_status) = "stopped"
  doc What it is doing.

message create
  doc Puts a proxy on an interface.
  role pool-operator
  param site ref(PVS_site)
  param VIF ref(VIF)
  result ref(PVS_proxy)

message destroy
  doc Removes the proxy.
  role pool-operator
  param self ref(PVS_proxy)

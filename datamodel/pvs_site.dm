# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_site
  doc PVS servers that VMs boot from.
  since ely
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the PVS site.

field name__label rw string = ""
  doc Name people gave the PVS site; it need not be unique.

field name__description rw string = ""
  doc Free text about the PVS site.

field PVS_uuid static string = ""
  doc Identifier the servers know it by.

field cache_storage dynamic set(ref(PVS_cache_storage)) = []
  doc Caches on hosts.
  flags dangling
  from PVS_cache_storage.site

field servers dynamic set(ref(PVS_server))
  doc Its servers.
  from PVS_server.site

field proxies dynamic set(ref(PVS_proxy))
  doc Proxies of VMs that boot from it.
  from PVS_proxy.site

message introduce
  doc Makes its record.
  role pool-operator
  param name_label string
  param name_description string
  param PVS_uuid string
  result ref(PVS_site)

message forget
  doc Removes its record; no proxy may run.
  role pool-operator
  param self ref(PVS_site)
  errors PVS_SITE_CONTAINS_RUNNING_PROXIES PVS_SITE_CONTAINS_SERVERS

message set_PVS_uuid
  doc Changes the identifier the servers know it by.
  role pool-operator
  param self ref(PVS_site)
  param value string

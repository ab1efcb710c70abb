# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_site
  since ely
  writer pool-operator

field uuid dynamic string

field name__label rw string = ""

field name__description rw string = ""

field PVS_uuid static string = ""

field cache_storage dynamic set(ref(PVS_cache_storage)) = []
  flags dangling
  from PVS_cache_storage.site

field servers dynamic set(ref(PVS_server))
  from PVS_server.site

field proxies dynamic set(ref(PVS_proxy))
  from PVS_proxy.site

message introduce
  role pool-operator
  param name_label string
  param name_description string
  param PVS_uuid string
  result ref(PVS_site)

message forget
  role pool-operator
  param self ref(PVS_site)
  errors PVS_SITE_CONTAINS_RUNNING_PROXIES PVS_SITE_CONTAINS_SERVERS

message set_PVS_uuid
  role pool-operator
  param self ref(PVS_site)
  param value string

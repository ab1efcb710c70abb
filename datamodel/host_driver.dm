# SPDX-License-Identifier: GPL-2.0-or-later

class Host_driver
  prototyped 25.2.0
  writer pool-admin

field uuid dynamic string

field host static ref(host) = "OpaqueRef:NULL"

field name dynamic string

field friendly_name dynamic string

field variants dynamic set(ref(Driver_variant))
  from Driver_variant.driver

field active_variant dynamic ref(Driver_variant)

field selected_variant dynamic ref(Driver_variant)

field type dynamic string

field description dynamic string

field info dynamic string

message select
  role pool-admin
  param self ref(Host_driver)
  param variant ref(Driver_variant)

message deselect
  role pool-admin
  param self ref(Host_driver)

message rescan
  role pool-admin
  param host ref(host)

# SPDX-License-Identifier: GPL-2.0-or-later

class PUSB
  since inverness
  writer pool-admin

field uuid dynamic string

field USB_group static ref(USB_group) = "OpaqueRef:NULL"
  to USB_group.PUSBs

field host static ref(host) = "OpaqueRef:NULL"
  to host.PUSBs

field path static string = ""

field vendor_id static string = ""

field vendor_desc static string = ""

field product_id static string = ""

field product_desc static string = ""

field serial static string = ""

field version static string = ""

field description static string = ""

field passthrough_enabled dynamic bool = false

field other_config rw map(string,string) = {}

field speed static float = -1.0
  since stockholm

message scan
  role pool-admin
  param host ref(host)

message set_passthrough_enabled
  role pool-admin
  param self ref(PUSB)
  param value bool

# SPDX-License-Identifier: GPL-2.0-or-later

class PUSB
  doc A USB device plugged into a host.
  since inverness
  writer pool-admin

field uuid dynamic string
  doc Lasting, unique name of the USB device.

field USB_group static ref(USB_group) = "OpaqueRef:NULL"
  doc Group it is in.
  to USB_group.PUSBs

field host static ref(host) = "OpaqueRef:NULL"
  doc Host it is plugged into.
  to host.PUSBs

field path static string = ""
  doc Where it is plugged in.

field vendor_id static string = ""
  doc Number of its vendor.

field vendor_desc static string = ""
  doc Name of its vendor.

field product_id static string = ""
  doc Its number.

field product_desc static string = ""
  doc Its name.

field serial static string = ""
  doc Its serial number.

field version static string = ""
  doc USB version it speaks.

field description static string = ""
  doc What it is.

field passthrough_enabled dynamic bool = false
  doc Whether VMs may have it.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the USB device.

field speed static float = -1.0
  doc Its speed in Mbit/s.
  since stockholm

message scan
  doc Looks for USB devices of a host.
  role pool-admin
  param host ref(host)

message set_passthrough_enabled
  doc Allows VMs to have it, or forbids it.
  role pool-admin
  param self ref(PUSB)
  param value bool

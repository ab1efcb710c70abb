# SPDX-License-Identifier: GPL-2.0-or-later

class USB_group
  doc USB devices that can stand in for each other.
  since inverness
  writer pool-admin

field uuid dynamic string
  doc Lasting, unique name of the USB group.

field name__label rw string = ""
  doc Name people gave the USB group; it need not be unique.

field name__description rw string = ""
  doc Free text about the USB group.

field PUSBs dynamic set(ref(PUSB))
  doc Devices in it.
  from PUSB.USB_group

field VUSBs dynamic set(ref(VUSB))
  doc Virtual devices that take from it.
  from VUSB.USB_group

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the USB group.

message create
  doc Makes an empty group.
  role pool-admin
  param name_label string = ""
  param name_description string = ""
  param other_config map(string,string) = {}
  result ref(USB_group)

message destroy
  doc Removes an empty group.
  role pool-admin
  param self ref(USB_group)

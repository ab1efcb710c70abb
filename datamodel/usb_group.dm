# SPDX-License-Identifier: GPL-2.0-or-later

class USB_group
  since inverness
  writer pool-admin

field uuid dynamic string

field name__label rw string = ""

field name__description rw string = ""

field PUSBs dynamic set(ref(PUSB))
  from PUSB.USB_group

field VUSBs dynamic set(ref(VUSB))
  from VUSB.USB_group

field other_config rw map(string,string) = {}

message create
  role pool-admin
  param name_label string = ""
  param name_description string = ""
  param other_config map(string,string) = {}
  result ref(USB_group)

message destroy
  role pool-admin
  param self ref(USB_group)

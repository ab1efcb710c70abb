# SPDX-License-Identifier: GPL-2.0-or-later

class VUSB
  since inverness
  writer pool-admin

enum vusb_operations
  value attach
  value plug
  value unplug

field uuid dynamic string

field allowed_operations dynamic set(enum(vusb_operations)) = []
  since rio
  flags volatile

field current_operations dynamic map(string,enum(vusb_operations)) = {}
  since rio
  flags volatile

field VM dynamic ref(VM)
  to VM.VUSBs

field USB_group dynamic ref(USB_group)
  to USB_group.VUSBs

field other_config rw map(string,string) = {}

field currently_attached dynamic bool = false
  since rio

message create
  role pool-admin
  param VM ref(VM)
  param USB_group ref(USB_group)
  param other_config map(string,string) = {}
  result ref(VUSB)

message unplug
  role pool-admin
  param self ref(VUSB)

message destroy
  role pool-admin
  param self ref(VUSB)

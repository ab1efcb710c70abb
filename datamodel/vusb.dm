# SPDX-License-Identifier: GPL-2.0-or-later

class VUSB
  doc A USB device of a VM.
  since inverness
  writer pool-admin

enum vusb_operations
  doc Everything that can be done to it.
  value attach
  value plug
  value unplug

field uuid dynamic string
  doc Lasting, unique name of the VUSB.

field allowed_operations dynamic set(enum(vusb_operations)) = []
  doc Operations a client may start on the VUSB now; advice only, each call checks again.
  since rio
  flags volatile

field current_operations dynamic map(string,enum(vusb_operations)) = {}
  doc Operations that run on the VUSB now, by the task that runs them.
  since rio
  flags volatile

field VM dynamic ref(VM)
  doc VM it belongs to.
  to VM.VUSBs

field USB_group dynamic ref(USB_group)
  doc Group it takes a device from.
  to USB_group.VUSBs

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the VUSB.

field currently_attached dynamic bool = false
  doc Whether the running VM has it now.
  since rio

message create
  doc Gives a VM a USB device.
  role pool-admin
  param VM ref(VM)
  param USB_group ref(USB_group)
  param other_config map(string,string) = {}
  result ref(VUSB)

message unplug
  doc Takes it from the running VM.
  role pool-admin
  param self ref(VUSB)

message destroy
  doc Removes it from the VM.
  role pool-admin
  param self ref(VUSB)

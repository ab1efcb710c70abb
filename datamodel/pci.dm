# SPDX-License-Identifier: GPL-2.0-or-later

class PCI
  doc A PCI device of a host.
  since boston
  writer pool-operator

enum pci_dom0_access
  doc Whether the host itself uses a device, now and after the next boot.
  value enabled
  value disable_on_reboot
  value disabled
  value enable_on_reboot

field uuid dynamic string
  doc Lasting, unique name of the PCI device.

field class_id static string = ""
  doc Number of its class.

field class_name static string = ""
  doc Name of its class.

field vendor_id static string = ""
  doc Number of its vendor.

field vendor_name static string = ""
  doc Name of its vendor.

field device_id static string = ""
  doc Its number.

field device_name static string = ""
  doc Its name.

field host static ref(host) = "OpaqueRef:NULL"
  doc Host it is in.
  to host.PCIs

field pci_id static string = ""
  doc Its address.

field functions dynamic int = 1
  doc How many functions the card has.
  flags internal

field virtual_functions dynamic set(ref(PCI))
  doc Virtual functions it has.
  since falcon
  flags internal
  from PCI.physical_function

field physical_function static ref(PCI) = "OpaqueRef:NULL"
  doc Device it is a virtual function of.
  since falcon
  flags internal
  to PCI.virtual_functions

field attached_VMs dynamic set(ref(VM))
  doc VMs that have it for themselves.
  flags internal
  to VM.attached_PCIs

field dependencies dynamic set(ref(PCI))
  doc Devices that must go to the same VM.
  flags dangling

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the PCI device.

field subsystem_vendor_id static string = ""
  doc Number of the card's vendor.
  since clearwater-whetstone

field subsystem_vendor_name static string = ""
  doc Name of the card's vendor.
  since clearwater-whetstone

field subsystem_device_id static string = ""
  doc Number of the card.
  since clearwater-whetstone

field subsystem_device_name static string = ""
  doc Name of the card.
  since clearwater-whetstone

field scheduled_to_be_attached_to dynamic ref(VM) = "OpaqueRef:NULL"
  doc VM it is reserved for.
  since falcon
  flags internal

field driver_name static string = ""
  doc Driver that has it.
  since kolkata

message disable_dom0_access
  doc Keeps the host from using it, after the next boot.
  prototyped 24.14.0
  role pool-operator
  param self ref(PCI)
  result enum(pci_dom0_access)

message enable_dom0_access
  doc Lets the host use it, after the next boot.
  prototyped 24.14.0
  role pool-operator
  param self ref(PCI)
  result enum(pci_dom0_access)

message get_dom0_access_status
  doc Whether the host uses it, now and after the next boot.
  prototyped 24.14.0
  role pool-operator
  flags query
  param self ref(PCI)
  result enum(pci_dom0_access)

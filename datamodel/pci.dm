# SPDX-License-Identifier: GPL-2.0-or-later

class PCI
  since boston
  writer pool-operator

enum pci_dom0_access
  value enabled
  value disable_on_reboot
  value disabled
  value enable_on_reboot

field uuid dynamic string

field class_id static string = ""

field class_name static string = ""

field vendor_id static string = ""

field vendor_name static string = ""

field device_id static string = ""

field device_name static string = ""

field host static ref(host) = "OpaqueRef:NULL"
  to host.PCIs

field pci_id static string = ""

field functions dynamic int = 1
  flags internal

field virtual_functions dynamic set(ref(PCI))
  since falcon
  flags internal
  from PCI.physical_function

field physical_function static ref(PCI) = "OpaqueRef:NULL"
  since falcon
  flags internal
  to PCI.virtual_functions

field attached_VMs dynamic set(ref(VM))
  flags internal
  to VM.attached_PCIs

field dependencies dynamic set(ref(PCI))
  flags dangling

field other_config rw map(string,string) = {}

field subsystem_vendor_id static string = ""
  since clearwater-whetstone

field subsystem_vendor_name static string = ""
  since clearwater-whetstone

field subsystem_device_id static string = ""
  since clearwater-whetstone

field subsystem_device_name static string = ""
  since clearwater-whetstone

field scheduled_to_be_attached_to dynamic ref(VM) = "OpaqueRef:NULL"
  since falcon
  flags internal

field driver_name static string = ""
  since kolkata

message disable_dom0_access
  prototyped 24.14.0
  role pool-operator
  param self ref(PCI)
  result enum(pci_dom0_access)

message enable_dom0_access
  prototyped 24.14.0
  role pool-operator
  param self ref(PCI)
  result enum(pci_dom0_access)

message get_dom0_access_status
  prototyped 24.14.0
  role pool-operator
  flags query
  param self ref(PCI)
  result enum(pci_dom0_access)

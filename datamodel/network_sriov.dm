# SPDX-License-Identifier: GPL-2.0-or-later

class network_sriov
  doc A network whose VM interfaces are virtual functions of a card.
  since kolkata
  writer pool-operator

enum sriov_configuration_mode
  doc How virtual functions are switched on.
  value sysfs
  value modprobe
  value manual
  value unknown

field uuid dynamic string
  doc Lasting, unique name of the SR-IOV network.
  since rio

field physical_PIF static ref(PIF) = "OpaqueRef:NULL"
  doc Card that has the virtual functions.
  to PIF.sriov_physical_PIF_of

field logical_PIF static ref(PIF) = "OpaqueRef:NULL"
  doc Interface it results in.
  to PIF.sriov_logical_PIF_of

field requires_reboot dynamic bool = false
  doc Whether the host must reboot before it works.

field configuration_mode dynamic enum(sriov_configuration_mode) = "unknown"
  doc How its virtual functions are switched on.

message create
  doc Makes an SR-IOV network on a card.
  role pool-operator
  param pif ref(PIF)
  param network ref(network)
  result ref(network_sriov)

message destroy
  doc Removes it and switches the virtual functions off.
  role pool-operator
  param self ref(network_sriov)

message get_remaining_capacity
  doc Virtual functions that are free.
  role read-only
  flags query
  param self ref(network_sriov)
  result int

# SPDX-License-Identifier: GPL-2.0-or-later

class network_sriov
  since kolkata
  writer pool-operator

enum sriov_configuration_mode
  value sysfs
  value modprobe
  value manual
  value unknown

field uuid dynamic string
  since rio

field physical_PIF static ref(PIF) = "OpaqueRef:NULL"
  to PIF.sriov_physical_PIF_of

field logical_PIF static ref(PIF) = "OpaqueRef:NULL"
  to PIF.sriov_logical_PIF_of

field requires_reboot dynamic bool = false

field configuration_mode dynamic enum(sriov_configuration_mode) = "unknown"

message create
  role pool-operator
  param pif ref(PIF)
  param network ref(network)
  result ref(network_sriov)

message destroy
  role pool-operator
  param self ref(network_sriov)

message get_remaining_capacity
  role read-only
  flags query
  param self ref(network_sriov)
  result int

# SPDX-License-Identifier: GPL-2.0-or-later

class VM_appliance
  since boston
  writer pool-operator
  flags constructor

enum vm_appliance_operation
  value start
  value clean_shutdown
  value hard_shutdown
  value shutdown

field uuid dynamic string
  since rio

field name__label rw string = ""
  since rio

field name__description rw string = ""
  since rio

field allowed_operations dynamic set(enum(vm_appliance_operation)) = []
  since rio
  flags volatile

field current_operations dynamic map(string,enum(vm_appliance_operation)) = {}
  since rio
  flags volatile

field VMs dynamic set(ref(VM))
  since rio
  from VM.appliance

message start
  role pool-operator
  param self ref(VM_appliance)
  param paused bool
  errors OPERATION_PARTIALLY_FAILED

message clean_shutdown
  role pool-operator
  param self ref(VM_appliance)
  errors OPERATION_PARTIALLY_FAILED

message hard_shutdown
  role pool-operator
  param self ref(VM_appliance)
  errors OPERATION_PARTIALLY_FAILED

message shutdown
  role pool-operator
  param self ref(VM_appliance)
  errors OPERATION_PARTIALLY_FAILED

message assert_can_be_recovered
  role read-only
  flags query
  param self ref(VM_appliance)
  param session_to ref(session)
  errors VM_REQUIRES_SR

message get_SRs_required_for_recovery
  since creedence
  role read-only
  flags query
  param self ref(VM_appliance)
  param session_to ref(session)
  result set(ref(SR))

message recover
  role read-only
  param self ref(VM_appliance)
  param session_to ref(session)
  param force bool
  errors VM_REQUIRES_SR

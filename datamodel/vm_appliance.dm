# SPDX-License-Identifier: GPL-2.0-or-later

class VM_appliance
  doc VMs that start and stop together, in order.
  since boston
  writer pool-operator
  flags constructor

enum vm_appliance_operation
  doc Everything that can be done to an appliance.
  value start
  value clean_shutdown
  value hard_shutdown
  value shutdown

field uuid dynamic string
  doc Lasting, unique name of the appliance.
  since rio

field name__label rw string = ""
  doc Name people gave the appliance; it need not be unique.
  since rio

field name__description rw string = ""
  doc Free text about the appliance.
  since rio

field allowed_operations dynamic set(enum(vm_appliance_operation)) = []
  doc Operations a client may start on the appliance now; advice only, each call checks again.
  since rio
  flags volatile

field current_operations dynamic map(string,enum(vm_appliance_operation)) = {}
  doc Operations that run on the appliance now, by the task that runs them.
  since rio
  flags volatile

field VMs dynamic set(ref(VM))
  doc VMs in it.
  since rio
  from VM.appliance

message start
  doc Starts its VMs by order, with their delays.
  role pool-operator
  param self ref(VM_appliance)
  param paused bool
  errors OPERATION_PARTIALLY_FAILED

message clean_shutdown
  doc Asks its VMs to shut down, in reverse order.
  role pool-operator
  param self ref(VM_appliance)
  errors OPERATION_PARTIALLY_FAILED

message hard_shutdown
  doc Switches its VMs off, in reverse order.
  role pool-operator
  param self ref(VM_appliance)
  errors OPERATION_PARTIALLY_FAILED

message shutdown
  doc Asks each of its VMs to shut down and switches off those that do not.
  role pool-operator
  param self ref(VM_appliance)
  errors OPERATION_PARTIALLY_FAILED

message assert_can_be_recovered
  doc Fails with the reason when the pool of the other session lacks storage for its VMs.
  role read-only
  flags query
  param self ref(VM_appliance)
  param session_to ref(session)
  errors VM_REQUIRES_SR

message get_SRs_required_for_recovery
  doc SRs that must be attached before it can be recovered to the pool of the other session.
  since creedence
  role read-only
  flags query
  param self ref(VM_appliance)
  param session_to ref(session)
  result set(ref(SR))

message recover
  doc Brings it back with its VMs in the pool of the other session.
  role read-only
  param self ref(VM_appliance)
  param session_to ref(session)
  param force bool
  errors VM_REQUIRES_SR

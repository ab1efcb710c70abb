# SPDX-License-Identifier: GPL-2.0-or-later

class task
  since rio
  writer pool-operator
  flags volatile no-tasks no-async

enum task_allowed_operations
  value cancel
  value destroy

enum task_status_type
  value pending
  value success
  value failure
  value cancelling
  value cancelled

field uuid dynamic string

field name__label dynamic string = ""

field name__description dynamic string = ""

field allowed_operations dynamic set(enum(task_allowed_operations)) = []
  flags volatile

field current_operations dynamic map(string,enum(task_allowed_operations)) = {}
  flags volatile

field created dynamic datetime

field finished dynamic datetime

field status dynamic enum(task_status_type)

field session dynamic ref(session)
  flags internal
  to session.tasks

field resident_on dynamic ref(host)

field progress dynamic float

field externalpid dynamic int
  flags internal

field stunnelpid dynamic int
  since rio, deprecated boston
  flags internal

field forwarded dynamic bool
  flags internal

field forwarded_to dynamic ref(host)
  flags internal

field type dynamic string

field result dynamic string

field error_info dynamic set(string)

field other_config dynamic map(string,string) = {}
  since miami
  key applies_to vm-operator
  key XenCenterUUID vm-operator
  key XenCenterMeddlingActionTitle vm-operator

field subtask_of dynamic ref(task) = "OpaqueRef:NULL"
  since orlando
  to task.subtasks

field subtasks dynamic set(ref(task))
  since orlando
  from task.subtask_of

field backtrace dynamic string = "()"
  since dundee

message create
  role read-only
  flags sync
  param label string
  param description string
  result ref(task)

message destroy
  role read-only
  flags sync
  param self ref(task)

message cancel
  role read-only
  param task ref(task)
  errors OPERATION_NOT_ALLOWED

message set_status
  since falcon
  role read-only
  flags sync
  param self ref(task)
  param value enum(task_status_type)

message set_progress
  since stockholm
  role read-only
  flags sync
  param self ref(task)
  param value float

message set_result
  since 21.3.0
  role read-only
  flags sync
  param self ref(task)
  param value string

message set_error_info
  since 21.3.0
  role read-only
  flags sync
  param self ref(task)
  param value set(string)

message add_to_other_config
  prototyped 25.8.0
  role read-only
  param self ref(task)
  param key string
  param value string

message remove_from_other_config
  prototyped 25.8.0
  role read-only
  param self ref(task)
  param key string

message set_other_config
  prototyped 25.8.0
  role read-only
  param self ref(task)
  param value map(string,string)

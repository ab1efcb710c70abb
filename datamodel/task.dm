# SPDX-License-Identifier: GPL-2.0-or-later

class task
  doc A call that runs, or ran; the Async form of a message returns one.
  since rio
  writer pool-operator
  flags volatile no-tasks no-async

enum task_allowed_operations
  doc What can be done to a task.
  value cancel
  value destroy

enum task_status_type
  doc How far a task has come; success, failure and cancelled are final, cancelling is not
  doc used.
  value pending
  value success
  value failure
  value cancelling
  value cancelled

field uuid dynamic string
  doc Lasting, unique name of the task.

field name__label dynamic string = ""
  doc Name people gave the task; it need not be unique.

field name__description dynamic string = ""
  doc Free text about the task.

field allowed_operations dynamic set(enum(task_allowed_operations)) = []
  doc Operations a client may start on the task now; advice only, each call checks again.
  flags volatile

field current_operations dynamic map(string,enum(task_allowed_operations)) = {}
  doc Operations that run on the task now, by the task that runs them.
  flags volatile

field created dynamic datetime
  doc When it was made.

field finished dynamic datetime
  doc When it ended; 1970 while it runs.

field status dynamic enum(task_status_type)
  doc How far it has come.

field session dynamic ref(session)
  doc Session that made it.
  flags internal
  to session.tasks

field resident_on dynamic ref(host)
  doc Host it runs on.

field progress dynamic float
  doc Share that is done, from 0 to 1.

field externalpid dynamic int
  doc Process that runs it, if there is one.
  flags internal

field stunnelpid dynamic int
  doc Process that carries its connection, if there is one.
  since rio, deprecated boston
  flags internal

field forwarded dynamic bool
  doc Whether another host runs it.
  flags internal

field forwarded_to dynamic ref(host)
  doc Host that runs it.
  flags internal

field type dynamic string
  doc XML-RPC name of its result's type.

field result dynamic string
  doc Its result, as an XML-RPC value element.

field error_info dynamic set(string)
  doc Why it failed: code and parameters.

field other_config dynamic map(string,string) = {}
  doc Free keys that tools keep with the task.
  since miami
  key applies_to vm-operator
  key XenCenterUUID vm-operator
  key XenCenterMeddlingActionTitle vm-operator

field subtask_of dynamic ref(task) = "OpaqueRef:NULL"
  doc Task it is part of.
  since orlando
  to task.subtasks

field subtasks dynamic set(ref(task))
  doc Tasks that are part of it.
  since orlando
  from task.subtask_of

field backtrace dynamic string = "()"
  doc Where it failed in the server, as text.
  since dundee

message create
  doc Makes a task that the client itself keeps up to date.
  role read-only
  flags sync
  param label string
  param description string
  result ref(task)

message destroy
  doc Removes an ended task; one that runs is removed at its end.
  role read-only
  flags sync
  param self ref(task)

message cancel
  doc Asks it to stop; it ends as cancelled if it can.
  role read-only
  param task ref(task)
  errors OPERATION_NOT_ALLOWED

message set_status
  doc Changes how far a client's own task has come.
  since falcon
  role read-only
  flags sync
  param self ref(task)
  param value enum(task_status_type)

message set_progress
  doc Changes the share of a client's own task that is done.
  since stockholm
  role read-only
  flags sync
  param self ref(task)
  param value float

message set_result
  doc Sets the result of a client's own task.
  since 21.3.0
  role read-only
  flags sync
  param self ref(task)
  param value string

message set_error_info
  doc Sets why a client's own task failed.
  since 21.3.0
  role read-only
  flags sync
  param self ref(task)
  param value set(string)

message add_to_other_config
  doc Adds a key to other_config; the key must not be there yet.
  prototyped 25.8.0
  role read-only
  param self ref(task)
  param key string
  param value string

message remove_from_other_config
  doc Removes a key from other_config; a key that is not there is no error.
  prototyped 25.8.0
  role read-only
  param self ref(task)
  param key string

message set_other_config
  doc Replaces all of other_config.
  prototyped 25.8.0
  role read-only
  param self ref(task)
  param value map(string,string)

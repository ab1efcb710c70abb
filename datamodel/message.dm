# SPDX-License-Identifier: GPL-2.0-or-later

class message
  doc A note to the administrator: something happened to an object.
  since orlando
  writer pool-operator
  flags no-database kept volatile no-get-all

enum cls
  doc Kind of object a message is about.
  value VM
  value Host
  value SR
  value Pool
  value VMPP
  value VMSS
  value PVS_proxy
  value VDI
  value Certificate

field uuid dynamic string
  doc Lasting, unique name of the message.
  since rio

field name dynamic string
  doc What happened, such as VM_STARTED.
  since rio

field priority dynamic int
  doc How urgent it is; 1 is the most.
  since rio

field cls dynamic enum(cls)
  doc Kind of object it is about.

field obj_uuid dynamic string
  doc Uuid of the object it is about.
  since rio

field timestamp dynamic datetime
  doc When it happened.
  since rio

field body dynamic string
  doc What there is to say, as text or XML.
  since rio

message create
  doc Makes a message about an object.
  role pool-operator
  flags sync
  param name string
  param priority int
  param cls enum(cls)
  param obj_uuid string
  param body string
  result ref(message)

message destroy
  doc Removes a message.
  role pool-operator
  flags sync
  param self ref(message)

message destroy_many
  doc Removes several messages.
  prototyped 22.19.0
  role pool-operator
  param messages set(ref(message))

message destroy_all
  doc Removes all messages that fit the filters: class, priority, before a time.
  prototyped 26.6.0
  role pool-operator
  param filters map(string,string)

message get
  doc Messages about an object since a time.
  role read-only
  flags sync query
  param cls enum(cls)
  param obj_uuid string
  param since datetime
  result map(ref(message),record(message))

message get_all
  doc All messages.
  role read-only
  flags sync query
  result set(ref(message))

message get_since
  doc Messages since a time.
  role read-only
  flags sync query
  param since datetime
  result map(ref(message),record(message))

message get_record
  doc All fields of a message.
  role read-only
  flags sync query
  param self ref(message)
  result record(message)

message get_by_uuid
  doc The message with this uuid.
  role read-only
  flags sync query
  param uuid string
  result ref(message)

message get_all_records
  doc All messages with all their fields.
  role read-only
  flags sync query
  result map(ref(message),record(message))

message get_all_records_where
  doc Each message that a filter expression matches, with all its fields.
  role read-only
  flags sync query
  param expr string
  result map(ref(message),record(message))

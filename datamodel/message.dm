# SPDX-License-Identifier: GPL-2.0-or-later

class message
  since orlando
  writer pool-operator
  flags no-database volatile no-get-all

enum cls
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
  since rio

field name dynamic string
  since rio

field priority dynamic int
  since rio

field cls dynamic enum(cls)

field obj_uuid dynamic string
  since rio

field timestamp dynamic datetime
  since rio

field body dynamic string
  since rio

message create
  role pool-operator
  flags sync
  param name string
  param priority int
  param cls enum(cls)
  param obj_uuid string
  param body string
  result ref(message)

message destroy
  role pool-operator
  flags sync
  param self ref(message)

message destroy_many
  prototyped 22.19.0
  role pool-operator
  param messages set(ref(message))

message destroy_all
  prototyped 26.6.0
  role pool-operator
  param filters map(string,string)

message get
  role read-only
  flags sync query
  param cls enum(cls)
  param obj_uuid string
  param since datetime
  result map(ref(message),record(message))

message get_all
  role read-only
  flags sync query
  result set(ref(message))

message get_since
  role read-only
  flags sync query
  param since datetime
  result map(ref(message),record(message))

message get_record
  role read-only
  flags sync query
  param self ref(message)
  result record(message)

message get_by_uuid
  role read-only
  flags sync query
  param uuid string
  result ref(message)

message get_all_records
  role read-only
  flags sync query
  result map(ref(message),record(message))

message get_all_records_where
  role read-only
  flags sync query
  param expr string
  result map(ref(message),record(message))

# SPDX-License-Identifier: GPL-2.0-or-later

class event
  since rio
  writer pool-admin
  flags no-database volatile no-events no-get-all no-tasks no-async

enum event_operation
  flags exact-case
  value add
  value del
  value mod

field id static int

field timestamp static datetime
  since rio, deprecated boston

field class static string

field operation static enum(event_operation)

field ref static string

field obj_uuid static string
  since rio, deprecated boston

field snapshot dynamic record(<class>)
  since boston

message register
  since rio, deprecated boston
  role read-only
  param classes set(string)

message unregister
  since rio, deprecated boston
  role read-only
  param classes set(string)

message next
  since rio, deprecated boston
  role read-only
  flags sync query raw-result
  result set(record(event))
  errors SESSION_NOT_REGISTERED EVENTS_LOST EVENT_SUBSCRIPTION_PARSE_FAILURE

message from
  since boston
  role read-only
  flags sync query raw-result
  param classes set(string)
  param token string
  param timeout float
  result set(record(event))
  errors EVENT_FROM_TOKEN_PARSE_FAILURE EVENT_SUBSCRIPTION_PARSE_FAILURE

message get_current_id
  role read-only
  flags sync query
  result int

message inject
  since tampa
  role read-only
  flags sync
  param class string
  param ref string
  result string

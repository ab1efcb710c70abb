# SPDX-License-Identifier: GPL-2.0-or-later

class event
  doc A change of an object, as event calls report it.
  since rio
  writer pool-admin
  flags no-database volatile no-events no-get-all no-tasks no-async

enum event_operation
  doc What happened to the object.
  flags exact-case
  value add
  value del
  value mod

field id static int
  doc Number of the event; only its order has a meaning.

field timestamp static datetime
  doc When it happened; clients should not use it.
  since rio, deprecated boston

field class static string
  doc Class of the object, in lower case.

field operation static enum(event_operation)
  doc What happened.

field ref static string
  doc Reference of the object.

field obj_uuid static string
  doc Uuid of the object; not sent.
  since rio, deprecated boston

field snapshot dynamic record(<class>)
  doc The object's fields; absent after a deletion.
  since boston

message register
  doc Adds classes to what next reports to this session.
  since rio, deprecated boston
  role read-only
  param classes set(string)

message unregister
  doc Takes classes from what next reports to this session.
  since rio, deprecated boston
  role read-only
  param classes set(string)

message next
  doc Waits for changes of the registered classes.
  since rio, deprecated boston
  role read-only
  flags sync query raw-result
  result set(record(event))
  errors SESSION_NOT_REGISTERED EVENTS_LOST EVENT_SUBSCRIPTION_PARSE_FAILURE

message from
  doc Waits for changes after the token, or the timeout, and returns them with a new token;
  doc needs no registration.
  since boston
  role read-only
  flags sync query raw-result
  param classes set(string)
  param token string
  param timeout float
  result set(record(event))
  errors EVENT_FROM_TOKEN_PARSE_FAILURE EVENT_SUBSCRIPTION_PARSE_FAILURE

message get_current_id
  doc Number of the newest event for next.
  role read-only
  flags sync query
  result int

message inject
  doc Reports an object as changed without changing it; returns a token from just before.
  since tampa
  role read-only
  flags sync
  param class string
  param ref string
  result string

# SPDX-License-Identifier: GPL-2.0-or-later

class Caller
  doc A client program the server has seen, told apart by what it calls itself and where it
  doc comes from.
  prototyped 26.17.0
  writer pool-admin
  flags constructor

field uuid dynamic string
  doc Lasting, unique name of the caller.

field name__label rw string = ""
  doc Name people gave the caller; it need not be unique.

field name__description rw string = ""
  doc Free text about the caller.

field user_agent static string = ""
  doc What the program calls itself; empty matches any.

field client_ip static string = ""
  doc Address it comes from; empty matches any.

field last_access dynamic datetime = "19700101T00:00:00Z"
  doc When it last made a call.

field groups dynamic set(string) = []
  doc Groups it is counted in.

field rate_limit dynamic ref(Rate_limit) = "OpaqueRef:NULL"
  doc Limit that applies to it.
  to Rate_limit.callers

field auto_registered dynamic bool = false
  doc Whether the server made the record by itself.

message add_group
  doc Counts it in one more group.
  role pool-operator
  param self ref(Caller)
  param group string

message remove_group
  doc No longer counts it in a group.
  role pool-operator
  param self ref(Caller)
  param group string

message query_token_usage
  doc How much of its limit it has used lately.
  prototyped 26.15.0
  role pool-operator
  flags query
  param self ref(Caller)
  result float

message query_call_count
  doc How many calls it has made lately.
  prototyped 26.15.0
  role pool-operator
  flags query
  param self ref(Caller)
  result int

message query_group_token_usage
  doc How much the callers of a group have used lately.
  prototyped 26.15.0
  role pool-operator
  flags query
  param group string
  result float

message query_group_call_count
  doc How many calls the callers of a group have made lately.
  prototyped 26.15.0
  role pool-operator
  flags query
  param group string
  result int

message query_all_usage
  doc Use and calls of every caller, as rows of text.
  role pool-operator
  flags query
  result set(set(string))

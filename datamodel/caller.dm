# SPDX-License-Identifier: GPL-2.0-or-later

class Caller
  prototyped 26.17.0
  writer pool-admin
  flags constructor

field uuid dynamic string

field name__label rw string = ""

field name__description rw string = ""

field user_agent static string = ""

field client_ip static string = ""

field last_access dynamic datetime = "19700101T00:00:00Z"

field groups dynamic set(string) = []

field rate_limit dynamic ref(Rate_limit) = "OpaqueRef:NULL"
  to Rate_limit.callers

field auto_registered dynamic bool = false

message add_group
  role pool-operator
  param self ref(Caller)
  param group string

message remove_group
  role pool-operator
  param self ref(Caller)
  param group string

message query_token_usage
  prototyped 26.15.0
  role pool-operator
  flags query
  param self ref(Caller)
  result float

message query_call_count
  prototyped 26.15.0
  role pool-operator
  flags query
  param self ref(Caller)
  result int

message query_group_token_usage
  prototyped 26.15.0
  role pool-operator
  flags query
  param group string
  result float

message query_group_call_count
  prototyped 26.15.0
  role pool-operator
  flags query
  param group string
  result int

message query_all_usage
  role pool-operator
  flags query
  result set(set(string))

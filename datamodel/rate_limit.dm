# SPDX-License-Identifier: GPL-2.0-or-later

class Rate_limit
  prototyped 26.17.0
  writer pool-admin
  flags constructor

field uuid dynamic string

field name__label rw string = ""

field name__description rw string = ""

field callers dynamic set(ref(Caller))
  from Caller.rate_limit

field burst_size static float = 0.0

field fill_rate static float = 0.0

message add_caller
  role pool-admin
  param self ref(Rate_limit)
  param caller ref(Caller)

message remove_caller
  role pool-admin
  param self ref(Rate_limit)
  param caller ref(Caller)

message set_burst_size
  role pool-admin
  param self ref(Rate_limit)
  param value float

message set_fill_rate
  role pool-admin
  param self ref(Rate_limit)
  param value float

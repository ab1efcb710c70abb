# SPDX-License-Identifier: GPL-2.0-or-later

class Rate_limit
  doc How many calls a client may make: tokens that calls use up and time gives back.
  prototyped 26.17.0
  writer pool-admin
  flags constructor

field uuid dynamic string
  doc Lasting, unique name of the rate limit.

field name__label rw string = ""
  doc Name people gave the rate limit; it need not be unique.

field name__description rw string = ""
  doc Free text about the rate limit.

field callers dynamic set(ref(Caller))
  doc Clients it applies to.
  from Caller.rate_limit

field burst_size static float = 0.0
  doc Most tokens it holds.

field fill_rate static float = 0.0
  doc Tokens that come back a second.

message add_caller
  doc Applies it to one more client.
  role pool-admin
  param self ref(Rate_limit)
  param caller ref(Caller)

message remove_caller
  doc No longer applies it to a client.
  role pool-admin
  param self ref(Rate_limit)
  param caller ref(Caller)

message set_burst_size
  doc Changes the most tokens it holds.
  role pool-admin
  param self ref(Rate_limit)
  param value float

message set_fill_rate
  doc Changes how many tokens come back a second.
  role pool-admin
  param self ref(Rate_limit)
  param value float

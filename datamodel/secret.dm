# SPDX-License-Identifier: GPL-2.0-or-later

class secret
  since midnight-ride
  reader pool-operator
  writer pool-operator
  flags constructor no-events

field uuid dynamic string
  since rio

field value rw string
  since rio

field other_config rw map(string,string) = {}
  since rio
  reader read-only

message introduce
  role pool-operator
  flags sync hidden secret
  param uuid string
  param value string
  param other_config map(string,string) = {}
  result ref(secret)

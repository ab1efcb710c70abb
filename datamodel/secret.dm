# SPDX-License-Identifier: GPL-2.0-or-later

class secret
  doc A text that other objects refer to instead of showing it, such as a storage password.
  since midnight-ride
  reader pool-operator
  writer pool-operator
  flags constructor no-events

field uuid dynamic string
  doc Lasting, unique name of the secret.
  since rio

field value rw string
  doc The text.
  since rio

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the secret.
  since rio
  reader read-only

message introduce
  doc Makes a secret with a given uuid; for other hosts of the pool.
  role pool-operator
  flags sync hidden secret
  param uuid string
  param value string
  param other_config map(string,string) = {}
  result ref(secret)

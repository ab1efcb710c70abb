# SPDX-License-Identifier: GPL-2.0-or-later

class blob
  since orlando
  writer pool-operator
  flags no-async

field uuid dynamic string
  since rio

field name__label rw string = ""
  since rio

field name__description rw string = ""
  since rio

field size dynamic int
  since rio

field public rw bool = false
  since tampa

field last_updated static datetime
  since rio

field mime_type static string
  since rio

message create
  role pool-operator
  flags sync
  param mime_type string
  param public bool = false
  result ref(blob)

message destroy
  role pool-operator
  flags sync
  param self ref(blob)

# SPDX-License-Identifier: GPL-2.0-or-later

class PBD
  since rio
  writer pool-operator
  flags constructor

field uuid dynamic string

field host static ref(host)
  to host.PBDs

field SR static ref(SR)
  to SR.PBDs

field device_config static map(string,string)

field currently_attached dynamic bool

field other_config rw map(string,string) = {}
  since miami

message plug
  role pool-operator
  param self ref(PBD)
  errors SR_UNKNOWN_DRIVER

message unplug
  role pool-operator
  param self ref(PBD)

message set_device_config
  since miami
  role pool-operator
  param self ref(PBD)
  param value map(string,string)

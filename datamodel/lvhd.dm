# SPDX-License-Identifier: GPL-2.0-or-later

class LVHD
  since dundee
  writer pool-admin
  flags no-get-all

field uuid dynamic string
  since rio

message enable_thin_provisioning
  role pool-admin
  flags host-extension
  param host ref(host)
  param SR ref(SR)
  param initial_allocation int
  param allocation_quantum int
  result string

# SPDX-License-Identifier: GPL-2.0-or-later

class LVHD
  doc Settings of VHD images on logical volumes.
  since dundee
  writer pool-admin
  flags no-get-all

field uuid dynamic string
  doc Lasting, unique name of the LVHD.
  since rio

message enable_thin_provisioning
  doc Makes an SR of such images allocate space as it is written.
  role pool-admin
  flags host-extension
  param host ref(host)
  param SR ref(SR)
  param initial_allocation int
  param allocation_quantum int
  result string

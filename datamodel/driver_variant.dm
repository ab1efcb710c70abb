# SPDX-License-Identifier: GPL-2.0-or-later

class Driver_variant
  prototyped 25.2.0
  writer pool-admin

field uuid dynamic string

field name dynamic string

field driver dynamic ref(Host_driver)
  to Host_driver.variants

field version dynamic string

field hardware_present dynamic bool

field priority dynamic float

field status dynamic string

message select
  role pool-admin
  param self ref(Driver_variant)

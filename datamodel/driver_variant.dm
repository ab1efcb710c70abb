# SPDX-License-Identifier: GPL-2.0-or-later

class Driver_variant
  doc One version of a hardware driver that a host has.
  prototyped 25.2.0
  writer pool-admin

field uuid dynamic string
  doc Lasting, unique name of the driver variant.

field name dynamic string
  doc Its name.

field driver dynamic ref(Host_driver)
  doc Driver it is a variant of.
  to Host_driver.variants

field version dynamic string
  doc Its version.

field hardware_present dynamic bool
  doc Whether the host has hardware it serves.

field priority dynamic float
  doc The variant with the highest is taken when none is selected.

field status dynamic string
  doc How mature it is.

message select
  doc Uses it from the next boot on.
  role pool-admin
  param self ref(Driver_variant)

# SPDX-License-Identifier: GPL-2.0-or-later

class Host_driver
  doc A hardware driver of a host that has several versions.
  prototyped 25.2.0
  writer pool-admin

field uuid dynamic string
  doc Lasting, unique name of the host driver.

field host static ref(host) = "OpaqueRef:NULL"
  doc Host it is on.

field name dynamic string
  doc Its name.

field friendly_name dynamic string
  doc Its name for people.

field variants dynamic set(ref(Driver_variant))
  doc Its versions.
  from Driver_variant.driver

field active_variant dynamic ref(Driver_variant)
  doc Version in use.

field selected_variant dynamic ref(Driver_variant)
  doc Version to use from the next boot on.

field type dynamic string
  doc Kind of device it drives.

field description dynamic string
  doc What it drives.

field info dynamic string
  doc Further words about it.

message select
  doc Uses this version from the next boot on.
  role pool-admin
  param self ref(Host_driver)
  param variant ref(Driver_variant)

message deselect
  doc Uses the default version from the next boot on.
  role pool-admin
  param self ref(Host_driver)

message rescan
  doc Looks anew at which versions a host has.
  role pool-admin
  param host ref(host)

# SPDX-License-Identifier: GPL-2.0-or-later

class PBD
  doc How one host reaches one SR: the driver's settings, and whether it is attached.
  since rio
  writer pool-operator
  flags constructor

field uuid dynamic string
  doc Lasting, unique name of the PBD.

field host static ref(host)
  doc Host it connects.
  to host.PBDs

field SR static ref(SR)
  doc Storage repository it leads to.
  to SR.PBDs

field device_config static map(string,string)
  doc Settings for the storage driver: path, server, target; passwords stand in secrets.

field currently_attached dynamic bool
  doc Whether the host is attached now.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the PBD.
  since miami

message plug
  doc Attaches the host to the SR.
  role pool-operator
  param self ref(PBD)
  errors SR_UNKNOWN_DRIVER

message unplug
  doc Detaches the host from the SR; no VM on it may use its disks.
  role pool-operator
  param self ref(PBD)

message set_device_config
  doc Replaces the driver's settings; it must be unplugged.
  since miami
  role pool-operator
  param self ref(PBD)
  param value map(string,string)

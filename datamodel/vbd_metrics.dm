# SPDX-License-Identifier: GPL-2.0-or-later

class VBD_metrics
  doc Throughput of a VM's drive, in old releases.
  since rio, deprecated tampa, removed tampa
  writer vm-admin
  flags volatile

field uuid dynamic string
  doc Lasting, unique name of the VBD metrics.
  since rio

field io__read_kbs dynamic float = 0.0
  doc KiB read a second.
  flags volatile

field io__write_kbs dynamic float = 0.0
  doc KiB written a second.
  flags volatile

field last_updated dynamic datetime = "19700101T00:00:00Z"
  doc When these figures were last renewed.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the VBD metrics.
  since orlando, deprecated tampa, removed tampa

# SPDX-License-Identifier: GPL-2.0-or-later

class VIF_metrics
  doc Throughput of a VM's network interface, in old releases.
  since rio, deprecated tampa, removed tampa
  writer vm-admin
  flags volatile

field uuid dynamic string
  doc Lasting, unique name of the VIF metrics.
  since rio

field io__read_kbs dynamic float = 0.0
  doc KiB received a second.
  flags volatile

field io__write_kbs dynamic float = 0.0
  doc KiB sent a second.
  flags volatile

field last_updated dynamic datetime
  doc When these figures were last renewed.
  since rio

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the VIF metrics.
  since orlando

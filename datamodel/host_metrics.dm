# SPDX-License-Identifier: GPL-2.0-or-later

class host_metrics
  doc What a host says of itself.
  since rio
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the host metrics.

field memory__total dynamic int
  doc Bytes of memory in it.

field memory__free dynamic int = 0
  doc Bytes of free memory; statistics replaced it.
  since rio, deprecated midnight-ride, removed tampa

field live dynamic bool
  doc Whether the coordinator hears from it.

field last_updated dynamic datetime
  doc When these figures were last renewed.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the host metrics.
  since orlando

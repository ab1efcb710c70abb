# SPDX-License-Identifier: GPL-2.0-or-later

class host_cpu
  since rio, deprecated midnight-ride
  writer pool-operator

field uuid dynamic string
  since rio

field host dynamic ref(host)
  since rio
  to host.host_CPUs

field number dynamic int
  since rio

field vendor dynamic string
  since rio

field speed dynamic int
  since rio

field modelname dynamic string
  since rio

field family dynamic int
  since rio

field model dynamic int
  since rio

field stepping dynamic string
  since rio

field flags dynamic string
  since rio

field features dynamic string
  since rio

field utilisation dynamic float
  since rio
  flags volatile

field other_config rw map(string,string) = {}
  since orlando

# SPDX-License-Identifier: GPL-2.0-or-later

class host_cpu
  doc One CPU of a host; host.cpu_info replaced it.
  since rio, deprecated midnight-ride
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the CPU.
  since rio

field host dynamic ref(host)
  doc Host it is in.
  since rio
  to host.host_CPUs

field number dynamic int
  doc Its number there.
  since rio

field vendor dynamic string
  doc Who made it.
  since rio

field speed dynamic int
  doc Its clock in MHz.
  since rio

field modelname dynamic string
  doc Its name.
  since rio

field family dynamic int
  doc Its family number.
  since rio

field model dynamic int
  doc Its model number.
  since rio

field stepping dynamic string
  doc Its stepping.
  since rio

field flags dynamic string
  doc Its features, as Linux names them.
  since rio

field features dynamic string
  doc Its features as hexadecimal words.
  since rio

field utilisation dynamic float
  doc Share of time it was busy.
  since rio
  flags volatile

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the CPU.
  since orlando

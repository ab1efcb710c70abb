# SPDX-License-Identifier: GPL-2.0-or-later

class host_crashdump
  since rio
  writer pool-operator

field uuid dynamic string

field host static ref(host)
  to host.crashdumps

field timestamp dynamic datetime

field size dynamic int

field filename static string
  flags internal

field other_config rw map(string,string) = {}
  since miami

message destroy
  role pool-operator
  param self ref(host_crashdump)

message upload
  role pool-operator
  param self ref(host_crashdump)
  param url string
  param options map(string,string)

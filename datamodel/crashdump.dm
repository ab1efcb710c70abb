# SPDX-License-Identifier: GPL-2.0-or-later

class crashdump
  since rio, deprecated inverness
  writer pool-operator

field uuid dynamic string
  since rio

field VM static ref(VM)
  since rio
  to VM.crash_dumps

field VDI static ref(VDI)
  since rio
  to VDI.crash_dumps

field other_config rw map(string,string) = {}
  since miami

message destroy
  since rio
  role pool-operator
  param self ref(crashdump)

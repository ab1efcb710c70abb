# SPDX-License-Identifier: GPL-2.0-or-later

class crashdump
  doc A dump of the memory of a VM that crashed.
  since rio, deprecated inverness
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the crash dump.
  since rio

field VM static ref(VM)
  doc VM that crashed.
  since rio
  to VM.crash_dumps

field VDI static ref(VDI)
  doc Image that holds the dump.
  since rio
  to VDI.crash_dumps

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the crash dump.
  since miami

message destroy
  doc Removes the dump and its image.
  since rio
  role pool-operator
  param self ref(crashdump)

# SPDX-License-Identifier: GPL-2.0-or-later

class console
  since rio
  writer vm-admin
  flags constructor

enum console_protocol
  value vt100
  value rfb
  value rdp

field uuid dynamic string

field protocol dynamic enum(console_protocol)

field location dynamic string

field VM dynamic ref(VM)
  to VM.consoles

field other_config rw map(string,string)

field port rw int
  flags internal

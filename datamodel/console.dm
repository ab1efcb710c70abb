# SPDX-License-Identifier: GPL-2.0-or-later

class console
  doc A screen or serial line of a VM.
  since rio
  writer vm-admin
  flags constructor

enum console_protocol
  doc What is spoken on it: a terminal, VNC or RDP.
  value vt100
  value rfb
  value rdp

field uuid dynamic string
  doc Lasting, unique name of the console.

field protocol dynamic enum(console_protocol)
  doc What is spoken on it.

field location dynamic string
  doc URL a client connects to.

field VM dynamic ref(VM)
  doc VM it belongs to.
  to VM.consoles

field other_config rw map(string,string)
  doc Free keys that tools keep with the console.

field port rw int
  doc Port on the host where it is served.
  flags internal

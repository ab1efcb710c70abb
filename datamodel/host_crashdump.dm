# SPDX-License-Identifier: GPL-2.0-or-later

class host_crashdump
  doc A dump made when a host crashed.
  since rio
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the crash dump.

field host static ref(host)
  doc Host that crashed.
  to host.crashdumps

field timestamp dynamic datetime
  doc When it crashed.

field size dynamic int
  doc Bytes in the dump.

field filename static string
  doc File that holds the dump.
  flags internal

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the crash dump.
  since miami

message destroy
  doc Removes the dump.
  role pool-operator
  param self ref(host_crashdump)

message upload
  doc Uploads the dump to a URL.
  role pool-operator
  param self ref(host_crashdump)
  param url string
  param options map(string,string)

# SPDX-License-Identifier: GPL-2.0-or-later

class host_patch
  since rio, deprecated ely
  writer pool-operator

field uuid dynamic string
  since rio

field name__label static string = ""
  since rio

field name__description static string = ""
  since rio

field version static string
  since rio

field host static ref(host)
  since rio
  to host.patches

field filename dynamic string
  since rio
  flags internal

field applied dynamic bool
  since rio

field timestamp_applied dynamic datetime
  since rio

field size dynamic int
  since rio

field pool_patch static ref(pool_patch) = "OpaqueRef:NULL"
  since miami
  to pool_patch.host_patches

field other_config rw map(string,string) = {}
  since miami

message destroy
  since rio, deprecated miami
  role pool-operator
  param self ref(host_patch)

message apply
  since rio, deprecated miami
  role pool-operator
  param self ref(host_patch)
  result string

# SPDX-License-Identifier: GPL-2.0-or-later

class host_patch
  doc A patch of old releases on one host.
  since rio, deprecated ely
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the host patch.
  since rio

field name__label static string = ""
  doc Name people gave the host patch; it need not be unique.
  since rio

field name__description static string = ""
  doc Free text about the host patch.
  since rio

field version static string
  doc Version of the patch.
  since rio

field host static ref(host)
  doc Host it is on.
  since rio
  to host.patches

field filename dynamic string
  doc File it is in.
  since rio
  flags internal

field applied dynamic bool
  doc Whether it has been applied.
  since rio

field timestamp_applied dynamic datetime
  doc When it was applied.
  since rio

field size dynamic int
  doc Bytes in it.
  since rio

field pool_patch static ref(pool_patch) = "OpaqueRef:NULL"
  doc Patch it belongs to.
  since miami
  to pool_patch.host_patches

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the host patch.
  since miami

message destroy
  doc Removed the patch's file; the pool's patch does it.
  since rio, deprecated miami
  role pool-operator
  param self ref(host_patch)

message apply
  doc Applied the patch on its host.
  since rio, deprecated miami
  role pool-operator
  param self ref(host_patch)
  result string

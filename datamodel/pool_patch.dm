# SPDX-License-Identifier: GPL-2.0-or-later

class pool_patch
  doc A patch of old releases, for the whole pool.
  since miami, deprecated ely
  writer pool-operator

enum after_apply_guidance
  doc What has to be restarted after a patch.
  value restartHVM
  value restartPV
  value restartHost
  value restartXAPI

field uuid dynamic string
  doc Lasting, unique name of the patch.
  since rio

field name__label static string = ""
  doc Name people gave the patch; it need not be unique.
  since rio

field name__description static string = ""
  doc Free text about the patch.
  since rio

field version static string = ""
  doc Version of the patch.
  since miami

field filename dynamic string = ""
  doc File it is in.
  since miami
  flags internal

field size dynamic int = 0
  doc Bytes in it.
  since miami

field pool_applied dynamic bool = false
  doc Whether all hosts have it.
  since miami

field host_patches dynamic set(ref(host_patch))
  doc Its part on each host.
  since miami
  from host_patch.pool_patch

field after_apply_guidance dynamic set(enum(after_apply_guidance)) = []
  doc What has to be restarted after it.
  since miami

field pool_update static ref(pool_update) = "OpaqueRef:NULL"
  doc Update that it became.
  since ely

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the patch.
  since miami

message apply
  doc Applies it on a host.
  role pool-operator
  param self ref(pool_patch)
  param host ref(host)
  result string

message pool_apply
  doc Applies it on all hosts.
  role pool-operator
  param self ref(pool_patch)

message precheck
  doc Tries whether it could be applied on a host.
  role pool-operator
  flags query
  param self ref(pool_patch)
  param host ref(host)
  result string

message clean
  doc Removes its file from the coordinator.
  role pool-operator
  param self ref(pool_patch)

message pool_clean
  doc Removes its files from all hosts.
  since tampa, deprecated ely
  role pool-operator
  param self ref(pool_patch)

message destroy
  doc Removes a patch that was applied nowhere.
  role pool-operator
  param self ref(pool_patch)

message clean_on_host
  doc Removes its file from a host.
  since tampa, deprecated ely
  role pool-operator
  param self ref(pool_patch)
  param host ref(host)

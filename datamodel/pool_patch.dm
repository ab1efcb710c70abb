# SPDX-License-Identifier: GPL-2.0-or-later

class pool_patch
  since miami, deprecated ely
  writer pool-operator

enum after_apply_guidance
  value restartHVM
  value restartPV
  value restartHost
  value restartXAPI

field uuid dynamic string
  since rio

field name__label static string = ""
  since rio

field name__description static string = ""
  since rio

field version static string = ""
  since miami

field filename dynamic string = ""
  since miami
  flags internal

field size dynamic int = 0
  since miami

field pool_applied dynamic bool = false
  since miami

field host_patches dynamic set(ref(host_patch))
  since miami
  from host_patch.pool_patch

field after_apply_guidance dynamic set(enum(after_apply_guidance)) = []
  since miami

field pool_update static ref(pool_update) = "OpaqueRef:NULL"
  since ely

field other_config rw map(string,string) = {}
  since miami

message apply
  role pool-operator
  param self ref(pool_patch)
  param host ref(host)
  result string

message pool_apply
  role pool-operator
  param self ref(pool_patch)

message precheck
  role pool-operator
  flags query
  param self ref(pool_patch)
  param host ref(host)
  result string

message clean
  role pool-operator
  param self ref(pool_patch)

message pool_clean
  since tampa, deprecated ely
  role pool-operator
  param self ref(pool_patch)

message destroy
  role pool-operator
  param self ref(pool_patch)

message clean_on_host
  since tampa, deprecated ely
  role pool-operator
  param self ref(pool_patch)
  param host ref(host)

# SPDX-License-Identifier: GPL-2.0-or-later

class pool_update
  since ely
  writer pool-operator

enum livepatch_status
  value ok_livepatch_complete
  value ok_livepatch_incomplete
  value ok

enum update_after_apply_guidance
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

field installation_size static int = 0

field key static string = ""

field after_apply_guidance static set(enum(update_after_apply_guidance)) = []

field vdi static ref(VDI)
  since rio

field hosts dynamic set(ref(host))
  from host.updates

field other_config rw map(string,string) = {}
  since inverness

field enforce_homogeneity static bool = false
  since inverness

message introduce
  role pool-operator
  param vdi ref(VDI)
  result ref(pool_update)

message precheck
  role pool-operator
  flags host-extension
  param self ref(pool_update)
  param host ref(host)
  result enum(livepatch_status)

message apply
  role pool-operator
  flags host-extension
  param self ref(pool_update)
  param host ref(host)

message pool_apply
  role pool-operator
  param self ref(pool_update)

message pool_clean
  role pool-operator
  param self ref(pool_update)

message destroy
  role pool-operator
  param self ref(pool_update)

message attach
  role pool-operator
  flags hidden
  param self ref(pool_update)
  param use_localhost_proxy bool = false
  result string

message detach
  role pool-operator
  flags hidden
  param self ref(pool_update)

message resync_host
  role pool-operator
  flags hidden
  param host ref(host)

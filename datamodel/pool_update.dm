# SPDX-License-Identifier: GPL-2.0-or-later

class pool_update
  doc An update in the form of a signed ISO image.
  since ely
  writer pool-operator

enum livepatch_status
  doc Whether live patches make the restarts unnecessary.
  value ok_livepatch_complete
  value ok_livepatch_incomplete
  value ok

enum update_after_apply_guidance
  doc What has to be restarted after an update.
  value restartHVM
  value restartPV
  value restartHost
  value restartXAPI

field uuid dynamic string
  doc Lasting, unique name of the update.
  since rio

field name__label static string = ""
  doc Name people gave the update; it need not be unique.
  since rio

field name__description static string = ""
  doc Free text about the update.
  since rio

field version static string = ""
  doc Version of the update.

field installation_size static int = 0
  doc Bytes it takes when installed.

field key static string = ""
  doc Key it is signed with.

field after_apply_guidance static set(enum(update_after_apply_guidance)) = []
  doc What has to be restarted after it.

field vdi static ref(VDI)
  doc Image with its contents.
  since rio

field hosts dynamic set(ref(host))
  doc Hosts that have it.
  from host.updates

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the update.
  since inverness

field enforce_homogeneity static bool = false
  doc Whether all hosts must have it.
  since inverness

message introduce
  doc Makes the record of an update from its image.
  role pool-operator
  param vdi ref(VDI)
  result ref(pool_update)

message precheck
  doc Tries whether it could be installed on a host.
  role pool-operator
  flags host-extension
  param self ref(pool_update)
  param host ref(host)
  result enum(livepatch_status)

message apply
  doc Installs it on a host.
  role pool-operator
  flags host-extension
  param self ref(pool_update)
  param host ref(host)

message pool_apply
  doc Installs it on all hosts.
  role pool-operator
  param self ref(pool_update)

message pool_clean
  doc Removes its files from all hosts.
  role pool-operator
  param self ref(pool_update)

message destroy
  doc Removes an update that is installed nowhere.
  role pool-operator
  param self ref(pool_update)

message attach
  doc Makes its contents readable on the host and returns the URL.
  role pool-operator
  flags hidden
  param self ref(pool_update)
  param use_localhost_proxy bool = false
  result string

message detach
  doc Ends what attach began.
  role pool-operator
  flags hidden
  param self ref(pool_update)

message resync_host
  doc Reads again which updates a host has.
  role pool-operator
  flags hidden
  param host ref(host)

# SPDX-License-Identifier: GPL-2.0-or-later

class Repository
  since 1.301.0
  writer pool-operator

enum origin
  value remote
  value bundle
  value remote_pool

field uuid dynamic string

field name__label rw string = ""
  since rio
  flags client-cert

field name__description rw string = ""
  since rio
  flags client-cert

field binary_url static string = ""

field source_url static string = ""

field update static bool = false

field hash dynamic string = ""

field up_to_date dynamic bool = false
  since 1.301.0, deprecated 23.18.0, removed 23.18.0

field gpgkey_path static string = ""
  prototyped 22.12.0

field origin static enum(origin) = "remote"
  prototyped 24.23.0

field certificate static string = ""
  prototyped 25.7.0

message introduce
  role pool-operator
  flags client-cert
  param name_label string
  param name_description string
  param binary_url string
  param source_url string
  param update bool
  param gpgkey_path string = ""
  result ref(Repository)

message introduce_bundle
  prototyped 24.23.0
  role pool-operator
  flags client-cert
  param name_label string
  param name_description string
  result ref(Repository)

message introduce_remote_pool
  prototyped 25.7.0
  role pool-operator
  flags client-cert
  param name_label string
  param name_description string
  param binary_url string
  param certificate string
  result ref(Repository)

message forget
  role pool-operator
  flags client-cert
  param self ref(Repository)

message apply
  role pool-operator
  flags hidden pool-internal client-cert
  param host ref(host)

message set_gpgkey_path
  prototyped 22.12.0
  role pool-operator
  flags client-cert
  param self ref(Repository)
  param value string

message apply_livepatch
  prototyped 22.20.0
  role pool-operator
  flags hidden pool-internal client-cert
  param host ref(host)
  param component string
  param base_build_id string
  param base_version string
  param base_release string
  param to_version string
  param to_release string

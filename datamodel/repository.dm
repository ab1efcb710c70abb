# SPDX-License-Identifier: GPL-2.0-or-later

class Repository
  doc A place updates come from.
  since 1.301.0
  writer pool-operator

enum origin
  doc Whether updates come from a server, an uploaded bundle or another pool.
  value remote
  value bundle
  value remote_pool

field uuid dynamic string
  doc Lasting, unique name of the repository.

field name__label rw string = ""
  doc Name people gave the repository; it need not be unique.
  since rio
  flags client-cert

field name__description rw string = ""
  doc Free text about the repository.
  since rio
  flags client-cert

field binary_url static string = ""
  doc URL of the packages.

field source_url static string = ""
  doc URL of the sources.

field update static bool = false
  doc Whether it has updates rather than a whole product.

field hash dynamic string = ""
  doc Hash of its newest synchronized set of updates.

field up_to_date dynamic bool = false
  doc Whether all hosts have its updates.
  since 1.301.0, deprecated 23.18.0, removed 23.18.0

field gpgkey_path static string = ""
  doc File with the key its packages are signed with.
  prototyped 22.12.0

field origin static enum(origin) = "remote"
  doc Where its updates come from.
  prototyped 24.23.0

field certificate static string = ""
  doc Certificate of the pool updates come from.
  prototyped 25.7.0

message introduce
  doc Makes the record of a repository on a server.
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
  doc Makes the record of a repository for uploaded bundles.
  prototyped 24.23.0
  role pool-operator
  flags client-cert
  param name_label string
  param name_description string
  result ref(Repository)

message introduce_remote_pool
  doc Makes the record of a repository that another pool offers.
  prototyped 25.7.0
  role pool-operator
  flags client-cert
  param name_label string
  param name_description string
  param binary_url string
  param certificate string
  result ref(Repository)

message forget
  doc Removes its record; the pool must not use it.
  role pool-operator
  flags client-cert
  param self ref(Repository)

message apply
  doc Installs the updates on a host.
  role pool-operator
  flags hidden pool-internal client-cert
  param host ref(host)

message set_gpgkey_path
  doc Changes the file with its key.
  prototyped 22.12.0
  role pool-operator
  flags client-cert
  param self ref(Repository)
  param value string

message apply_livepatch
  doc Applies a live patch on a host.
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

# SPDX-License-Identifier: GPL-2.0-or-later

class subject
  since george
  writer pool-admin
  flags constructor

field uuid dynamic string
  since rio

field subject_identifier static string = ""

field other_config static map(string,string) = {}

field roles dynamic set(ref(role)) = ["OpaqueRef:0165f154-ba3e-034e-6b27-5d271af109ba"]
  since midnight-ride
  flags dangling

message add_to_roles
  since midnight-ride
  role pool-admin
  flags sync
  param self ref(subject)
  param role ref(role)

message remove_from_roles
  since midnight-ride
  role pool-admin
  flags sync
  param self ref(subject)
  param role ref(role)

message get_permissions_name_label
  since midnight-ride
  role read-only
  flags sync query
  param self ref(subject)
  result set(string)

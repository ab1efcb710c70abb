# SPDX-License-Identifier: GPL-2.0-or-later

class subject
  doc A user or group of the directory that may log in.
  since george
  writer pool-admin
  flags constructor

field uuid dynamic string
  doc Lasting, unique name of the subject.
  since rio

field subject_identifier static string = ""
  doc Identifier in the directory.

field other_config static map(string,string) = {}
  doc Free keys that tools keep with the subject.

field roles dynamic set(ref(role)) = ["OpaqueRef:0165f154-ba3e-034e-6b27-5d271af109ba"]
  doc Roles it has.
  since midnight-ride
  flags dangling

message add_to_roles
  doc Gives it a role.
  since midnight-ride
  role pool-admin
  flags sync
  param self ref(subject)
  param role ref(role)

message remove_from_roles
  doc Takes a role from it.
  since midnight-ride
  role pool-admin
  flags sync
  param self ref(subject)
  param role ref(role)

message get_permissions_name_label
  doc Names of all calls it may make.
  since midnight-ride
  role read-only
  flags sync query
  param self ref(subject)
  result set(string)

# SPDX-License-Identifier: GPL-2.0-or-later

class auth
  doc Questions to the directory that users come from.
  since george
  writer read-only
  flags no-database volatile no-events no-get-all

message get_subject_identifier
  doc Identifier of the user or group with this name.
  role read-only
  flags sync query
  param subject_name string
  result string

message get_subject_information_from_identifier
  doc What the directory says of a user or group.
  role read-only
  flags sync query
  param subject_identifier string
  result map(string,string)

message get_group_membership
  doc Identifiers of all groups a user or group is in.
  role read-only
  flags sync query
  param subject_identifier string
  result set(string)

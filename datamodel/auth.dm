# SPDX-License-Identifier: GPL-2.0-or-later

class auth
  since george
  writer read-only
  flags no-database volatile no-events no-get-all

message get_subject_identifier
  role read-only
  flags sync query
  param subject_name string
  result string

message get_subject_information_from_identifier
  role read-only
  flags sync query
  param subject_identifier string
  result map(string,string)

message get_group_membership
  role read-only
  flags sync query
  param subject_identifier string
  result set(string)

# SPDX-License-Identifier: GPL-2.0-or-later

class role
  since midnight-ride
  writer pool-admin

field uuid dynamic string
  since rio

field name__label static string = ""

field name__description static string = ""

field subroles static set(ref(role)) = []
  flags dangling

field is_internal dynamic bool = false
  since 22.5.0

message get_permissions
  role read-only
  flags sync query
  param self ref(role)
  result set(ref(role))

message get_permissions_name_label
  role read-only
  flags sync query
  param self ref(role)
  result set(string)

message get_by_permission
  role read-only
  flags sync query
  param permission ref(role)
  result set(ref(role))

message get_by_permission_name_label
  role read-only
  flags sync query
  param label string
  result set(ref(role))

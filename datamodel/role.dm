# SPDX-License-Identifier: GPL-2.0-or-later

class role
  doc A set of permissions; also a single permission.
  since midnight-ride
  writer pool-admin

field uuid dynamic string
  doc Lasting, unique name of the role.
  since rio

field name__label static string = ""
  doc Name people gave the role; it need not be unique.

field name__description static string = ""
  doc Free text about the role.

field subroles static set(ref(role)) = []
  doc Roles and permissions it consists of.
  flags dangling

field is_internal dynamic bool = false
  doc Whether it is left out of lists for people.
  since 22.5.0

message get_permissions
  doc All permissions in it, also those of its subroles.
  role read-only
  flags sync query
  param self ref(role)
  result set(ref(role))

message get_permissions_name_label
  doc Names of all permissions in it.
  role read-only
  flags sync query
  param self ref(role)
  result set(string)

message get_by_permission
  doc Roles that hold this permission.
  role read-only
  flags sync query
  param permission ref(role)
  result set(ref(role))

message get_by_permission_name_label
  doc Roles that hold the permission of this name.
  role read-only
  flags sync query
  param label string
  result set(ref(role))

# SPDX-License-Identifier: GPL-2.0-or-later

class user
  doc A local user of the server; only the superuser is one.
  since rio, deprecated george
  writer pool-admin
  flags constructor no-events no-get-all

field uuid dynamic string
  doc Lasting, unique name of the user.
  since rio

field short_name static string
  doc Name to log in with.
  since rio

field fullname rw string
  doc Name for people.
  since rio

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the user.
  since orlando

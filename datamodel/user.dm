# SPDX-License-Identifier: GPL-2.0-or-later

class user
  since rio, deprecated george
  writer pool-admin
  flags constructor no-events no-get-all

field uuid dynamic string
  since rio

field short_name static string
  since rio

field fullname rw string
  since rio

field other_config rw map(string,string) = {}
  since orlando

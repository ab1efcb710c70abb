# SPDX-License-Identifier: GPL-2.0-or-later

class probe_result
  prototyped kolkata, since lima
  writer local-root
  flags no-database volatile no-events no-get-all

field configuration dynamic map(string,string)

field complete dynamic bool

field sr dynamic option(record(sr_stat))

field extra_info dynamic map(string,string)

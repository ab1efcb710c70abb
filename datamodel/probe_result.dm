# SPDX-License-Identifier: GPL-2.0-or-later

class probe_result
  doc One SR, or one step towards it, that a probe found.
  prototyped kolkata, since lima
  writer local-root
  flags no-database volatile no-events no-get-all

field configuration dynamic map(string,string)
  doc Settings to attach it with, or to probe further with.

field complete dynamic bool
  doc Whether these settings suffice to attach.

field sr dynamic option(record(sr_stat))
  doc The SR, if there is one at this place.

field extra_info dynamic map(string,string)
  doc What else the driver says.

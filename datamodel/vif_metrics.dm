# SPDX-License-Identifier: GPL-2.0-or-later

class VIF_metrics
  since rio, deprecated tampa, removed tampa
  writer vm-admin
  flags volatile

field uuid dynamic string
  since rio

field io__read_kbs dynamic float = 0.0
  flags volatile

field io__write_kbs dynamic float = 0.0
  flags volatile

field last_updated dynamic datetime
  since rio

field other_config rw map(string,string) = {}
  since orlando

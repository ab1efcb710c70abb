# SPDX-License-Identifier: GPL-2.0-or-later

class host_metrics
  since rio
  writer pool-operator

field uuid dynamic string

field memory__total dynamic int

field memory__free dynamic int = 0
  since rio, deprecated midnight-ride, removed tampa

field live dynamic bool

field last_updated dynamic datetime

field other_config rw map(string,string) = {}
  since orlando

# SPDX-License-Identifier: GPL-2.0-or-later

class PIF_metrics
  since rio
  writer pool-operator

field uuid dynamic string

field io__read_kbs dynamic float = 0.0
  since rio, deprecated tampa, removed tampa
  flags volatile

field io__write_kbs dynamic float = 0.0
  since rio, deprecated tampa, removed tampa
  flags volatile

field carrier dynamic bool

field vendor_id dynamic string

field vendor_name dynamic string

field device_id dynamic string

field device_name dynamic string

field speed dynamic int

field duplex dynamic bool

field pci_bus_path dynamic string

field last_updated dynamic datetime

field other_config rw map(string,string) = {}
  since orlando

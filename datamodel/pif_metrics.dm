# SPDX-License-Identifier: GPL-2.0-or-later

class PIF_metrics
  doc What the host says of a network card.
  since rio
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the PIF metrics.

field io__read_kbs dynamic float = 0.0
  doc KiB received a second, in old releases.
  since rio, deprecated tampa, removed tampa
  flags volatile

field io__write_kbs dynamic float = 0.0
  doc KiB sent a second, in old releases.
  since rio, deprecated tampa, removed tampa
  flags volatile

field carrier dynamic bool
  doc Whether there is a link.

field vendor_id dynamic string
  doc PCI number of the card's vendor.

field vendor_name dynamic string
  doc Name of the card's vendor.

field device_id dynamic string
  doc PCI number of the card.

field device_name dynamic string
  doc Name of the card.

field speed dynamic int
  doc Speed of the link in Mbit/s.

field duplex dynamic bool
  doc Whether it sends and receives at once.

field pci_bus_path dynamic string
  doc PCI address of the card.

field last_updated dynamic datetime
  doc When these figures were last renewed.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the PIF metrics.
  since orlando

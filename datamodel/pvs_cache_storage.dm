# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_cache_storage
  doc Storage on a host where the proxies of a PVS site keep their cache.
  since ely
  writer pool-operator
  flags constructor

field uuid dynamic string
  doc Lasting, unique name of the PVS cache.

field host static ref(host) = "OpaqueRef:NULL"
  doc Host it is on.

field SR static ref(SR) = "OpaqueRef:NULL"
  doc SR it is on.

field site static ref(PVS_site) = "OpaqueRef:NULL"
  doc PVS site it is for.
  to PVS_site.cache_storage

field size static int = 21474836480
  doc Bytes it may take.

field VDI dynamic ref(VDI) = "OpaqueRef:NULL"
  doc Image it is in.

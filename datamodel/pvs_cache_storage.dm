# SPDX-License-Identifier: GPL-2.0-or-later

class PVS_cache_storage
  since ely
  writer pool-operator
  flags constructor

field uuid dynamic string

field host static ref(host) = "OpaqueRef:NULL"

field SR static ref(SR) = "OpaqueRef:NULL"

field site static ref(PVS_site) = "OpaqueRef:NULL"
  to PVS_site.cache_storage

field size static int = 21474836480

field VDI dynamic ref(VDI) = "OpaqueRef:NULL"

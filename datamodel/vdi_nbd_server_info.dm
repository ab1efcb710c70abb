# SPDX-License-Identifier: GPL-2.0-or-later

class vdi_nbd_server_info
  since inverness
  writer local-root
  flags no-database volatile no-events no-get-all

field exportname dynamic string

field address dynamic string

field port dynamic int

field cert dynamic string

field subject dynamic string

# SPDX-License-Identifier: GPL-2.0-or-later

class vdi_nbd_server_info
  doc How to read an image by NBD at one address.
  since inverness
  writer local-root
  flags no-database volatile no-events no-get-all

field exportname dynamic string
  doc Name of the export, with the session inside.

field address dynamic string
  doc Address to connect to.

field port dynamic int
  doc Port to connect to.

field cert dynamic string
  doc Certificate the server shows, in PEM form.

field subject dynamic string
  doc Name in that certificate.

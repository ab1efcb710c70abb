# SPDX-License-Identifier: GPL-2.0-or-later

class data_source
  since orlando
  writer pool-admin
  flags no-database volatile no-events no-get-all no-async

field name__label dynamic string = ""
  since rio

field name__description dynamic string = ""
  since rio

field enabled dynamic bool
  since rio

field standard dynamic bool
  since rio

field units dynamic string
  since rio

field min dynamic float
  since rio

field max dynamic float
  since rio

field value dynamic float
  since rio

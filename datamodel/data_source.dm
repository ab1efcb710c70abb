# SPDX-License-Identifier: GPL-2.0-or-later

class data_source
  doc A statistic that can be recorded.
  since orlando
  writer pool-admin
  flags no-database volatile no-events no-get-all no-async

field name__label dynamic string = ""
  doc Name people gave the statistic; it need not be unique.
  since rio

field name__description dynamic string = ""
  doc Free text about the statistic.
  since rio

field enabled dynamic bool
  doc Whether it is recorded.
  since rio

field standard dynamic bool
  doc Whether it is recorded by default.
  since rio

field units dynamic string
  doc What it is measured in.
  since rio

field min dynamic float
  doc Least value it can take.
  since rio

field max dynamic float
  doc Greatest value it can take.
  since rio

field value dynamic float
  doc Its value now.
  since rio

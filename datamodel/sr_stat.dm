# SPDX-License-Identifier: GPL-2.0-or-later

class sr_stat
  prototyped kolkata, since lima
  writer local-root
  flags no-database volatile no-events no-get-all

enum sr_health
  value healthy
  value recovering
  value unreachable
  value unavailable

field uuid dynamic option(string)
  writer local-root

field name__label dynamic string

field name__description dynamic string

field free_space dynamic int

field total_space dynamic int

field clustered dynamic bool

field health dynamic enum(sr_health)

# SPDX-License-Identifier: GPL-2.0-or-later

class sr_stat
  doc What a storage driver says of an SR it found.
  prototyped kolkata, since lima
  writer local-root
  flags no-database volatile no-events no-get-all

enum sr_health
  doc How well an SR is.
  value healthy
  value recovering
  value unreachable
  value unavailable

field uuid dynamic option(string)
  doc Lasting, unique name of the SR statistics.
  writer local-root

field name__label dynamic string
  doc Name people gave the SR statistics; it need not be unique.

field name__description dynamic string
  doc Free text about the SR statistics.

field free_space dynamic int
  doc Bytes free.

field total_space dynamic int
  doc Bytes in all.

field clustered dynamic bool
  doc Whether it is on a cluster file system.

field health dynamic enum(sr_health)
  doc How well it is.

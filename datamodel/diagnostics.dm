# SPDX-License-Identifier: GPL-2.0-or-later

class Diagnostics
  doc A look into the server's own workings.
  since stockholm
  writer pool-operator
  flags no-database volatile no-events no-get-all

message gc_compact
  doc Has a host's server give unused memory back.
  role pool-operator
  flags hidden
  param host ref(host)

message gc_stats
  doc Figures of the memory management of a host's server.
  role pool-operator
  flags query hidden
  param host ref(host)
  result map(string,string)

message db_stats
  doc Figures of the database: longest and mean times.
  role pool-operator
  flags query hidden
  result map(string,string)

message network_stats
  doc Figures of the connections to a host's server.
  role pool-operator
  flags query hidden
  param host ref(host)
  param params map(string,string)
  result set(set(string))

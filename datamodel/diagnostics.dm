# SPDX-License-Identifier: GPL-2.0-or-later

class Diagnostics
  since stockholm
  writer pool-operator
  flags no-database volatile no-events no-get-all

message gc_compact
  role pool-operator
  flags hidden
  param host ref(host)

message gc_stats
  role pool-operator
  flags query hidden
  param host ref(host)
  result map(string,string)

message db_stats
  role pool-operator
  flags query hidden
  result map(string,string)

message network_stats
  role pool-operator
  flags query hidden
  param host ref(host)
  param params map(string,string)
  result set(set(string))

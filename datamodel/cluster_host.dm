# SPDX-License-Identifier: GPL-2.0-or-later

class Cluster_host
  prototyped kolkata, since lima
  writer pool-operator

enum cluster_host_operation
  value enable
  value disable
  value destroy

field uuid dynamic string

field cluster static ref(Cluster) = "OpaqueRef:NULL"
  to Cluster.cluster_hosts

field host static ref(host) = "OpaqueRef:NULL"

field enabled dynamic bool = false

field PIF static ref(PIF) = "OpaqueRef:NULL"

field joined dynamic bool = true

field live dynamic bool = false
  prototyped 24.3.0

field last_update_live dynamic datetime = "19700101T00:00:00Z"
  prototyped 24.3.0

field allowed_operations dynamic set(enum(cluster_host_operation)) = []
  since rio
  flags volatile

field current_operations dynamic map(string,enum(cluster_host_operation)) = {}
  since rio
  flags volatile

field other_config static map(string,string) = {}

message create
  role pool-operator
  param cluster ref(Cluster)
  param host ref(host)
  param pif ref(PIF)
  result ref(Cluster_host)
  errors PIF_NOT_ATTACHED_TO_HOST NO_CLUSTER_HOSTS_REACHABLE

message destroy
  role pool-operator
  param self ref(Cluster_host)
  errors CLUSTER_STACK_IN_USE CLUSTERING_DISABLED CLUSTER_HOST_IS_LAST

message enable
  role pool-operator
  param self ref(Cluster_host)
  errors PIF_ALLOWS_UNPLUG REQUIRED_PIF_IS_UNPLUGGED

message force_destroy
  role pool-operator
  param self ref(Cluster_host)
  errors CLUSTER_STACK_IN_USE

message forget
  since lima
  role local-root
  flags hidden
  param self ref(Cluster_host)

message disable
  role pool-operator
  param self ref(Cluster_host)
  errors CLUSTER_STACK_IN_USE

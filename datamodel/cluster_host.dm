# SPDX-License-Identifier: GPL-2.0-or-later

class Cluster_host
  doc One host's membership of a cluster.
  prototyped kolkata, since lima
  writer pool-operator

enum cluster_host_operation
  doc Everything that can be done to a member.
  value enable
  value disable
  value destroy

field uuid dynamic string
  doc Lasting, unique name of the cluster host.

field cluster static ref(Cluster) = "OpaqueRef:NULL"
  doc Cluster it is a member of.
  to Cluster.cluster_hosts

field host static ref(host) = "OpaqueRef:NULL"
  doc Host it stands for.

field enabled dynamic bool = false
  doc Whether the host takes part.

field PIF static ref(PIF) = "OpaqueRef:NULL"
  doc Interface the host talks to the other members over.

field joined dynamic bool = true
  doc Whether the host has joined.

field live dynamic bool = false
  doc Whether the other members hear from it.
  prototyped 24.3.0

field last_update_live dynamic datetime = "19700101T00:00:00Z"
  doc When that was last known.
  prototyped 24.3.0

field allowed_operations dynamic set(enum(cluster_host_operation)) = []
  doc Operations a client may start on the cluster host now; advice only, each call checks
  doc again.
  since rio
  flags volatile

field current_operations dynamic map(string,enum(cluster_host_operation)) = {}
  doc Operations that run on the cluster host now, by the task that runs them.
  since rio
  flags volatile

field other_config static map(string,string) = {}
  doc Free keys that tools keep with the cluster host.

message create
  doc Makes a host a member.
  role pool-operator
  param cluster ref(Cluster)
  param host ref(host)
  param pif ref(PIF)
  result ref(Cluster_host)
  errors PIF_NOT_ATTACHED_TO_HOST NO_CLUSTER_HOSTS_REACHABLE

message destroy
  doc Takes the host out of the cluster.
  role pool-operator
  param self ref(Cluster_host)
  errors CLUSTER_STACK_IN_USE CLUSTERING_DISABLED CLUSTER_HOST_IS_LAST

message enable
  doc Lets the host take part.
  role pool-operator
  param self ref(Cluster_host)
  errors PIF_ALLOWS_UNPLUG REQUIRED_PIF_IS_UNPLUGGED

message force_destroy
  doc Takes the host out, whatever state it is in.
  role pool-operator
  param self ref(Cluster_host)
  errors CLUSTER_STACK_IN_USE

message forget
  doc Removes a member whose host is lost for good.
  since lima
  role local-root
  flags hidden
  param self ref(Cluster_host)

message disable
  doc Stops the host from taking part; no cluster storage may be attached.
  role pool-operator
  param self ref(Cluster_host)
  errors CLUSTER_STACK_IN_USE

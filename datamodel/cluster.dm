# SPDX-License-Identifier: GPL-2.0-or-later

class Cluster
  doc Hosts that share storage by a cluster file system.
  prototyped kolkata, since lima
  writer pool-operator

enum cluster_operation
  doc Everything that can be done to a cluster.
  value add
  value remove
  value enable
  value disable
  value destroy

field uuid dynamic string
  doc Lasting, unique name of the cluster.

field cluster_hosts dynamic set(ref(Cluster_host))
  doc Its members.
  from Cluster_host.cluster

field pending_forget dynamic set(string) = []
  doc Addresses of members that left without all others knowing.
  since lima

field cluster_token static string = ""
  doc Secret its members share.

field cluster_stack static string = "corosync"
  doc Program that runs it.

field cluster_stack_version static int = 2
  doc Version of that program's configuration.
  prototyped 24.15.0

field is_quorate dynamic bool = false
  doc Whether enough members are alive for it to work.
  prototyped 24.3.0

field quorum dynamic int = 0
  doc How many members must be alive.
  prototyped 24.3.0

field live_hosts dynamic int = 0
  doc How many members are alive.
  prototyped 24.3.0

field expected_hosts dynamic int = 0
  doc How many members there should be.
  prototyped 25.17.0

field allowed_operations dynamic set(enum(cluster_operation)) = []
  doc Operations a client may start on the cluster now; advice only, each call checks again.
  since rio
  flags volatile

field current_operations dynamic map(string,enum(cluster_operation)) = {}
  doc Operations that run on the cluster now, by the task that runs them.
  since rio
  flags volatile

field pool_auto_join static bool = true
  doc Whether hosts that join the pool join it too.

field token_timeout static float = 20.0
  doc Seconds of silence after which a member counts as lost.

field token_timeout_coefficient static float = 1.0
  doc Seconds added to that for each member beyond the second.

field cluster_config static map(string,string) = {}
  doc Further settings for the program.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the cluster.

message create
  doc Makes a cluster with this host as its first member.
  role pool-operator
  param PIF ref(PIF)
  param cluster_stack string
  param pool_auto_join bool
  param token_timeout float = 20.0
  param token_timeout_coefficient float = 1.0
  result ref(Cluster)
  errors INVALID_CLUSTER_STACK INVALID_VALUE PIF_ALLOWS_UNPLUG REQUIRED_PIF_IS_UNPLUGGED

message destroy
  doc Removes a cluster that has no more than one member.
  role pool-operator
  param self ref(Cluster)
  errors CLUSTER_DOES_NOT_HAVE_ONE_NODE CLUSTER_STACK_IN_USE

message get_network
  doc Network its members talk over.
  role read-only
  flags query
  param self ref(Cluster)
  result ref(network)

message pool_create
  doc Makes a cluster of all hosts of the pool.
  role pool-operator
  param network ref(network)
  param cluster_stack string
  param token_timeout float = 20.0
  param token_timeout_coefficient float = 1.0
  result ref(Cluster)

message pool_force_destroy
  doc Removes the cluster whatever state its members are in.
  role pool-operator
  param self ref(Cluster)
  errors CLUSTER_FORCE_DESTROY_FAILED

message pool_destroy
  doc Removes the cluster from all hosts.
  role pool-operator
  param self ref(Cluster)
  errors CLUSTER_STACK_IN_USE CLUSTERING_DISABLED CLUSTER_HOST_IS_LAST

message pool_resync
  doc Brings every host into the cluster that should be.
  role pool-operator
  param self ref(Cluster)

message cstack_sync
  doc Reads the state of the members from the cluster's program.
  role pool-operator
  flags hidden pool-internal
  param self ref(Cluster)

# SPDX-License-Identifier: GPL-2.0-or-later

class Cluster
  prototyped kolkata, since lima
  writer pool-operator

enum cluster_operation
  value add
  value remove
  value enable
  value disable
  value destroy

field uuid dynamic string

field cluster_hosts dynamic set(ref(Cluster_host))
  from Cluster_host.cluster

field pending_forget dynamic set(string) = []
  since lima

field cluster_token static string = ""

field cluster_stack static string = "corosync"

field cluster_stack_version static int = 2
  prototyped 24.15.0

field is_quorate dynamic bool = false
  prototyped 24.3.0

field quorum dynamic int = 0
  prototyped 24.3.0

field live_hosts dynamic int = 0
  prototyped 24.3.0

field expected_hosts dynamic int = 0
  prototyped 25.17.0

field allowed_operations dynamic set(enum(cluster_operation)) = []
  since rio
  flags volatile

field current_operations dynamic map(string,enum(cluster_operation)) = {}
  since rio
  flags volatile

field pool_auto_join static bool = true

field token_timeout static float = 20.0

field token_timeout_coefficient static float = 1.0

field cluster_config static map(string,string) = {}

field other_config rw map(string,string) = {}

message create
  role pool-operator
  param PIF ref(PIF)
  param cluster_stack string
  param pool_auto_join bool
  param token_timeout float = 20.0
  param token_timeout_coefficient float = 1.0
  result ref(Cluster)
  errors INVALID_CLUSTER_STACK INVALID_VALUE PIF_ALLOWS_UNPLUG REQUIRED_PIF_IS_UNPLUGGED

message destroy
  role pool-operator
  param self ref(Cluster)
  errors CLUSTER_DOES_NOT_HAVE_ONE_NODE CLUSTER_STACK_IN_USE

message get_network
  role read-only
  flags query
  param self ref(Cluster)
  result ref(network)

message pool_create
  role pool-operator
  param network ref(network)
  param cluster_stack string
  param token_timeout float = 20.0
  param token_timeout_coefficient float = 1.0
  result ref(Cluster)

message pool_force_destroy
  role pool-operator
  param self ref(Cluster)
  errors CLUSTER_FORCE_DESTROY_FAILED

message pool_destroy
  role pool-operator
  param self ref(Cluster)
  errors CLUSTER_STACK_IN_USE CLUSTERING_DISABLED CLUSTER_HOST_IS_LAST

message pool_resync
  role pool-operator
  param self ref(Cluster)

message cstack_sync
  role pool-operator
  flags hidden pool-internal
  param self ref(Cluster)

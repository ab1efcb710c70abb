# SPDX-License-Identifier: GPL-2.0-or-later
# Names of message objects the server makes by itself, with their priority: 1 is the most urgent.

alert ALARM 1
  doc A statistic crossed the limit set for it.

alert ALL_RUNNING_VMS_IN_ANTI_AFFINITY_GRP_ON_SINGLE_HOST 3
  doc All VMs of a group that should be apart run on one host.

alert BOND_STATUS_CHANGED 3
  doc Links of a bond came up or went down.

alert CLUSTER_HOST_ENABLE_FAILED 3
  doc A host could not take part in its cluster at start.

alert CLUSTER_HOST_FENCING 2
  doc A host restarts because it lost its cluster.

alert CLUSTER_HOST_JOINING 4
  doc A host joined the cluster.

alert CLUSTER_HOST_LEAVING 3
  doc A host left the cluster.

alert CLUSTER_QUORUM_APPROACHING_LOST 2
  doc One more lost member would stop the cluster.

alert EXTAUTH_INIT_IN_HOST_FAILED 2
  doc A host could not reach the directory at start.

alert EXTAUTH_IN_POOL_IS_NON_HOMOGENEOUS 2
  doc Hosts take users from different directories.

alert FAILED_LOGIN_ATTEMPTS 3
  doc Logins failed lately.

alert GRACE_LICENSE 3
  doc The host runs on a grace licence.

alert HA_HEARTBEAT_APPROACHING_TIMEOUT 5
  doc The heartbeat over the network is late.

alert HA_HOST_FAILED 3
  doc A host failed.

alert HA_HOST_WAS_FENCED 4
  doc The host was restarted by its watchdog.

alert HA_NETWORK_BONDING_ERROR 3
  doc A link of the bond that carries the heartbeat failed.

alert HA_POOL_DROP_IN_PLAN_EXISTS_FOR 3
  doc Fewer host failures can be survived than before.

alert HA_POOL_OVERCOMMITTED 3
  doc Fewer host failures can be survived than asked for.

alert HA_PROTECTED_VM_RESTART_FAILED 2
  doc A protected VM could not be started again.

alert HA_STATEFILE_APPROACHING_TIMEOUT 5
  doc The heartbeat on storage is late.

alert HA_STATEFILE_LOST 2
  doc The heartbeat image cannot be reached.

alert HA_XAPI_HEALTHCHECK_APPROACHING_TIMEOUT 5
  doc The server answered its health check late.

alert HOST_CLOCK_SKEW_DETECTED 3
  doc The host's clock differs from the coordinator's.

alert HOST_CLOCK_WENT_BACKWARDS 1
  doc The host's clock jumped back.

alert HOST_CPU_FEATURES_DOWN 3
  doc The host's CPUs have fewer features than before.

alert HOST_CPU_FEATURES_UP 5
  doc The host's CPUs have more features than before.

alert HOST_INTERNAL_CERTIFICATE_EXPIRED 1
  doc The host's certificate inside the pool is no longer valid.

alert HOST_INTERNAL_CERTIFICATE_EXPIRING_07 1
  doc The host's certificate inside the pool ends in 7 days.

alert HOST_INTERNAL_CERTIFICATE_EXPIRING_14 2
  doc The host's certificate inside the pool ends in 14 days.

alert HOST_INTERNAL_CERTIFICATE_EXPIRING_30 3
  doc The host's certificate inside the pool ends in 30 days.

alert HOST_SERVER_CERTIFICATE_EXPIRED 1
  doc The host's certificate for clients is no longer valid.

alert HOST_SERVER_CERTIFICATE_EXPIRING_07 1
  doc The host's certificate for clients ends in 7 days.

alert HOST_SERVER_CERTIFICATE_EXPIRING_14 2
  doc The host's certificate for clients ends in 14 days.

alert HOST_SERVER_CERTIFICATE_EXPIRING_30 3
  doc The host's certificate for clients ends in 30 days.

alert HOST_SYNC_DATA_FAILED 3
  doc The host could not send its statistics to the coordinator.

alert IP_CONFIGURED_PIF_CAN_UNPLUG 3
  doc An interface with an address may be taken down, which high availability needs.

alert LICENSE_DOES_NOT_SUPPORT_POOLING 2
  doc The host's licence allows no pool.

alert LICENSE_EXPIRED 2
  doc The host's licence has ended.

alert LICENSE_EXPIRES_SOON 2
  doc The host's licence ends soon.

alert LICENSE_NOT_AVAILABLE 2
  doc The licence server has no licence left.

alert LICENSE_SERVER_CONNECTED 4
  doc The licence server answers again.

alert LICENSE_SERVER_UNAVAILABLE 3
  doc The licence server does not serve.

alert LICENSE_SERVER_UNREACHABLE 2
  doc The licence server does not answer.

alert LICENSE_SERVER_VERSION_OBSOLETE 2
  doc The licence server is too old.

alert METADATA_LUN_BROKEN 3
  doc Changes of the database cannot be written to storage.

alert METADATA_LUN_HEALTHY 4
  doc Changes of the database are written to storage again.

alert MULTIPATH_PERIODIC_ALERT 3
  doc Paths to storage came up or went down.

alert PBD_PLUG_FAILED_ON_SERVER_START 3
  doc An SR could not be attached when the server started.

alert PERIODIC_UPDATE_SYNC_FAILED 3
  doc The regular look for updates failed.

alert POOL_CA_CERTIFICATE_EXPIRED 1
  doc A trusted CA certificate is no longer valid.

alert POOL_CA_CERTIFICATE_EXPIRING_07 1
  doc A trusted CA certificate ends in 7 days.

alert POOL_CA_CERTIFICATE_EXPIRING_14 2
  doc A trusted CA certificate ends in 14 days.

alert POOL_CA_CERTIFICATE_EXPIRING_30 3
  doc A trusted CA certificate ends in 30 days.

alert POOL_CPU_FEATURES_DOWN 5
  doc The features that all hosts' CPUs have became fewer.

alert POOL_CPU_FEATURES_UP 5
  doc The features that all hosts' CPUs have became more.

alert POOL_MASTER_TRANSITION 4
  doc Another host is the coordinator now.

alert POOL_PINNED_CERTIFICATE_EXPIRED 1
  doc A trusted certificate is no longer valid.

alert POOL_PINNED_CERTIFICATE_EXPIRING_07 1
  doc A trusted certificate ends in 7 days.

alert POOL_PINNED_CERTIFICATE_EXPIRING_14 2
  doc A trusted certificate ends in 14 days.

alert POOL_PINNED_CERTIFICATE_EXPIRING_30 3
  doc A trusted certificate ends in 30 days.

alert PVS_PROXY_NO_CACHE_SR_AVAILABLE 3
  doc The host has no cache for the PVS site.

alert PVS_PROXY_NO_SERVER_AVAILABLE 3
  doc The PVS site has no server.

alert PVS_PROXY_SETUP_FAILED 3
  doc A PVS proxy could not be started.

alert PVS_PROXY_SR_OUT_OF_SPACE 3
  doc The SR has no room for the PVS cache.

alert SM_GC_NO_SPACE 3
  doc The SR lacks space to merge images.

alert SR_SPACE_LOW 3
  doc An SR is nearly full.

alert TLS_VERIFICATION_EMERGENCY_DISABLED 3
  doc The host does not check certificates, by an emergency call.

alert VBD_QOS_FAILED 3
  doc A drive's throughput could not be limited.

alert VCPU_QOS_FAILED 3
  doc The scheduler settings of virtual CPUs could not be applied.

alert VDI_CBT_METADATA_INCONSISTENT 3
  doc What was tracked of changed blocks is not consistent; tracking was stopped.

alert VDI_CBT_RESIZE_FAILED 3
  doc Tracking of changed blocks was stopped: it failed over a resize.

alert VDI_CBT_SNAPSHOT_FAILED 3
  doc Tracking of changed blocks was stopped: it failed over a snapshot.

alert VIF_QOS_FAILED 3
  doc A network interface's throughput could not be limited.

alert VMPP_ARCHIVE_FAILED_0 3
  doc A protection policy of old releases could not archive.

alert VMPP_ARCHIVE_LOCK_FAILED 3
  doc A protection policy of old releases was archiving already.

alert VMPP_ARCHIVE_MISSED_EVENT 3
  doc A protection policy of old releases missed its time to archive.

alert VMPP_ARCHIVE_SUCCEEDED 5
  doc A protection policy of old releases archived.

alert VMPP_ARCHIVE_TARGET_MOUNT_FAILED 3
  doc A protection policy of old releases could not reach its archive.

alert VMPP_ARCHIVE_TARGET_UNMOUNT_FAILED 3
  doc A protection policy of old releases could not let go of its archive.

alert VMPP_LICENSE_ERROR 3
  doc A protection policy of old releases had no licence.

alert VMPP_SNAPSHOT_ARCHIVE_ALREADY_EXISTS 3
  doc A protection policy of old releases found its archive made already.

alert VMPP_SNAPSHOT_FAILED 3
  doc A protection policy of old releases could not take a snapshot.

alert VMPP_SNAPSHOT_LOCK_FAILED 3
  doc A protection policy of old releases was taking snapshots already.

alert VMPP_SNAPSHOT_MISSED_EVENT 3
  doc A protection policy of old releases missed its time to take snapshots.

alert VMPP_SNAPSHOT_SUCCEEDED 5
  doc A protection policy of old releases took its snapshots.

alert VMPP_XAPI_LOGON_FAILURE 3
  doc A protection policy of old releases could not log in.

alert VMSS_LICENSE_ERROR 3
  doc A snapshot schedule has no licence.

alert VMSS_SNAPSHOT_FAILED 3
  doc A snapshot schedule could not take a snapshot.

alert VMSS_SNAPSHOT_LOCK_FAILED 3
  doc A snapshot schedule is taking snapshots already.

alert VMSS_SNAPSHOT_MISSED_EVENT 3
  doc A snapshot schedule missed its time.

alert VMSS_SNAPSHOT_SUCCEEDED 5
  doc A snapshot schedule took its snapshots.

alert VMSS_XAPI_LOGON_FAILURE 3
  doc A snapshot schedule could not log in.

alert VM_CHECKPOINTED 5
  doc A checkpoint of the VM was taken.

alert VM_CLONED 5
  doc The VM was cloned.

alert VM_CRASHED 2
  doc The guest crashed.

alert VM_MIGRATED 5
  doc The VM moved to another host.

alert VM_PAUSED 5
  doc The VM was paused.

alert VM_PAUSED_SR_FULL 1
  doc A VM was paused because an SR it writes to is full; it goes on when there is room.

alert VM_REBOOTED 5
  doc The VM rebooted.

alert VM_RESUMED 5
  doc The VM was resumed.

alert VM_SECURE_BOOT_FAILED 5
  doc Secure Boot refused to start the guest.

alert VM_SHUTDOWN 5
  doc The VM shut down.

alert VM_SNAPSHOTTED 5
  doc A snapshot of the VM was taken.

alert VM_SNAPSHOT_REVERTED 5
  doc The VM was put back to a snapshot.

alert VM_STARTED 5
  doc The VM started.

alert VM_SUSPENDED 5
  doc The VM was suspended.

alert VM_UNPAUSED 5
  doc The VM runs on after a pause.

alert WLB_CONSULTATION_FAILED 3
  doc The workload balancing server could not be asked.

alert WLB_OPTIMIZATION_ALERT 3
  doc The workload balancing server would move VMs.

alert XAPI_STARTUP_BLOCKED_AS_VERSION_HIGHER_THAN_COORDINATOR 2
  doc The host's server is newer than the coordinator's and did not start.

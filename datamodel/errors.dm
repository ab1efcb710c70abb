# SPDX-License-Identifier: GPL-2.0-or-later
# What a call can answer instead of a result: the code and the meaning of its parameters, in order.
# A code without parentheses comes with any parameters.

error ACTIVATION_WHILE_NOT_FREE ()
  doc A licence was to be activated on a host that has one already.

error ADDRESS_VIOLATES_LOCKING_CONSTRAINT (address)
  doc The address is not among those the locked interface may use.

error APPLY_GUIDANCE_FAILED (ref)
  doc What installed updates ask for could not be done on the host.

error APPLY_LIVEPATCH_FAILED (livepatch)
  doc The live patch could not be applied.

error APPLY_UPDATES_FAILED (ref)
  doc The updates could not be installed on the host.

error APPLY_UPDATES_IN_PROGRESS ()
  doc Updates are being installed already.

error AUTH_ALREADY_ENABLED (current auth_type, current service_name)
  doc The host takes users from a directory already.

error AUTH_DISABLE_FAILED (message)
  doc The host could not leave the directory.

error AUTH_DISABLE_FAILED_PERMISSION_DENIED (message)
  doc The host could not leave the directory: the account given lacks the right.

error AUTH_DISABLE_FAILED_WRONG_CREDENTIALS (message)
  doc The host could not leave the directory: wrong name or password.

error AUTH_ENABLE_FAILED (message)
  doc The host could not join the directory.

error AUTH_ENABLE_FAILED_DOMAIN_LOOKUP_FAILED (message)
  doc The host could not join the directory: its domain was not found.

error AUTH_ENABLE_FAILED_INVALID_ACCOUNT (message)
  doc The host could not join the directory: no such account.

error AUTH_ENABLE_FAILED_INVALID_OU (message)
  doc The host could not join the directory: no such organizational unit.

error AUTH_ENABLE_FAILED_INVALID_TRUSTED_CERTS (message)
  doc The host could not join the directory: its certificate does not match a trusted one.

error AUTH_ENABLE_FAILED_NO_SUPPORT_ENCRYPT_TYPE
  doc The host could not join the directory: it offers no encryption the host knows.

error AUTH_ENABLE_FAILED_NO_TRUSTED_CERTS (message)
  doc The host could not join the directory: no certificate is trusted for LDAPS.

error AUTH_ENABLE_FAILED_PERMISSION_DENIED (message)
  doc The host could not join the directory: the account given lacks the right.

error AUTH_ENABLE_FAILED_UNAVAILABLE (message)
  doc The host could not join the directory: it cannot be reached.

error AUTH_ENABLE_FAILED_WRONG_CREDENTIALS (message)
  doc The host could not join the directory: wrong name or password.

error AUTH_INVALID_TRUSTED_CERTS (message)
  doc The directory's certificate does not match a trusted one.

error AUTH_IS_DISABLED ()
  doc No directory is in use.

error AUTH_NO_TRUSTED_CERTS (message)
  doc No certificate is trusted for LDAPS.

error AUTH_SERVICE_ERROR (message)
  doc The directory answered with an error.

error AUTH_SETUP_TLS_CONNECTION (message)
  doc No TLS connection to the directory could be made.

error AUTH_SET_LDAPS_FAILED (host, message)
  doc The host could not change whether the directory is asked over TLS.

error AUTH_UNKNOWN_TYPE (type)
  doc There is no such kind of directory.

error BACKUP_SCRIPT_FAILED (log)
  doc The host's backup failed.

error BALLOONING_DISABLED
  doc Ballooning is switched off.

error BALLOONING_TIMEOUT_BEFORE_MIGRATION (vm)
  doc The guest did not give back memory in time to migrate.

error BLOCKED_REPO_URL (url)
  doc The repository's URL is not allowed.

error BOOTLOADER_FAILED (vm, msg)
  doc The bootloader of the VM failed.

error BOOT_DEVICE_PASSTHROUGH_DISALLOWED (device)
  doc The host boots from this device; no VM can have it.

error BRIDGE_NAME_EXISTS (bridge)
  doc Another network has this bridge.

error BRIDGE_NOT_AVAILABLE (bridge)
  doc The host has no such bridge.

error BUNDLE_REPOSITORY_ALREADY_EXISTS (ref)
  doc There is a repository for bundles already.

error BUNDLE_REPO_NOT_ENABLED ()
  doc The repository for bundles is not in use.

error BUNDLE_SYNC_FAILED ()
  doc The uploaded bundle could not be used.

error BUNDLE_UNPACK_FAILED (error)
  doc The uploaded bundle could not be unpacked.

error CANNOT_ADD_TUNNEL_TO_BOND_SLAVE (PIF)
  doc The interface is part of a bond and cannot carry a tunnel.

error CANNOT_ADD_TUNNEL_TO_SRIOV_LOGICAL (PIF)
  doc The interface is the result of an SR-IOV network and cannot carry a tunnel.

error CANNOT_ADD_TUNNEL_TO_VLAN_ON_SRIOV_LOGICAL (PIF)
  doc The interface is a VLAN on an SR-IOV network and cannot carry a tunnel.

error CANNOT_ADD_VLAN_TO_BOND_SLAVE (PIF)
  doc The interface is part of a bond and cannot carry a VLAN.

error CANNOT_CHANGE_PIF_PROPERTIES (PIF)
  doc The settings of this interface cannot be changed; only those of cards and bonds can.

error CANNOT_CONTACT_HOST (host)
  doc The host does not answer.

error CANNOT_CREATE_STATE_FILE ()
  doc The heartbeat image of high availability could not be made.

error CANNOT_DESTROY_DISASTER_RECOVERY_TASK (reason)
  doc The disaster recovery task cannot be removed.

error CANNOT_DESTROY_SYSTEM_NETWORK (network)
  doc The platform itself needs this network.

error CANNOT_ENABLE_REDO_LOG (reason)
  doc Changes of the database cannot be written to storage.

error CANNOT_EVACUATE_HOST (errors)
  doc Some VMs could not leave the host.

error CANNOT_FETCH_PATCH (uuid)
  doc The patch could not be fetched from the coordinator.

error CANNOT_FIND_OEM_BACKUP_PARTITION ()
  doc The host has no partition to back up to.

error CANNOT_FIND_PATCH ()
  doc The patch is no longer on the coordinator.

error CANNOT_FIND_STATE_PARTITION ()
  doc The host has no partition for its state.

error CANNOT_FIND_UPDATE ()
  doc The update is not on the host.

error CANNOT_FORGET_SRIOV_LOGICAL (PIF)
  doc The interface is the result of an SR-IOV network; remove that instead.

error CANNOT_PLUG_BOND_SLAVE (PIF)
  doc The interface is part of a bond and cannot be brought up by itself.

error CANNOT_PLUG_VIF (VIF)
  doc The interface could not be plugged.

error CANNOT_RESET_CONTROL_DOMAIN (vm)
  doc The power state of a control domain cannot be reset.

error CANNOT_RESTART_DEVICE_MODEL (ref)
  doc The VM's device model cannot be restarted: it runs the newest already, or on another
  doc host.

error CAN_NOT_PERIODIC_SYNC_UPDATES ()
  doc Updates cannot be looked for by themselves with these repositories.

error CAN_NOT_SYNC_UPDATES ()
  doc Updates cannot be synchronized with these repositories.

error CA_CERTIFICATE_EXPIRED
  doc The CA certificate is no longer valid.

error CA_CERTIFICATE_INVALID
  doc The text is no CA certificate.

error CA_CERTIFICATE_NOT_VALID_YET
  doc The CA certificate is not valid yet.

error CERTIFICATE_ALREADY_EXISTS (name)
  doc A certificate of this name is installed.

error CERTIFICATE_CORRUPT (name)
  doc The certificate cannot be read.

error CERTIFICATE_DOES_NOT_EXIST (name)
  doc No certificate of this name is installed.

error CERTIFICATE_LACKS_PURPOSE ()
  doc A certificate must be trusted for something.

error CERTIFICATE_LIBRARY_CORRUPT ()
  doc The folder of certificates cannot be used.

error CERTIFICATE_NAME_INVALID (name)
  doc No certificate can have this name.

error CERT_REFRESH_IN_PROGRESS
  doc Certificates are being renewed already.

error CHANGE_PASSWORD_REJECTED (msg)
  doc The new password was refused.

error CLIENT_ERROR
  doc The client called in a wrong way.

error CLUSTERED_SR_DEGRADED (sr)
  doc The SR's cluster is not in order.

error CLUSTERING_DISABLED (cluster_host)
  doc The host does not take part in the cluster.

error CLUSTERING_ENABLED (cluster_host)
  doc The host takes part in the cluster.

error CLUSTER_ALREADY_EXISTS ()
  doc There is a cluster already.

error CLUSTER_CREATE_IN_PROGRESS ()
  doc A cluster is being made.

error CLUSTER_DOES_NOT_HAVE_ONE_NODE (number_of_nodes)
  doc The cluster has other members still.

error CLUSTER_FORCE_DESTROY_FAILED (cluster)
  doc Some members could not be taken out of the cluster.

error CLUSTER_HAS_NO_CERTIFICATE
  doc The cluster has no certificate of its own.

error CLUSTER_HOST_IS_LAST (cluster_host)
  doc The host is the last member of the cluster.

error CLUSTER_HOST_NOT_JOINED (cluster_host)
  doc The host has not joined the cluster.

error CLUSTER_STACK_IN_USE (cluster_stack)
  doc Another part of the pool uses this cluster stack.

error CONFIGURE_REPOSITORIES_IN_PROGRESS ()
  doc The repositories are being changed.

error COULD_NOT_FIND_NETWORK_INTERFACE_WITH_SPECIFIED_DEVICE_NAME_AND_MAC_ADDRESS (device, mac)
  doc The host has no card with both this name and this MAC.

error COULD_NOT_IMPORT_DATABASE (reason)
  doc The saved database could not be read.

error COULD_NOT_UPDATE_IGMP_SNOOPING_EVERYWHERE ()
  doc Some hosts could not change how they send multicast.

error CPU_FEATURE_MASKING_NOT_SUPPORTED (details)
  doc The CPU's features cannot be masked in this way.

error CREATEREPO_FAILED
  doc The local repository could not be indexed.

error CRL_ALREADY_EXISTS (name)
  doc A revocation list of this name is installed.

error CRL_CORRUPT (name)
  doc The revocation list cannot be read.

error CRL_DOES_NOT_EXIST (name)
  doc No revocation list of this name is installed.

error CRL_NAME_INVALID (name)
  doc No revocation list can have this name.

error DB_UNIQUENESS_CONSTRAINT_VIOLATION (table, field, value)
  doc Another object has this value, which must be unique.

error DEFAULT_SR_NOT_FOUND (sr)
  doc The pool's default SR does not exist.

error DESIGNATE_NEW_MASTER_IN_PROGRESS
  doc The coordinator is being changed.

error DEVICE_ALREADY_ATTACHED (device)
  doc The device is attached already.

error DEVICE_ALREADY_DETACHED (device)
  doc The device is not attached.

error DEVICE_ALREADY_EXISTS (device)
  doc The VM has a device at this position.

error DEVICE_ATTACH_TIMEOUT (type, ref)
  doc The device did not come up in time.

error DEVICE_DETACH_REJECTED (type, ref, msg)
  doc The guest would not let go of the device.

error DEVICE_DETACH_TIMEOUT (type, ref)
  doc The guest did not let go of the device in time.

error DEVICE_NOT_ATTACHED (VBD)
  doc The device is not attached.

error DISABLE_SSH_FAILED (host)
  doc SSH could not be closed on the host.

error DISABLE_SSH_PARTIALLY_FAILED (hosts)
  doc SSH could not be closed on some hosts.

error DISK_VBD_MUST_BE_READWRITE_FOR_HVM (vbd)
  doc A disk of this kind of VM cannot be read-only.

error DOMAIN_BUILDER_ERROR (function, code, message)
  doc The hypervisor could not build the domain.

error DOMAIN_EXISTS (vm, domid)
  doc The VM still has a domain.

error DUPLICATE_MAC_SEED (seed)
  doc Another VM makes its MACs from this seed.

error DUPLICATE_PIF_DEVICE_NAME (device)
  doc The host has two interfaces of this name.

error DUPLICATE_VM (vm)
  doc The VM is in the pool already.

error ENABLE_SSH_FAILED (host)
  doc SSH could not be opened on the host.

error ENABLE_SSH_PARTIALLY_FAILED (hosts)
  doc SSH could not be opened on some hosts.

error EVENTS_LOST ()
  doc The session fell behind and missed events; register again and read everything anew.

error EVENT_FROM_TOKEN_PARSE_FAILURE (token)
  doc The text is no event token.

error EVENT_SUBSCRIPTION_PARSE_FAILURE (subscription)
  doc The text is no event subscription.

error EXTENSION_PROTOCOL_FAILURE
  doc The API extension did not answer as it must.

error FAILED_TO_START_EMULATOR (vm, name, msg)
  doc The VM's device model did not start.

error FEATURE_REQUIRES_HVM (details)
  doc This works with fully virtualized VMs only.

error FEATURE_RESTRICTED ()
  doc The licence does not allow this.

error FIELD_TYPE_ERROR (field)
  doc The value has the wrong type.

error GET_HOST_UPDATES_FAILED (ref)
  doc The host could not tell which updates it lacks.

error GET_UPDATES_FAILED ()
  doc The list of updates could not be made.

error GET_UPDATES_IN_PROGRESS
  doc The list of updates is being made.

error GPU_GROUP_CONTAINS_NO_PGPUS (gpu_group)
  doc There is no GPU in the group.

error GPU_GROUP_CONTAINS_PGPU (pgpus)
  doc There are GPUs in the group.

error GPU_GROUP_CONTAINS_VGPU (vgpus)
  doc Virtual GPUs take from the group.

error HANDLE_INVALID (class, handle)
  doc No object of the class has this reference.

error HA_ABORT_NEW_MASTER (reason)
  doc The host refuses another coordinator now.

error HA_CANNOT_CHANGE_BOND_STATUS_OF_MGMT_IFACE ()
  doc While high availability is on, the management interface cannot be bonded or unbonded.

error HA_CONSTRAINT_VIOLATION_NETWORK_NOT_SHARED (network)
  doc High availability protects the VM, so it cannot use a network that not all hosts have.

error HA_CONSTRAINT_VIOLATION_SR_NOT_SHARED (SR)
  doc High availability protects the VM, so it cannot use an SR that not all hosts have.

error HA_DISABLE_IN_PROGRESS ()
  doc High availability is being switched off.

error HA_ENABLE_IN_PROGRESS ()
  doc High availability is being switched on.

error HA_FAILED_TO_FORM_LIVESET ()
  doc The hosts did not all find each other by the heartbeat.

error HA_HEARTBEAT_DAEMON_STARTUP_FAILED ()
  doc The heartbeat did not start.

error HA_HOST_CANNOT_ACCESS_STATEFILE ()
  doc The host cannot reach the heartbeat image.

error HA_HOST_CANNOT_SEE_PEERS (host, all, subset)
  doc The host does not see all others by the heartbeat.

error HA_HOST_IS_ARMED (host)
  doc The host's watchdog is armed; switch high availability off there first.

error HA_IS_ENABLED ()
  doc High availability is on and forbids this.

error HA_LOST_STATEFILE ()
  doc The host lost the heartbeat image.

error HA_NOT_ENABLED ()
  doc High availability is off.

error HA_NOT_INSTALLED (host)
  doc The host has no heartbeat program.

error HA_NO_PLAN ()
  doc There is no plan that brings all protected VMs up again.

error HA_OPERATION_WOULD_BREAK_FAILOVER_PLAN ()
  doc Then not all protected VMs could be brought up again after host failures.

error HA_POOL_IS_ENABLED_BUT_HOST_IS_DISABLED ()
  doc High availability is on in the pool but off on this host.

error HA_SHOULD_BE_FENCED (host)
  doc The host was declared dead and must restart.

error HA_TOO_FEW_HOSTS ()
  doc High availability needs more hosts.

error HOSTS_FAILED_TO_DISABLE_CACHING
  doc Some hosts could not stop caching.

error HOSTS_FAILED_TO_ENABLE_CACHING
  doc Some hosts could not start caching.

error HOSTS_NOT_COMPATIBLE ()
  doc The hosts are not alike enough for one pool.

error HOSTS_NOT_HOMOGENEOUS (reason)
  doc The hosts are not alike enough for one pool, for the reason given.

error HOST_BROKEN ()
  doc The host could not serve the call and gave no reason.

error HOST_CANNOT_ATTACH_NETWORK (host, network)
  doc The host has no way to this network.

error HOST_CANNOT_DESTROY_SELF (host)
  doc A host cannot remove its own record.

error HOST_CANNOT_READ_METRICS ()
  doc The host's statistics cannot be read.

error HOST_CANNOT_SEE_SR
  doc The host is not attached to the SR.

error HOST_CD_DRIVE_EMPTY ()
  doc The host's CD drive is empty.

error HOST_DISABLED (host)
  doc The host is disabled.

error HOST_DISABLED_INDEFINITELY (host)
  doc The host is disabled until somebody enables it.

error HOST_DISABLED_UNTIL_REBOOT (host)
  doc The host is disabled until it has rebooted.

error HOST_DRIVER_NO_HARDWARE (driver variant)
  doc The host lacks the hardware this driver is for.

error HOST_EVACUATE_IN_PROGRESS (host)
  doc VMs are leaving the host.

error HOST_EVACUATE_VM_NOT_HA_PROTECTED (vm)
  doc This VM would have to stop, and high availability would not start it again.

error HOST_EVACUATION_IS_REQUIRED (host)
  doc VMs must leave the host first.

error HOST_HAS_NO_MANAGEMENT_IP ()
  doc The host's management interface has no address.

error HOST_HAS_RESIDENT_VMS (host)
  doc VMs run on the host.

error HOST_IN_EMERGENCY_MODE ()
  doc The host has lost its pool and serves emergency calls only.

error HOST_IN_USE (host, type, ref)
  doc An object still needs the host.

error HOST_IS_LIVE (host)
  doc The host is up.

error HOST_IS_SLAVE (Master IP address)
  doc This host is not the coordinator; call that one, at the address given.

error HOST_ITS_OWN_SLAVE ()
  doc A host cannot join itself.

error HOST_MASTER_CANNOT_TALK_BACK (ip)
  doc The coordinator cannot reach the host at this address.

error HOST_NAME_INVALID (reason)
  doc No host can have this name.

error HOST_NOT_DISABLED ()
  doc The host must be disabled first.

error HOST_NOT_ENOUGH_FREE_MEMORY (needed, available)
  doc The host lacks free memory.

error HOST_NOT_ENOUGH_PCPUS (vcpus, pcpus)
  doc The host has fewer CPUs than the VM.

error HOST_NOT_LIVE ()
  doc The host is not up.

error HOST_OFFLINE (host)
  doc The host does not answer.

error HOST_PENDING_MANDATORY_GUIDANCE_NOT_EMPTY (host)
  doc Installed updates must take effect on the host first.

error HOST_POWER_ON_MODE_DISABLED ()
  doc It is not set how the host can be switched on.

error HOST_STILL_BOOTING ()
  doc The server is starting; try again soon.

error HOST_UNKNOWN_TO_MASTER (host)
  doc The coordinator does not know the host; it may have been ejected.

error HOST_XAPI_VERSION_HIGHER_THAN_COORDINATOR (host_xapi_version)
  doc The host's server is newer than the coordinator's.

error ILLEGAL_IN_FIPS_MODE
  doc The rules of FIPS mode forbid this.

error ILLEGAL_VBD_DEVICE (vbd, device)
  doc A drive cannot have this position.

error IMPORT_ERROR (msg)
  doc The import failed.

error IMPORT_ERROR_ATTACHED_DISKS_NOT_FOUND ()
  doc A disk of the VM is not in the pool.

error IMPORT_ERROR_CANNOT_HANDLE_CHUNKED ()
  doc An upload must state its length or close the connection at its end.

error IMPORT_ERROR_FAILED_TO_FIND_OBJECT (id)
  doc The archive refers to an object it does not contain.

error IMPORT_ERROR_PREMATURE_EOF ()
  doc The archive ended too early.

error IMPORT_ERROR_SOME_CHECKSUMS_FAILED ()
  doc Parts of the archive are damaged.

error IMPORT_ERROR_UNEXPECTED_FILE (filename_expected, filename_found)
  doc The archive has another file where one was expected.

error IMPORT_INCOMPATIBLE_VERSION ()
  doc The archive comes from an incompatible version.

error INCOMPATIBLE_CLUSTER_STACK_ACTIVE (cluster_stack)
  doc Another cluster stack is in use.

error INCOMPATIBLE_PIF_PROPERTIES ()
  doc The settings of the cards do not agree.

error INCOMPATIBLE_STATEFILE_SR (SR type)
  doc An SR of this type cannot hold the heartbeat.

error INTERFACE_HAS_NO_IP (interface)
  doc The interface has no address.

error INTERNAL_ERROR (message)
  doc The server failed in a way it has no other code for.

error INVALID_BASE_URL (url)
  doc The text is no URL a repository can have.

error INVALID_CIDR_ADDRESS_SPECIFIED (parameter)
  doc The text is no address with a prefix length.

error INVALID_CLUSTER_STACK (cluster_stack)
  doc There is no such cluster stack.

error INVALID_DEVICE (device)
  doc The text is no position a device can have.

error INVALID_EDITION (edition)
  doc There is no such edition.

error INVALID_FEATURE_STRING (details)
  doc The text is no set of CPU features.

error INVALID_GPGKEY_PATH (gpgkey_path)
  doc The text is no path a key can have.

error INVALID_IP_ADDRESS_SPECIFIED (parameter)
  doc The text is no IP address.

error INVALID_NTP_CONFIG (reason)
  doc The time servers cannot be set so.

error INVALID_PATCH ()
  doc The file is no patch.

error INVALID_PATCH_WITH_LOG (log)
  doc The file is no patch.

error INVALID_REPOMD_XML ()
  doc The repository's index is damaged.

error INVALID_REPOSITORY_DOMAIN_ALLOWLIST (domains)
  doc The list of allowed domains is damaged.

error INVALID_REPOSITORY_PROXY_CREDENTIAL ()
  doc A name needs a password, and a password a name.

error INVALID_REPOSITORY_PROXY_URL (url)
  doc The text is no URL a proxy can have.

error INVALID_UPDATE (info)
  doc The image is no update.

error INVALID_UPDATEINFO_XML ()
  doc The repository's list of updates is damaged.

error INVALID_UPDATE_SYNC_DAY (day)
  doc There is no such day.

error INVALID_VALUE (field, value)
  doc The value is not allowed here.

error IS_TUNNEL_ACCESS_PIF (PIF)
  doc The interface is the inner end of a tunnel and cannot carry another.

error JOINING_HOST_CANNOT_BE_MASTER_OF_OTHER_HOSTS ()
  doc A host that joins must be alone in its pool.

error JOINING_HOST_CANNOT_CONTAIN_SHARED_SRS ()
  doc A host that joins cannot bring shared SRs.

error JOINING_HOST_CANNOT_HAVE_RUNNING_OR_SUSPENDED_VMS ()
  doc A host that joins cannot have running or suspended VMs.

error JOINING_HOST_CANNOT_HAVE_RUNNING_VMS ()
  doc A host that joins cannot have running VMs.

error JOINING_HOST_CANNOT_HAVE_VMS_WITH_CURRENT_OPERATIONS ()
  doc A host that joins cannot have VMs that are being worked on.

error JOINING_HOST_CONNECTION_FAILED ()
  doc The pool to join could not be reached.

error JOINING_HOST_SERVICE_FAILED ()
  doc The pool to join did not answer properly.

error LICENCE_RESTRICTION (feature)
  doc The licence lacks the feature.

error LICENSE_CANNOT_DOWNGRADE_WHILE_IN_POOL ()
  doc A host in a pool cannot take this licence.

error LICENSE_CHECKOUT_ERROR (code, message)
  doc The licence server refused a licence.

error LICENSE_DOES_NOT_SUPPORT_POOLING ()
  doc The licence allows no pool.

error LICENSE_DOES_NOT_SUPPORT_XHA ()
  doc The licence allows no high availability.

error LICENSE_EXPIRED ()
  doc The licence has ended.

error LICENSE_FILE_DEPRECATED ()
  doc The licence file is of an old kind.

error LICENSE_HOST_POOL_MISMATCH ()
  doc The licences of host and pool differ.

error LICENSE_PROCESSING_ERROR ()
  doc The licence could not be read.

error LOCATION_NOT_UNIQUE (SR, location)
  doc Another image of the SR has this location.

error MAC_DOES_NOT_EXIST (MAC)
  doc The host has no card with this MAC.

error MAC_INVALID (MAC)
  doc The text is no MAC address.

error MAC_STILL_EXISTS (MAC)
  doc The card is still in the host.

error MAP_DUPLICATE_KEY (type, param_name, uuid, key)
  doc The map has this key already.

error MEMORY_CONSTRAINT_VIOLATION (constraint)
  doc The memory limits contradict each other.

error MEMORY_CONSTRAINT_VIOLATION_MAXPIN (reason)
  doc The memory limits must be equal here.

error MEMORY_CONSTRAINT_VIOLATION_ORDER ()
  doc The memory limits must rise: static min, dynamic min, dynamic max, static max.

error MESSAGE_DEPRECATED ()
  doc The call is out of use.

error MESSAGE_METHOD_UNKNOWN (method)
  doc There is no such call.

error MESSAGE_PARAMETER_COUNT_MISMATCH (method, expected, received)
  doc The call has too few or too many parameters.

error MESSAGE_REMOVED ()
  doc The call has been removed.

error MIRROR_FAILED (vdi)
  doc The disk could not be kept equal to its copy while it moved.

error MISSING_CONNECTION_DETAILS ()
  doc The licence server is not set.

error MULTIPLE_UPDATE_REPOSITORIES_ENABLED ()
  doc More than one repository has updates.

error NETWORK_ALREADY_CONNECTED (network, connected PIF)
  doc The host is connected to the network by another interface.

error NETWORK_CONTAINS_PIF (pifs)
  doc Host interfaces are plugged into the network.

error NETWORK_CONTAINS_VIF (vifs)
  doc VM interfaces are plugged into the network.

error NETWORK_HAS_INCOMPATIBLE_SRIOV_PIFS (PIF, network)
  doc The network's cards on other hosts are of another kind.

error NETWORK_HAS_INCOMPATIBLE_VLAN_ON_SRIOV_PIFS (PIF, network)
  doc The network's VLANs on other hosts are on cards of another kind.

error NETWORK_INCOMPATIBLE_PURPOSES (new_purpose, conflicting_purpose)
  doc The network cannot have both purposes.

error NETWORK_INCOMPATIBLE_WITH_BOND (network)
  doc The network cannot be that of a bond.

error NETWORK_INCOMPATIBLE_WITH_SRIOV (network)
  doc The network cannot be that of SR-IOV.

error NETWORK_INCOMPATIBLE_WITH_TRUNKS (network)
  doc The network cannot carry trunks.

error NETWORK_INCOMPATIBLE_WITH_TUNNEL (network)
  doc The network cannot be that of a tunnel.

error NETWORK_INCOMPATIBLE_WITH_VLAN_ON_BRIDGE (network)
  doc The network cannot be that of a VLAN on a bridge.

error NETWORK_INCOMPATIBLE_WITH_VLAN_ON_SRIOV (network)
  doc The network cannot be that of a VLAN on SR-IOV.

error NETWORK_SRIOV_ALREADY_ENABLED (PIF)
  doc The card has an SR-IOV network already.

error NETWORK_SRIOV_DISABLE_FAILED (PIF, msg)
  doc The card's virtual functions could not be switched off.

error NETWORK_SRIOV_ENABLE_FAILED (PIF, msg)
  doc The card's virtual functions could not be switched on.

error NETWORK_SRIOV_INSUFFICIENT_CAPACITY (network)
  doc No virtual function is free.

error NETWORK_UNMANAGED (network)
  doc The server does not manage this network.

error NOT_ALLOWED_ON_OEM_EDITION (command)
  doc The embedded edition does not allow this.

error NOT_ALLOWED_WHEN_NTP_IS_ENABLED (host)
  doc The clock follows a time server; it cannot be set.

error NOT_IMPLEMENTED (function)
  doc The server does not have this call's workings yet.

error NOT_IN_EMERGENCY_MODE ()
  doc The host has not lost its pool.

error NOT_SUPPORTED_DURING_UPGRADE ()
  doc Not while the pool is upgraded host by host.

error NOT_SYSTEM_DOMAIN (vm)
  doc The VM is no service domain.

error NOT_TRUSTED_CERTIFICATE (ref)
  doc The certificate is not a trusted one.

error NO_CLUSTER_HOSTS_REACHABLE (cluster)
  doc No member of the cluster answers.

error NO_COMPATIBLE_CLUSTER_HOST (host)
  doc The host is no working member of the cluster the SR needs.

error NO_HOSTS_AVAILABLE ()
  doc No host can run the VM now; VM.assert_can_boot_here tells why for each.

error NO_LOCAL_STORAGE
  doc The host has no local storage.

error NO_MORE_REDO_LOGS_ALLOWED ()
  doc No further image can hold changes of a database.

error NO_REPOSITORIES_CONFIGURED ()
  doc No repositories are set.

error NO_REPOSITORY_ENABLED ()
  doc No repository is in use.

error NVIDIA_SRIOV_MISCONFIGURED (host, device_name)
  doc The NVIDIA GPU is not set up for virtual functions.

error NVIDIA_TOOLS_ERROR (host)
  doc The NVIDIA tools failed on the host.

error OBJECT_NOLONGER_EXISTS ()
  doc The object is gone.

error ONLY_ALLOWED_ON_OEM_EDITION (command)
  doc Only the embedded edition allows this.

error OPENVSWITCH_NOT_ACTIVE ()
  doc This needs Open vSwitch.

error OPERATION_BLOCKED (ref, code)
  doc The operation is blocked on this object, with the reason given.

error OPERATION_NOT_ALLOWED (reason)
  doc The operation is not allowed, for the reason given.

error OPERATION_PARTIALLY_FAILED (operation)
  doc The operation was done for some of the VMs only.

error OTHER_OPERATION_IN_PROGRESS (class, object, operation_type, operation_ref)
  doc Something else is being done to the object; try again.

error OUT_OF_SPACE (location)
  doc The file system is full.

error PATCH_ALREADY_APPLIED (patch)
  doc The patch has been applied already.

error PATCH_ALREADY_EXISTS (uuid)
  doc The patch is on the server already.

error PATCH_APPLY_FAILED (output)
  doc The patch could not be applied.

error PATCH_APPLY_FAILED_BACKUP_FILES_EXIST (output)
  doc The patch could not be applied: files of an earlier try are there.

error PATCH_IS_APPLIED ()
  doc The patch is applied somewhere and cannot be removed.

error PATCH_PRECHECK_FAILED_ISO_MOUNTED (patch)
  doc The patch cannot be applied while VMs have the tools CD.

error PATCH_PRECHECK_FAILED_OUT_OF_SPACE (patch, found_space, required_required)
  doc The host lacks space for the patch.

error PATCH_PRECHECK_FAILED_PREREQUISITE_MISSING (patch, prerequisite_patch_uuid_list)
  doc The patch needs others first.

error PATCH_PRECHECK_FAILED_UNKNOWN_ERROR (patch, info)
  doc The patch cannot be applied.

error PATCH_PRECHECK_FAILED_VM_RUNNING (patch)
  doc The patch cannot be applied while VMs run.

error PATCH_PRECHECK_FAILED_WRONG_SERVER_BUILD (patch, found_build, required_build)
  doc The patch is for another build.

error PATCH_PRECHECK_FAILED_WRONG_SERVER_VERSION (patch, found_version, required_version)
  doc The patch is for another version.

error PBD_EXISTS (sr, host, pbd)
  doc The host has a connection to the SR already.

error PERMISSION_DENIED (message)
  doc The caller may not do this.

error PGPU_INSUFFICIENT_CAPACITY_FOR_VGPU (pgpu, vgpu_type)
  doc The GPU has no room for another virtual GPU of this kind.

error PGPU_IN_USE_BY_VM (VMs)
  doc VMs use the GPU.

error PGPU_NOT_COMPATIBLE_WITH_GPU_GROUP (type, group_types)
  doc The group has GPUs of another type.

error PIF_ALLOWS_UNPLUG (PIF)
  doc The interface may be taken down, which high availability forbids here.

error PIF_ALREADY_BONDED (PIF)
  doc The interface is part of a bond already.

error PIF_BOND_MORE_THAN_ONE_IP ()
  doc Only one card of a bond may have an address.

error PIF_BOND_NEEDS_MORE_MEMBERS ()
  doc A bond needs more cards.

error PIF_CANNOT_BOND_CROSS_HOST ()
  doc The cards of a bond must be in one host.

error PIF_CONFIGURATION_ERROR (PIF, msg)
  doc The interface could not be set up.

error PIF_DEVICE_NOT_FOUND ()
  doc The host has no such device.

error PIF_DOES_NOT_ALLOW_UNPLUG (PIF)
  doc The interface must not be taken down.

error PIF_HAS_FCOE_SR_IN_USE (PIF, SR)
  doc An SR over FCoE uses the interface.

error PIF_HAS_NO_NETWORK_CONFIGURATION (PIF)
  doc The interface has no IPv4 configuration.

error PIF_HAS_NO_V6_NETWORK_CONFIGURATION (PIF)
  doc The interface has no IPv6 configuration.

error PIF_INCOMPATIBLE_PRIMARY_ADDRESS_TYPE (PIF)
  doc The interface lacks an address of this type.

error PIF_IS_MANAGEMENT_INTERFACE (PIF)
  doc The host is managed over this interface.

error PIF_IS_NOT_PHYSICAL (PIF)
  doc The interface is no card.

error PIF_IS_NOT_SRIOV_CAPABLE (PIF)
  doc The card has no virtual functions.

error PIF_IS_PHYSICAL (PIF)
  doc The interface is a card.

error PIF_IS_SRIOV_LOGICAL (PIF)
  doc The interface is the result of an SR-IOV network.

error PIF_IS_VLAN (PIF)
  doc The interface is a VLAN.

error PIF_NOT_ATTACHED_TO_HOST (pif, host)
  doc The interface is in another host.

error PIF_NOT_PRESENT (host, network)
  doc The host has no interface on the network.

error PIF_SRIOV_STILL_EXISTS (PIF)
  doc An SR-IOV network runs on the card.

error PIF_TUNNEL_STILL_EXISTS (PIF)
  doc A tunnel runs over the interface.

error PIF_UNMANAGED (PIF)
  doc The server does not manage this interface.

error PIF_VLAN_EXISTS (PIF)
  doc The interface has this VLAN already.

error PIF_VLAN_STILL_EXISTS (PIF)
  doc VLANs run over the interface.

error POOL_AUTH_ALREADY_ENABLED (host)
  doc The host takes users from a directory already.

error POOL_AUTH_DISABLE_FAILED (host, message)
  doc The pool could not leave the directory; the host failed.

error POOL_AUTH_DISABLE_FAILED_INVALID_ACCOUNT (host, message)
  doc The pool could not leave the directory: no such account.

error POOL_AUTH_DISABLE_FAILED_PERMISSION_DENIED (host, message)
  doc The pool could not leave the directory: the account given lacks the right.

error POOL_AUTH_DISABLE_FAILED_WRONG_CREDENTIALS (host, message)
  doc The pool could not leave the directory: wrong name or password.

error POOL_AUTH_ENABLE_FAILED (host, message)
  doc The pool could not join the directory; the host failed.

error POOL_AUTH_ENABLE_FAILED_DOMAIN_LOOKUP_FAILED (host, message)
  doc The pool could not join the directory: its domain was not found.

error POOL_AUTH_ENABLE_FAILED_DUPLICATE_HOSTNAME (host, message)
  doc The pool could not join the directory: two hosts have the same name.

error POOL_AUTH_ENABLE_FAILED_INVALID_ACCOUNT (host, message)
  doc The pool could not join the directory: no such account.

error POOL_AUTH_ENABLE_FAILED_INVALID_OU (host, message)
  doc The pool could not join the directory: no such organizational unit.

error POOL_AUTH_ENABLE_FAILED_INVALID_TRUSTED_CERTS (host, message)
  doc The pool could not join the directory: its certificate does not match a trusted one.

error POOL_AUTH_ENABLE_FAILED_NO_SUPPORT_ENCRYPT_TYPE (host, message)
  doc The pool could not join the directory: it offers no encryption the host knows.

error POOL_AUTH_ENABLE_FAILED_NO_TRUSTED_CERTS (host, message)
  doc The pool could not join the directory: no certificate is trusted for LDAPS.

error POOL_AUTH_ENABLE_FAILED_PERMISSION_DENIED (host, message)
  doc The pool could not join the directory: the account given lacks the right.

error POOL_AUTH_ENABLE_FAILED_SETUP_TLS_CONNECTION (host, message)
  doc The pool could not join the directory: no TLS connection could be made.

error POOL_AUTH_ENABLE_FAILED_UNAVAILABLE (host, message)
  doc The pool could not join the directory: it cannot be reached.

error POOL_AUTH_ENABLE_FAILED_WRONG_CREDENTIALS (host, message)
  doc The pool could not join the directory: wrong name or password.

error POOL_JOINING_EXTERNAL_AUTH_MISMATCH ()
  doc The host takes users from another directory than the pool.

error POOL_JOINING_HOST_CA_CERTIFICATES_CONFLICT ()
  doc The host has another CA certificate under a name the pool uses.

error POOL_JOINING_HOST_HAS_BONDS ()
  doc A host that joins cannot have bonds.

error POOL_JOINING_HOST_HAS_NETWORK_SRIOVS ()
  doc A host that joins cannot have SR-IOV networks.

error POOL_JOINING_HOST_HAS_NON_MANAGEMENT_VLANS ()
  doc A host that joins can have a management VLAN only.

error POOL_JOINING_HOST_HAS_TUNNELS ()
  doc A host that joins cannot have tunnels.

error POOL_JOINING_HOST_MANAGEMENT_VLAN_DOES_NOT_MATCH (local, remote)
  doc The host is managed over another VLAN than the pool.

error POOL_JOINING_HOST_MUST_HAVE_ONLY_ONE_IP_ON_CLUSTERING_NETWORK ()
  doc The host must have one address on the cluster's network.

error POOL_JOINING_HOST_MUST_HAVE_PHYSICAL_MANAGEMENT_NIC ()
  doc The host must be managed over a card.

error POOL_JOINING_HOST_MUST_HAVE_SAME_API_VERSION (host_api_version, master_api_version)
  doc The host's API has another version than the pool's.

error POOL_JOINING_HOST_MUST_HAVE_SAME_DB_SCHEMA (host_db_schema, master_db_schema)
  doc The host's database has another form than the pool's.

error POOL_JOINING_HOST_MUST_HAVE_SAME_PRODUCT_VERSION ()
  doc The host has another version of the product than the pool.

error POOL_JOINING_HOST_MUST_ONLY_HAVE_PHYSICAL_PIFS ()
  doc A host that joins can have cards only, no VLANs, bonds or tunnels.

error POOL_JOINING_HOST_TLS_VERIFICATION_MISMATCH ()
  doc Host and pool differ in whether they check certificates.

error POOL_JOINING_HOST_TRUSTED_CERTIFICATES_CONFLICT (ref_in_pool, ref_on_host)
  doc Host and pool trust different certificates for the same purpose.

error POOL_JOINING_MASTER_CERTIFICATE_NOT_IN_POOL_BUNDLE (master_uuid)
  doc The coordinator's certificate is missing among those the pool trusts.

error POOL_JOINING_POOL_BUNDLE_EMPTY_AFTER_IMPORT (bundle_path)
  doc No certificates of the pool arrived on the host.

error POOL_JOINING_POOL_CANNOT_ENABLE_CLUSTERING_ON_VLAN_NETWORK (vlan)
  doc The cluster's network is a VLAN the host does not have.

error POOL_JOINING_SM_FEATURES_INCOMPATIBLE (pool_sm_ref, candidate_sm_ref)
  doc The host's storage drivers can do less than the pool's.

error POOL_SECRET_ROTATION_PENDING
  doc A change of the pool secret has not ended.

error PROVISION_FAILED_OUT_OF_SPACE ()
  doc The SR has no room for the VM's disks.

error PROVISION_ONLY_ALLOWED_ON_TEMPLATE ()
  doc Only a template can be provisioned.

error PUSB_VDI_CONFLICT (PUSB, VDI)
  doc The USB device is in use as storage.

error PVS_CACHE_STORAGE_ALREADY_PRESENT (site, host)
  doc The host has a cache for this PVS site already.

error PVS_CACHE_STORAGE_IS_IN_USE (PVS_cache_storage)
  doc The PVS cache is in use.

error PVS_PROXY_ALREADY_PRESENT (proxies)
  doc The VM has a PVS proxy already.

error PVS_PROXY_PRESENT_ON_HIGHER_VIF_DEVICE (device)
  doc A PVS proxy sits on a later interface of the VM.

error PVS_SERVER_ADDRESS_IN_USE (address)
  doc Another PVS server has this address.

error PVS_SITE_CONTAINS_RUNNING_PROXIES (proxies)
  doc PVS proxies of the site run.

error PVS_SITE_CONTAINS_SERVERS (servers)
  doc The PVS site has servers still.

error PVS_VIF_MUST_BE_FIRST_DEVICE ()
  doc A PVS proxy must sit on the VM's first interface.

error RBAC_PERMISSION_DENIED (permission, message)
  doc The caller's roles do not allow this call.

error REDO_LOG_IS_ENABLED ()
  doc Changes of the database are written to storage already.

error REPOSITORY_ALREADY_EXISTS (ref)
  doc A repository of this name or URL exists.

error REPOSITORY_CLEANUP_FAILED ()
  doc The local copy of the repository could not be removed.

error REPOSITORY_IS_IN_USE ()
  doc The pool takes updates from the repository.

error REPOSYNC_FAILED ()
  doc The repository could not be copied.

error REPO_SHOULD_BE_SINGLE_ONE_ENABLED ()
  doc A repository of this kind must be the only one in use.

error REQUIRED_PIF_IS_UNPLUGGED (PIF)
  doc An interface that is needed is down.

error RESTORE_INCOMPATIBLE_VERSION ()
  doc The backup comes from an incompatible version.

error RESTORE_SCRIPT_FAILED (log)
  doc The host's backup could not be restored.

error RESTORE_TARGET_MGMT_IF_NOT_IN_BACKUP ()
  doc The host's management interface is not in the backup.

error RESTORE_TARGET_MISSING_DEVICE (device)
  doc The host lacks a device that is in the backup.

error REVERT_ONLY_ALLOWED_ON_SNAPSHOT
  doc Only a snapshot can be reverted to.

error ROLE_ALREADY_EXISTS ()
  doc The subject has the role already.

error ROLE_NOT_FOUND ()
  doc The subject does not have the role.

error SERVER_CERTIFICATE_CHAIN_INVALID ()
  doc The chain of certificates cannot be read.

error SERVER_CERTIFICATE_EXPIRED (now, not_after)
  doc The certificate is no longer valid.

error SERVER_CERTIFICATE_INVALID ()
  doc The text is no certificate.

error SERVER_CERTIFICATE_KEY_ALGORITHM_NOT_SUPPORTED (algorithm_oid)
  doc A key of this algorithm cannot be used.

error SERVER_CERTIFICATE_KEY_INVALID ()
  doc The text is no private key.

error SERVER_CERTIFICATE_KEY_MISMATCH ()
  doc The key does not belong to the certificate.

error SERVER_CERTIFICATE_KEY_RSA_LENGTH_NOT_SUPPORTED (length)
  doc An RSA key of this length cannot be used.

error SERVER_CERTIFICATE_KEY_RSA_MULTI_NOT_SUPPORTED ()
  doc An RSA key with more than two primes cannot be used.

error SERVER_CERTIFICATE_NOT_VALID_YET (now, not_before)
  doc The certificate is not valid yet.

error SERVER_CERTIFICATE_SIGNATURE_NOT_SUPPORTED ()
  doc The certificate must be signed with SHA-256 or better.

error SESSION_AUTHENTICATION_FAILED ()
  doc Wrong name or password.

error SESSION_AUTHORIZATION_FAILED (username, msg)
  doc The user is known but has no role here.

error SESSION_INVALID (handle)
  doc The session does not exist, or has ended.

error SESSION_NOT_REGISTERED (handle)
  doc The session has registered for no events.

error SET_CONSOLE_TIMEOUT_PARTIALLY_FAILED (hosts)
  doc The console timeout could not be set on some hosts.

error SET_SSH_AUTO_MODE_PARTIALLY_FAILED (hosts)
  doc SSH's automatic mode could not be set on some hosts.

error SET_SSH_TIMEOUT_PARTIALLY_FAILED (hosts)
  doc The SSH timeout could not be set on some hosts.

error SLAVE_REQUIRES_MANAGEMENT_INTERFACE ()
  doc A host that is not the coordinator must be managed over the network.

error SM_PLUGIN_COMMUNICATION_FAILURE (sm)
  doc The storage driver did not answer as it must.

error SR_ATTACHED
  doc The SR is attached.

error SR_ATTACH_FAILED (sr)
  doc The SR could not be attached.

error SR_BACKEND_FAILURE (status, stdout, stderr)
  doc The storage driver failed.

error SR_DEVICE_IN_USE ()
  doc The SR's device is in use.

error SR_DOES_NOT_SUPPORT_MIGRATION (sr, capabilities)
  doc Disks cannot be moved to or from this SR.

error SR_FULL (requested, maximum)
  doc The SR has no room.

error SR_HAS_MULTIPLE_PBDS (PBD)
  doc Several hosts are connected to the SR.

error SR_HAS_NO_PBDS (sr)
  doc No host is attached to the SR.

error SR_HAS_PBD (sr)
  doc A host is connected to the SR still.

error SR_INDESTRUCTIBLE (sr)
  doc The SR is marked as not to be destroyed.

error SR_IS_CACHE_SR (host)
  doc The host keeps its cache on the SR.

error SR_NOT_ATTACHED (sr)
  doc The SR is not attached.

error SR_NOT_EMPTY ()
  doc There are images on the SR.

error SR_NOT_SHARABLE (sr, host)
  doc Only one host can use an SR of this type.

error SR_NOT_SHARED
  doc The SR is not shared.

error SR_OPERATION_NOT_SUPPORTED (sr)
  doc The SR's driver cannot do this.

error SR_REQUIRES_UPGRADE (SR)
  doc The SR must be brought to a newer form first.

error SR_SOURCE_SPACE_INSUFFICIENT (sr)
  doc The SR lacks space to move a disk away.

error SR_SUSPEND_SPACE_INSUFFICIENT (sr)
  doc The SR lacks space for the VM's memory.

error SR_UNHEALTHY (sr, health, fix)
  doc The SR is not in order.

error SR_UNKNOWN_DRIVER (driver)
  doc There is no storage driver of this name.

error SR_UUID_EXISTS (uuid)
  doc An SR with this uuid exists.

error SR_VDI_LOCKING_FAILED ()
  doc The storage driver could not lock the image.

error SSL_VERIFY_ERROR (reason)
  doc The other side's certificate is not trusted.

error SUBJECT_ALREADY_EXISTS ()
  doc The subject is known already.

error SUBJECT_CANNOT_BE_RESOLVED ()
  doc The directory knows no such user or group.

error SUSPEND_IMAGE_NOT_ACCESSIBLE (vdi)
  doc The host cannot reach the suspended VM's memory.

error SUSPEND_VDI_REPLACEMENT_IS_NOT_IDENTICAL
  doc The other image does not hold the same memory.

error SYNC_BUNDLE_IN_PROGRESS ()
  doc A bundle is being uploaded.

error SYNC_UPDATES_IN_PROGRESS ()
  doc Updates are being synchronized.

error SYSPREP (vm, message)
  doc Sysprep failed in the guest.

error SYSTEM_STATUS_MUST_USE_TAR_ON_OEM ()
  doc The embedded edition can pack a bug report as tar only.

error SYSTEM_STATUS_RETRIEVAL_FAILED (reason)
  doc The bug report could not be made.

error TASK_CANCELLED (task)
  doc The task was cancelled.

error TELEMETRY_NEXT_COLLECTION_TOO_LATE (timestamp)
  doc Telemetry cannot be put off that long.

error TLS_CONNECTION_FAILED (address, port)
  doc No TLS connection could be made to this address.

error TLS_VERIFICATION_ENABLE_IN_PROGRESS
  doc Checking of certificates is being switched on.

error TLS_VERIFICATION_NOT_ENABLED_IN_POOL ()
  doc The pool does not check certificates.

error TOO_BUSY ()
  doc The server has too much to do; try again.

error TOO_MANY_GROUPS ()
  doc A VM can be in one group only.

error TOO_MANY_PENDING_TASKS ()
  doc Too many tasks are waiting; try again.

error TOO_MANY_STORAGE_MIGRATES (number)
  doc Too many disks are moving; try again.

error TOO_MANY_VUSBS (number)
  doc The VM has as many USB devices as it can have.

error TRANSPORT_PIF_NOT_CONFIGURED (PIF)
  doc A tunnel needs an interface with an address.

error TRUSTED_CERTIFICATE_ALREADY_EXISTS (fingerprint)
  doc The certificate is trusted already.

error TRUSTED_CERTIFICATE_EXPIRED (now, not_after)
  doc The certificate is no longer valid.

error TRUSTED_CERTIFICATE_INVALID ()
  doc The text is no certificate.

error TRUSTED_CERTIFICATE_NOT_VALID_YET (now, not_before)
  doc The certificate is not valid yet.

error UNIMPLEMENTED_IN_SM_BACKEND (message)
  doc The storage driver does not have this call.

error UNKNOWN_BOOTLOADER (vm, bootloader)
  doc The host has no such bootloader.

error UPDATEINFO_HASH_MISMATCH ()
  doc The updates have changed since they were synchronized.

error UPDATE_ALREADY_APPLIED (update)
  doc The update is installed on the host.

error UPDATE_ALREADY_APPLIED_IN_POOL (update)
  doc The update is installed on all hosts.

error UPDATE_ALREADY_EXISTS (uuid)
  doc The update is known already.

error UPDATE_APPLY_FAILED (output)
  doc The update could not be installed.

error UPDATE_IS_APPLIED ()
  doc The update is installed somewhere and cannot be removed.

error UPDATE_POOL_APPLY_FAILED (hosts)
  doc The update could not be installed on some hosts.

error UPDATE_PRECHECK_FAILED_CONFLICT_PRESENT (update, conflict_update)
  doc The update conflicts with one that is installed.

error UPDATE_PRECHECK_FAILED_GPGKEY_NOT_IMPORTED (update)
  doc The key that signed the update is not trusted.

error UPDATE_PRECHECK_FAILED_OUT_OF_SPACE (update, available_space, required_space)
  doc The host lacks space for the update.

error UPDATE_PRECHECK_FAILED_PREREQUISITE_MISSING (update, prerequisite_update)
  doc The update needs another first.

error UPDATE_PRECHECK_FAILED_UNKNOWN_ERROR (update, info)
  doc The update cannot be installed.

error UPDATE_PRECHECK_FAILED_WRONG_SERVER_VERSION (update, installed_version, required_version)
  doc The update is for another version.

error UPDATE_SYNCING_REMOTE_POOL_COORDINATOR_CONNECTION_FAILED ()
  doc The pool that updates come from could not be reached.

error UPDATE_SYNCING_REMOTE_POOL_COORDINATOR_SERVICE_FAILED ()
  doc The pool that updates come from did not answer properly.

error USB_ALREADY_ATTACHED (PUSB, VM)
  doc A VM has the USB device already.

error USB_GROUP_CONFLICT (USB_group)
  doc The VM has a device of this USB group already.

error USB_GROUP_CONTAINS_NO_PUSBS (usb_group)
  doc There is no device in the USB group.

error USB_GROUP_CONTAINS_PUSB (pusbs)
  doc There are devices in the USB group.

error USB_GROUP_CONTAINS_VUSB (vusbs)
  doc VMs take from the USB group.

error USER_IS_NOT_LOCAL_SUPERUSER (msg)
  doc Only the local superuser may do this.

error UUID_INVALID (type, uuid)
  doc No object of the class has this uuid.

error V6D_FAILURE ()
  doc The licence service failed.

error VALUE_NOT_SUPPORTED (field, value, reason)
  doc The value is known but cannot be used here.

error VBD_CDS_MUST_BE_READONLY ()
  doc A CD drive must be read-only.

error VBD_IS_EMPTY (vbd)
  doc The drive is empty.

error VBD_MISSING
  doc The VM has no such drive.

error VBD_NOT_EMPTY (vbd)
  doc There is a medium in the drive.

error VBD_NOT_REMOVABLE_MEDIA (vbd)
  doc Only a CD drive can be empty or change its medium.

error VBD_NOT_UNPLUGGABLE (vbd)
  doc The drive cannot be unplugged.

error VBD_TRAY_LOCKED (vbd)
  doc The guest has locked the tray.

error VCPU_MAX_NOT_CORES_PER_SOCKET_MULTIPLE (vcpu_max, cores_per_socket)
  doc The number of virtual CPUs is no multiple of the cores in a socket.

error VDI_CBT_ENABLED (vdi)
  doc Changed blocks of the image are tracked, which forbids this.

error VDI_CONTAINS_METADATA_OF_THIS_POOL (vdi, pool)
  doc The image holds this pool's own database.

error VDI_CONTENT_ID_MISSING
  doc The image has no content identifier.

error VDI_COPY_FAILED ()
  doc The image could not be copied.

error VDI_HAS_RRDS (vdi)
  doc The image holds statistics.

error VDI_INCOMPATIBLE_TYPE (vdi, type)
  doc An image of this type cannot be used so.

error VDI_IN_USE (vdi, operation)
  doc The image is in use.

error VDI_IO_ERROR
  doc Reading or writing the image failed.

error VDI_IS_A_PHYSICAL_DEVICE (vdi)
  doc The image is a physical device.

error VDI_IS_ENCRYPTED (vdi)
  doc The image is encrypted.

error VDI_IS_NOT_ISO (vdi, type)
  doc The image is no CD.

error VDI_IS_SHARABLE
  doc The image is one several VMs may write to.

error VDI_LOCATION_MISSING (sr, location)
  doc There is no image at this location.

error VDI_MISSING (sr, vdi)
  doc The image is not on the storage.

error VDI_NEEDS_VM_FOR_MIGRATE (vdi)
  doc Only a disk of a VM can be moved while in use.

error VDI_NOT_AVAILABLE (vdi)
  doc The host cannot attach the image.

error VDI_NOT_IN_MAP (vdi)
  doc No destination was given for the image.

error VDI_NOT_MANAGED (vdi)
  doc The image is not an object of the API.

error VDI_NOT_SPARSE (vdi)
  doc The image cannot be read sparsely.

error VDI_NO_CBT_METADATA (vdi)
  doc Changed blocks of the image have not been tracked.

error VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION ()
  doc A disk that is reset at boot forbids this.

error VDI_READONLY (vdi)
  doc The image is read-only.

error VDI_TOO_LARGE (vdi, maximum size)
  doc The image is too large.

error VDI_TOO_SMALL (vdi, minimum size)
  doc The image is too small.

error VGPU_DESTINATION_INCOMPATIBLE (reason, vgpu, host)
  doc The virtual GPU cannot move to this host.

error VGPU_GUEST_DRIVER_LIMIT (reason, vm, host)
  doc The guest's driver forbids moving the virtual GPU.

error VGPU_SUSPENSION_NOT_SUPPORTED (reason, vgpu, host)
  doc The virtual GPU cannot be suspended on this host.

error VGPU_TYPE_NOT_COMPATIBLE (type)
  doc A VM cannot have virtual GPUs of these kinds together.

error VGPU_TYPE_NOT_COMPATIBLE_WITH_RUNNING_TYPE (pgpu, type, running_type)
  doc The GPU runs virtual GPUs of another kind.

error VGPU_TYPE_NOT_ENABLED (type, enabled_types)
  doc The GPU may not make this kind of virtual GPU.

error VGPU_TYPE_NOT_SUPPORTED (type, supported_types)
  doc The GPU cannot make this kind of virtual GPU.

error VGPU_TYPE_NO_LONGER_SUPPORTED (type)
  doc This kind of virtual GPU is out of use.

error VIF_IN_USE (network, VIF)
  doc A running VM uses the interface.

error VIF_NOT_IN_MAP (vif)
  doc No destination was given for the interface.

error VLAN_IN_USE (device, vlan)
  doc The tag is in use on this device.

error VLAN_TAG_INVALID (VLAN)
  doc The number is no VLAN tag.

error VMPP_ARCHIVE_MORE_FREQUENT_THAN_BACKUP ()
  doc A policy could not archive more often than it made backups.

error VMPP_HAS_VM ()
  doc VMs are under the policy.

error VMSS_HAS_VM ()
  doc VMs are under the schedule.

error VMS_FAILED_TO_COOPERATE ()
  doc The guests did not give back memory in time.

error VM_ASSIGNED_TO_PROTECTION_POLICY (vm, vmpp)
  doc The VM is under a protection policy.

error VM_ASSIGNED_TO_SNAPSHOT_SCHEDULE (vm, vmss)
  doc The VM is under a snapshot schedule.

error VM_ATTACHED_TO_MORE_THAN_ONE_VDI_WITH_TIMEOFFSET_MARKED_AS_RESET_ON_BOOT (vm)
  doc Several disks of the VM that are reset at boot carry its clock.

error VM_BAD_POWER_STATE (vm, expected, actual)
  doc The VM's power state does not allow this.

error VM_BIOS_STRINGS_ALREADY_SET ()
  doc The VM has its BIOS strings already.

error VM_CALL_PLUGIN_RATE_LIMIT (VM, interval, wait)
  doc Guest plugins of the VM are called too often; wait.

error VM_CANNOT_DELETE_DEFAULT_TEMPLATE (vm)
  doc A template of the product cannot be deleted.

error VM_CHECKPOINT_RESUME_FAILED (vm)
  doc The VM did not run on after its checkpoint.

error VM_CHECKPOINT_SUSPEND_FAILED (vm)
  doc The VM could not be suspended for its checkpoint.

error VM_CRASHED (vm)
  doc The guest crashed.

error VM_DUPLICATE_VBD_DEVICE (vm, vbd, device)
  doc Two drives of the VM have the same position.

error VM_FAILED_SHUTDOWN_ACKNOWLEDGMENT (vm)
  doc The guest did not answer the request to shut down.

error VM_FAILED_SUSPEND_ACKNOWLEDGMENT (vm)
  doc The guest did not answer the request to suspend.

error VM_HALTED (vm)
  doc The VM halted meanwhile.

error VM_HAS_CHECKPOINT (vm)
  doc The VM has checkpoints and cannot move with its disks.

error VM_HAS_NO_SUSPEND_VDI (vm)
  doc The suspended VM's memory is lost.

error VM_HAS_PCI_ATTACHED (vm)
  doc The VM has a PCI device, which forbids this.

error VM_HAS_SRIOV_VIF (vm)
  doc The VM has an interface on an SR-IOV network, which forbids this.

error VM_HAS_TOO_MANY_SNAPSHOTS (vm)
  doc The VM has too many snapshots to move with its disks.

error VM_HAS_VGPU (vm)
  doc The VM has a virtual GPU, which forbids this.

error VM_HAS_VUSBS (VM)
  doc The VM has a USB device, which forbids this.

error VM_HOST_INCOMPATIBLE_VERSION (host, vm)
  doc The host's version cannot run the VM.

error VM_HOST_INCOMPATIBLE_VERSION_MIGRATE (host, vm)
  doc The VM cannot move to a host of an older version.

error VM_HOST_INCOMPATIBLE_VIRTUAL_HARDWARE_PLATFORM_VERSION (host, host_versions, vm, vm_version)
  doc The host lacks the VM's version of virtual hardware.

error VM_HVM_REQUIRED (vm)
  doc The host's CPUs cannot run this kind of VM.

error VM_INCOMPATIBLE_WITH_THIS_HOST (vm, host, reason)
  doc The host's CPUs lack features the guest uses.

error VM_IS_IMMOBILE (VM)
  doc The VM was started in a way that forbids moving it.

error VM_IS_PART_OF_AN_APPLIANCE (vm, appliance)
  doc The VM is in an appliance.

error VM_IS_PROTECTED (vm)
  doc High availability protects the VM.

error VM_IS_SNAPSHOT
  doc The VM is a snapshot.

error VM_IS_TEMPLATE (vm)
  doc The VM is a template.

error VM_IS_USING_NESTED_VIRT (VM)
  doc The guest runs VMs itself, which forbids this.

error VM_LACKS_FEATURE (vm)
  doc The guest cannot do this, or its agent does not run.

error VM_MEMORY_SIZE_TOO_LOW (vm)
  doc The VM has too little memory to start.

error VM_MEMORY_TARGET_WAIT_TIMEOUT
  doc The VM did not reach its memory target in time.

error VM_MIGRATE_CONTACT_REMOTE_SERVICE_FAILED ()
  doc The pool to move to could not be reached.

error VM_MIGRATE_FAILED (vm, source, destination, msg)
  doc The VM could not be moved.

error VM_MISSING_PV_DRIVERS (vm)
  doc The guest has no paravirtual drivers.

error VM_NON_SUSPENDABLE (vm, reason)
  doc The guest says it cannot be suspended.

error VM_NOT_RESIDENT_HERE (vm, host)
  doc The VM does not run on this host.

error VM_NO_CRASHDUMP_SR (vm)
  doc There is no SR for the VM's crash dump.

error VM_NO_EMPTY_CD_VBD (vm)
  doc The VM has no empty CD drive.

error VM_NO_SUSPEND_SR (vm)
  doc There is no SR for the VM's memory.

error VM_NO_VCPUS (vm)
  doc The VM needs a virtual CPU.

error VM_OLD_PV_DRIVERS (vm, major, minor)
  doc The guest's paravirtual drivers are too old.

error VM_PCI_BUS_FULL (VM)
  doc The VM has no room for another PCI device.

error VM_PV_DRIVERS_IN_USE (vm)
  doc The guest's paravirtual drivers are in use.

error VM_REBOOTED (vm)
  doc The VM rebooted meanwhile.

error VM_REQUIRES_GPU (vm, GPU_group)
  doc The VM needs a GPU of this group, which the host lacks.

error VM_REQUIRES_IOMMU (host)
  doc The VM needs an IOMMU, which the host lacks.

error VM_REQUIRES_NETWORK (vm, network)
  doc The VM needs a network, which the host lacks.

error VM_REQUIRES_SR (vm, sr)
  doc The VM needs an SR, which the host is not attached to.

error VM_REQUIRES_VDI (vm, vdi)
  doc The VM needs an image that is not available.

error VM_REQUIRES_VGPU (vm, GPU_group, vGPU_type)
  doc The VM needs a virtual GPU, which the host cannot make.

error VM_REQUIRES_VUSB (vm, USB_group)
  doc The VM needs a USB device, which the host lacks.

error VM_REVERT_FAILED (vm, snapshot)
  doc The VM could not be put back to the snapshot.

error VM_SHUTDOWN_TIMEOUT (vm, timeout)
  doc The guest did not shut down in time.

error VM_SNAPSHOT_FAILED
  doc The snapshot could not be taken.

error VM_SNAPSHOT_WITH_QUIESCE_FAILED (vm)
  doc The quiesced snapshot could not be taken.

error VM_SNAPSHOT_WITH_QUIESCE_NOT_SUPPORTED (vm, error)
  doc The guest cannot be quiesced.

error VM_SNAPSHOT_WITH_QUIESCE_PLUGIN_DEOS_NOT_RESPOND (vm)
  doc The guest's quiescing service does not answer.

error VM_SNAPSHOT_WITH_QUIESCE_TIMEOUT (vm)
  doc The guest was not quiesced in time.

error VM_SUSPEND_TIMEOUT (vm, timeout)
  doc The guest did not suspend in time.

error VM_TOO_MANY_VCPUS (vm)
  doc The VM has too many virtual CPUs to start.

error VM_TO_IMPORT_IS_NOT_NEWER_VERSION (vm, existing_version, version_to_import)
  doc The pool has the same or a newer version of the VM.

error VM_UNSAFE_BOOT (vm)
  doc Starting the VM would endanger its disks.

error VTPM_MAX_AMOUNT_REACHED (amount)
  doc The VM has as many trusted platform modules as it can have.

error WLB_AUTHENTICATION_FAILED ()
  doc The workload balancing server refused the login.

error WLB_CONNECTION_REFUSED ()
  doc The workload balancing server refused the connection.

error WLB_CONNECTION_RESET ()
  doc The workload balancing server cut the connection.

error WLB_DISABLED ()
  doc Workload balancing is off.

error WLB_INTERNAL_ERROR ()
  doc The workload balancing server failed.

error WLB_MALFORMED_REQUEST ()
  doc The workload balancing server did not understand the request.

error WLB_MALFORMED_RESPONSE (method, reason, response)
  doc The workload balancing server's answer is not understood.

error WLB_NOT_INITIALIZED ()
  doc There is no workload balancing server.

error WLB_TIMEOUT (configured_timeout)
  doc The workload balancing server did not answer in time.

error WLB_UNKNOWN_HOST ()
  doc The workload balancing server's name is unknown.

error WLB_URL_INVALID (url)
  doc The text is no URL of a workload balancing server.

error WLB_XENSERVER_AUTHENTICATION_FAILED ()
  doc The workload balancing server could not log in here.

error WLB_XENSERVER_CONNECTION_REFUSED ()
  doc The workload balancing server was refused a connection here.

error WLB_XENSERVER_MALFORMED_RESPONSE ()
  doc The workload balancing server did not understand an answer of this pool.

error WLB_XENSERVER_TIMEOUT ()
  doc The workload balancing server had no answer of this pool in time.

error WLB_XENSERVER_UNKNOWN_HOST ()
  doc The workload balancing server does not know this pool's name.

error XAPI_HOOK_FAILED (hook_name, reason, stdout, exit_code)
  doc A script that runs with the operation failed.

error XENAPI_MISSING_PLUGIN (name)
  doc The host has no plugin of this name.

error XENAPI_PLUGIN_FAILURE (status, stdout, stderr)
  doc The plugin failed.

error XEN_INCOMPATIBLE ()
  doc The hypervisor has an incompatible version.

error XEN_VSS_REQ_ERROR_ADDING_VOLUME_TO_SNAPSET_FAILED (vm, error_code)
  doc Windows could not add a disk to its set of snapshots.

error XEN_VSS_REQ_ERROR_CREATING_SNAPSHOT (vm, error_code)
  doc Windows could not take the snapshot.

error XEN_VSS_REQ_ERROR_CREATING_SNAPSHOT_XML_STRING (vm, error_code)
  doc Windows could not describe the snapshot.

error XEN_VSS_REQ_ERROR_INIT_FAILED (vm, error_code)
  doc The guest's snapshot service did not start.

error XEN_VSS_REQ_ERROR_NO_VOLUMES_SUPPORTED (vm, error_code)
  doc The guest has no disk that its snapshot service supports.

error XEN_VSS_REQ_ERROR_PREPARING_WRITERS (vm, error_code)
  doc Programs in the guest did not get ready for the snapshot.

error XEN_VSS_REQ_ERROR_PROV_NOT_LOADED (vm, error_code)
  doc The guest's snapshot provider is not there.

error XEN_VSS_REQ_ERROR_START_SNAPSHOT_SET_FAILED (vm, error_code)
  doc Windows could not start its set of snapshots.

error XMLRPC_UNMARSHAL_FAILURE (expected, received)
  doc A value in the request is not what was expected.

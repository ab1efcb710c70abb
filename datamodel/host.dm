# SPDX-License-Identifier: GPL-2.0-or-later

class host
  doc A physical machine of the pool.
  since rio
  writer pool-operator

enum host_allowed_operations
  doc Everything that can be done to a host.
  value provision
  value evacuate
  value shutdown
  value reboot
  value power_on
  value vm_start
  value vm_resume
  value vm_migrate
  value apply_updates
  value enable

enum host_display
  doc Whether the host itself uses its graphics card, now and after the next boot.
  value enabled
  value disable_on_reboot
  value disabled
  value enable_on_reboot

enum host_ntp_mode
  doc Which time servers the host asks.
  value DHCP
  value Custom
  value Factory
  value Disabled

enum host_numa_affinity_policy
  doc Whether VMs are placed on as few NUMA nodes as possible.
  value any
  value best_effort
  value default_policy

enum host_sched_gran
  doc Unit in which the hypervisor's scheduler gives CPUs to VMs.
  value core
  value cpu
  value socket

enum latest_synced_updates_applied_state
  doc Whether the newest synchronized updates are installed.
  value yes
  value no
  value unknown

field uuid dynamic string
  doc Lasting, unique name of the host.

field name__label rw string = ""
  doc Name people gave the host; it need not be unique.

field name__description rw string = ""
  doc Free text about the host.

field memory__overhead dynamic int = 0
  doc Bytes of memory the hypervisor takes for itself.

field allowed_operations dynamic set(enum(host_allowed_operations)) = []
  doc Operations a client may start on the host now; advice only, each call checks again.
  flags volatile

field current_operations dynamic map(string,enum(host_allowed_operations)) = {}
  doc Operations that run on the host now, by the task that runs them.
  flags volatile

field API_version__major dynamic int
  doc Major number of the API's version.

field API_version__minor dynamic int
  doc Minor number of the API's version.

field API_version__vendor dynamic string
  doc Who made the API server.

field API_version__vendor_implementation dynamic map(string,string)
  doc What else its maker says of the API server.

field enabled dynamic bool
  doc Whether VMs may start on it.

field software_version static map(string,string)
  doc Names and versions of what runs on it.

field other_config rw map(string,string)
  doc Free keys that tools keep with the host.
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field capabilities static set(string)
  doc Kinds of guests the hypervisor can run.

field cpu_configuration dynamic map(string,string)
  doc What the hypervisor may use of the CPUs.

field sched_policy dynamic string
  doc Name of the hypervisor's scheduler.

field supported_bootloaders dynamic set(string)
  doc Bootloaders PV guests can use.

field resident_VMs dynamic set(ref(VM))
  doc VMs that run on it.
  from VM.resident_on

field logging rw map(string,string)
  doc Where logs go: syslog_destination.

field PIFs dynamic set(ref(PIF))
  doc Its network interfaces.
  from PIF.host

field suspend_image_sr rw ref(SR)
  doc SR for the memory of VMs suspended on it.

field crash_dump_sr rw ref(SR)
  doc SR for crash dumps of VMs on it.

field crashdumps dynamic set(ref(host_crashdump))
  doc Crash dumps of the host itself.
  from host_crashdump.host

field patches dynamic set(ref(host_patch))
  doc Patches of old releases on it.
  since rio, deprecated ely
  from host_patch.host

field updates dynamic set(ref(pool_update))
  doc Updates of old form installed on it.
  since ely
  to pool_update.hosts

field PBDs dynamic set(ref(PBD))
  doc Its connections to storage.
  from PBD.host

field host_CPUs dynamic set(ref(host_cpu))
  doc Its CPUs, one record each.
  from host_cpu.host

field cpu_info dynamic map(string,string) = {}
  doc Number, model and features of its CPUs.
  since midnight-ride

field hostname rw string
  doc Its name in the network.

field address rw string
  doc Address other hosts and clients reach it at.

field metrics dynamic ref(host_metrics)
  doc What it measures of itself.

field license_params dynamic map(string,string)
  doc Licence, as one key for each feature.

field boot_free_mem dynamic int
  doc Bytes free when it booted.
  flags internal

field ha_statefiles dynamic set(string) = []
  doc Images that hold the heartbeat of high availability.
  since orlando

field ha_network_peers dynamic set(string) = []
  doc Hosts it sees in the heartbeat over the network.
  since orlando

field blobs dynamic map(string,ref(blob)) = {}
  doc Binary data stored with the host, by name.
  since orlando

field tags rw set(string) = []
  doc Words people sort host objects by.
  since orlando
  writer vm-operator

field external_auth_type dynamic string = ""
  doc Kind of directory that users come from; empty for none.
  since george

field external_auth_service_name dynamic string = ""
  doc Name of that directory.
  since george

field external_auth_configuration dynamic map(string,string) = {}
  doc Settings of that directory.
  since george

field edition dynamic string = ""
  doc Edition of the product it is licensed for.
  since midnight-ride

field license_server rw map(string,string) = {"address": "localhost", "port": "27000"}
  doc Address and port of the licence server.
  since midnight-ride

field bios_strings dynamic map(string,string) = {}
  doc What its BIOS says about vendor, version and serial numbers.
  since midnight-ride

field power_on_mode dynamic string = ""
  doc How it can be switched on from another host: wake-on-lan, IPMI, a script.
  since midnight-ride

field power_on_config dynamic map(string,string) = {}
  doc Settings for switching it on.
  since midnight-ride

field local_cache_sr static ref(SR) = "OpaqueRef:NULL"
  doc SR that holds its cache of remote disks.
  since cowley

field chipset_info dynamic map(string,string) = {}
  doc What the chipset can do: iommu.
  since boston

field PCIs dynamic set(ref(PCI))
  doc PCI devices in it.
  since boston
  from PCI.host

field PGPUs dynamic set(ref(PGPU))
  doc GPUs in it.
  since boston
  from PGPU.host

field PUSBs dynamic set(ref(PUSB))
  doc USB devices plugged into it.
  since inverness
  from PUSB.host

field ssl_legacy static bool = true
  doc Whether old TLS versions are accepted; no longer.
  since dundee, deprecated stockholm

field guest_VCPUs_params rw map(string,string) = {}
  doc Scheduler settings for all VMs on it: mask.
  since tampa

field display rw enum(host_display) = "enabled"
  doc Whether it uses its graphics card itself.
  since cream

field virtual_hardware_platform_versions dynamic set(int) = [0]
  doc Versions of the virtual hardware it can give to VMs.
  since cream

field control_domain dynamic ref(VM) = "OpaqueRef:NULL"
  doc VM record of its control domain.
  since ely

field updates_requiring_reboot dynamic set(ref(pool_update))
  doc Updates of old form that wait for a reboot.
  since ely
  flags dangling

field features dynamic set(ref(Feature))
  doc Optional features on it.
  since falcon
  from Feature.host

field iscsi_iqn static string = ""
  doc Its name as an iSCSI initiator.
  since kolkata

field multipathing static bool = false
  doc Whether storage is reached over several paths at once.
  since kolkata

field uefi_certificates static string = ""
  doc Secure Boot certificates for VMs, in base64.
  since quebec, deprecated 22.16.0

field certificates dynamic set(ref(Certificate))
  doc Its certificates.
  since stockholm
  from Certificate.host

field editions dynamic set(string) = []
  doc Editions it could be licensed for.
  since stockholm

field pending_guidances dynamic set(enum(update_guidances)) = []
  doc What must be done with it for installed updates to take effect.
  since 1.303.0

field tls_verification_enabled dynamic bool = false
  doc Whether it checks the certificates of servers it talks to.
  since 1.313.0

field last_software_update dynamic datetime = "19700101T00:00:00Z"
  doc When updates were last installed.
  prototyped 22.20.0

field https_only dynamic bool = false
  doc Whether clients must use HTTPS.
  prototyped 22.27.0

field recommended_guidances dynamic set(enum(update_guidances)) = []
  doc Older form of pending_guidances_recommended.
  prototyped 23.18.0, removed 23.24.0
  flags internal

field latest_synced_updates_applied dynamic enum(latest_synced_updates_applied_state) = "unknown"
  doc Whether the newest synchronized updates are installed.
  prototyped 23.18.0

field numa_affinity_policy dynamic enum(host_numa_affinity_policy) = "default_policy"
  doc How VMs are placed on NUMA nodes.
  prototyped 24.0.0

field pending_guidances_recommended dynamic set(enum(update_guidances)) = []
  doc What should be done with it for installed updates to take effect.
  prototyped 24.10.0

field pending_guidances_full dynamic set(enum(update_guidances)) = []
  doc What would have to be done with it for every last part of installed updates to take
  doc effect.
  prototyped 24.10.0

field last_update_hash dynamic string = ""
  doc Hash that names the newest set of updates installed.
  prototyped 24.10.0

field ssh_enabled dynamic bool = true
  doc Whether it takes SSH logins.
  prototyped 25.21.0

field ssh_enabled_timeout dynamic int = 0
  doc Seconds after which SSH closes again; 0 for never.
  prototyped 25.21.0

field ssh_expiry dynamic datetime = "19700101T00:00:00Z"
  doc When SSH closes again.
  prototyped 25.21.0

field console_idle_timeout dynamic int = 0
  doc Seconds after which an idle login on its console ends; 0 for never.
  prototyped 25.21.0

field ssh_auto_mode dynamic bool = false
  doc Whether SSH opens by itself when the API server is down.
  prototyped 25.27.0

field max_cstate dynamic string = ""
  doc Deepest sleep state of the CPUs; empty for no limit.
  prototyped 26.0.0

field secure_boot dynamic bool = false
  doc Whether it was started with Secure Boot.
  prototyped 25.31.0

field ntp_mode dynamic enum(host_ntp_mode) = "Factory"
  doc Which time servers it asks.
  prototyped 26.0.0

field ntp_custom_servers dynamic set(string) = []
  doc Time servers to ask in mode Custom.
  prototyped 26.0.0

field timezone dynamic string = "UTC"
  doc Time zone of its local time.
  prototyped 26.0.0

message disable
  doc Lets no more VMs start on it; it is enabled again at its next boot when auto_enable is
  doc true.
  role pool-operator
  flags client-cert
  param host ref(host)
  param auto_enable bool = true

message enable
  doc Lets VMs start on it.
  role pool-operator
  flags client-cert
  param host ref(host)

message shutdown
  doc Shuts it down; it must be disabled and run no VMs.
  role pool-operator
  param host ref(host)

message reboot
  doc Reboots it; it must be disabled and run no VMs.
  role pool-operator
  param host ref(host)

message prepare_for_poweroff
  doc Last steps before it goes down: tells the pool and detaches storage.
  since kolkata
  role local-root
  flags hidden
  param host ref(host)

message dmesg
  doc Log of the hypervisor.
  role pool-operator
  flags query
  param host ref(host)
  result string

message dmesg_clear
  doc Log of the hypervisor, which is emptied.
  role pool-operator
  param host ref(host)
  result string

message get_log
  doc Log of the API server.
  role read-only
  flags query
  param host ref(host)
  result string

message send_debug_keys
  doc Makes the hypervisor print diagnostics to its log.
  role pool-admin
  param host ref(host)
  param keys string

message bugreport_upload
  doc Collects logs and uploads them to a URL.
  role pool-operator
  param host ref(host)
  param url string
  param options map(string,string)

message list_methods
  doc Names of all messages.
  role read-only
  flags sync query
  result set(string)

message license_apply
  doc Installed a licence; license_add replaced it.
  since rio, deprecated clearwater, removed clearwater
  role pool-operator
  param host ref(host)
  param contents string
  errors LICENSE_PROCESSING_ERROR

message license_add
  doc Installs a licence.
  since indigo
  role pool-operator
  param host ref(host)
  param contents string
  errors LICENSE_PROCESSING_ERROR

message license_remove
  doc Removes the licence.
  since indigo
  role pool-operator
  param host ref(host)

message create
  doc Makes a host's record when it joins the pool; for other hosts.
  role pool-operator
  flags hidden
  param uuid string
  param name_label string
  param name_description string
  param hostname string
  param address string
  param external_auth_type string = ""
  param external_auth_service_name string = ""
  param external_auth_configuration map(string,string) = {}
  param license_params map(string,string) = {}
  param edition string = ""
  param license_server map(string,string) = {"address": "localhost", "port": "27000"}
  param local_cache_sr ref(SR) = "OpaqueRef:NULL"
  param chipset_info map(string,string) = {}
  param ssl_legacy bool = true
  param last_software_update datetime = "19700101T00:00:00Z"
  param last_update_hash string = ""
  param ssh_enabled bool = true
  param ssh_enabled_timeout int = 0
  param ssh_expiry datetime = "19700101T00:00:00Z"
  param console_idle_timeout int = 0
  param ssh_auto_mode bool = false
  param secure_boot bool = false
  param software_version map(string,string) = {}
  param https_only bool = false
  param max_cstate string = ""
  param ntp_mode enum(host_ntp_mode) = "Factory"
  param ntp_custom_servers set(string) = []
  param timezone string = "UTC"
  param numa_affinity_policy enum(host_numa_affinity_policy) = "default_policy"
  param latest_synced_updates_applied enum(latest_synced_updates_applied_state) = "unknown"
  param pending_guidances_full set(enum(update_guidances)) = []
  param pending_guidances_recommended set(enum(update_guidances)) = []
  result ref(host)

message destroy
  doc Removes the record of a host that is gone for good.
  role pool-operator
  param self ref(host)

message power_on
  doc Switches it on from another host.
  since orlando
  role pool-operator
  param host ref(host)

message set_license_params
  doc Replaces the licence keys.
  since orlando
  role local-root
  flags hidden pool-internal
  param self ref(host)
  param value map(string,string)

message emergency_ha_disable
  doc Switches high availability off on this host alone, when the pool cannot be reached.
  since orlando
  role pool-operator
  flags sync emergency
  param soft bool = false

message ha_disarm_fencing
  doc Tells the watchdog to stop fencing the host.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message preconfigure_ha
  doc Prepares the host for high availability: heartbeat images and settings.
  since miami
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param statefiles set(ref(VDI))
  param metadata_vdi ref(VDI)
  param generation string

message ha_join_liveset
  doc Starts the heartbeat and joins the hosts that are alive.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_disable_failover_decisions
  doc Stops the host from deciding about others.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_wait_for_shutdown_via_statefile
  doc Waits until the heartbeat image says that high availability ends.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_stop_daemon
  doc Stops the heartbeat.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_release_resources
  doc Detaches the heartbeat images.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_xapi_healthcheck
  doc Whether the API server is well enough to keep the host alive.
  since orlando
  role pool-admin
  flags sync query hidden emergency
  result bool

message local_assert_healthy
  doc Fails when the host is in emergency mode or its heartbeat is ill.
  since miami
  role local-root
  flags sync query hidden pool-internal emergency
  errors HOST_STILL_BOOTING HOST_HAS_NO_MANAGEMENT_IP HOST_MASTER_CANNOT_TALK_BACK
  errors HOST_UNKNOWN_TO_MASTER HOST_BROKEN LICENCE_RESTRICTION
  errors LICENSE_DOES_NOT_SUPPORT_POOLING HA_SHOULD_BE_FENCED
  errors HOST_XAPI_VERSION_HIGHER_THAN_COORDINATOR

message request_backup
  doc Asks a host to fetch a copy of the database.
  role local-root
  flags sync hidden pool-internal
  param host ref(host)
  param generation int
  param force bool

message request_config_file_sync
  doc Asks a host to fetch configuration files anew when their hash differs.
  role local-root
  flags sync hidden pool-internal
  param host ref(host)
  param hash string

message propose_new_master
  doc First step towards another coordinator: may it be this one.
  since miami
  role local-root
  flags sync hidden pool-internal emergency
  param address string
  param manual bool

message commit_new_master
  doc Last step towards another coordinator: it is this one now.
  since miami
  role local-root
  flags sync hidden pool-internal emergency
  param address string

message abort_new_master
  doc Calls off a change of coordinator.
  since miami
  role local-root
  flags sync hidden pool-internal emergency
  param address string

message get_data_sources
  doc The statistics that exist for the host.
  since orlando
  role read-only
  flags sync query
  param host ref(host)
  result set(record(data_source))

message record_data_source
  doc Starts recording a statistic that is not recorded by default.
  since orlando
  role pool-operator
  flags sync
  param host ref(host)
  param data_source string

message query_data_source
  doc Latest value of one statistic.
  since orlando
  role read-only
  flags sync query
  param host ref(host)
  param data_source string
  result float

message forget_data_source_archives
  doc Deletes the recorded history of one statistic.
  since orlando
  role pool-operator
  flags sync
  param host ref(host)
  param data_source string

message assert_can_evacuate
  doc Fails with a reason for each VM that could not leave the host.
  since miami
  role pool-operator
  flags query
  param host ref(host)

message get_vms_which_prevent_evacuation
  doc VMs that could not leave the host, each with the error.
  since orlando
  role read-only
  flags query
  param self ref(host)
  result map(ref(VM),set(string))

message get_uncooperative_resident_VMs
  doc VMs that ignore their memory target; always none today.
  since midnight-ride, deprecated tampa
  role read-only
  flags query
  param self ref(host)
  result set(ref(VM))

message get_uncooperative_domains
  doc Domains that ignore their memory target; always none today.
  since midnight-ride, deprecated tampa
  role local-root
  flags query hidden pool-internal
  param self ref(host)
  result set(string)

message evacuate
  doc Moves all VMs to other hosts, a batch at a time, over the given network.
  since miami
  role pool-operator
  flags client-cert
  param host ref(host)
  param network ref(network) = "OpaqueRef:NULL"
  param evacuate_batch_size int = 0

message signal_networking_change
  doc Tells the host that its management address has changed.
  since miami
  role local-root
  flags sync hidden pool-internal emergency

message notify
  doc Tells a host about a change outside the database.
  since miami
  role local-root
  flags hidden pool-internal
  param ty string
  param params string

message syslog_reconfigure
  doc Reads the logging settings again.
  since miami
  role pool-operator
  param host ref(host)

message management_reconfigure
  doc Manages the host over another interface.
  since miami
  role pool-operator
  param pif ref(PIF)

message local_management_reconfigure
  doc Manages this host over another device, without the pool.
  since miami
  role pool-operator
  flags sync emergency
  param interface string

message management_disable
  doc Stops managing this host over the network.
  since miami
  role pool-operator
  flags sync emergency

message get_management_interface
  doc Interface the host is managed over.
  since tampa
  role pool-operator
  flags query
  param host ref(host)
  result ref(PIF)

message get_system_status_capabilities
  doc What a bug report can contain, as XML.
  since miami
  role read-only
  flags sync query emergency
  param host ref(host)
  result string

message get_diagnostic_timing_stats
  doc How long things took on the host.
  since miami
  role read-only
  flags sync query hidden
  param host ref(host)
  param counts bool = false
  result map(string,string)

message restart_agent
  doc Restarts the API server on the host.
  role pool-operator
  param host ref(host)

message shutdown_agent
  doc Stops the API server on this host.
  since orlando
  role pool-operator
  flags sync emergency

message set_hostname_live
  doc Renames the host in the network.
  since miami
  role pool-operator
  flags sync
  param host ref(host)
  param hostname string
  errors HOST_NAME_INVALID

message is_in_emergency_mode
  doc Whether this host has lost its pool.
  since miami
  role read-only
  flags sync query hidden emergency
  result bool

message compute_free_memory
  doc Bytes that VMs could still have.
  since orlando
  role read-only
  flags query
  param host ref(host)
  result int

message compute_memory_overhead
  doc Bytes the hypervisor takes for itself.
  since midnight-ride
  role read-only
  flags query
  param host ref(host)
  result int

message tickle_heartbeat
  doc Tells the coordinator that a host is alive.
  since orlando
  role local-root
  flags sync hidden pool-internal
  param host ref(host)
  param stuff map(string,string)
  result map(string,string)

message sync_data
  doc Sends the host's statistics and the like to the coordinator.
  since orlando
  role pool-admin
  flags sync
  param host ref(host)

message backup_rrds
  doc Saves the recorded statistics after a delay.
  since orlando
  role pool-admin
  flags sync
  param host ref(host)
  param delay float

message create_new_blob
  doc Makes an empty blob that belongs to the host.
  since orlando
  role pool-operator
  param host ref(host)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message call_plugin
  doc Runs a function of a plugin on the host and returns what it printed.
  since orlando
  role pool-admin
  param host ref(host)
  param plugin string
  param fn string
  param args map(string,string)
  result string

message has_extension
  doc Whether an API extension of this name is there.
  since ely
  role pool-admin
  flags query
  param host ref(host)
  param name string
  result bool

message call_extension
  doc Runs an API extension on the host.
  since ely
  role pool-admin
  flags sync raw-result
  param host ref(host)
  param call string
  result string

message get_servertime
  doc The host's clock, in UTC.
  since orlando
  role read-only
  flags sync query
  param host ref(host)
  result datetime

message get_server_localtime
  doc The host's clock, in its time zone.
  since cowley
  role read-only
  flags sync query
  param host ref(host)
  result datetime

message enable_binary_storage
  doc Lets blobs be stored on the host.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message disable_binary_storage
  doc Deletes stored blobs and stores no more.
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message enable_external_auth
  doc Takes users from a directory.
  since george
  role pool-admin
  flags sync
  param host ref(host)
  param config map(string,string)
  param service_name string
  param auth_type string

message disable_external_auth
  doc No longer takes users from a directory.
  since george
  role pool-admin
  flags sync
  param host ref(host)
  param config map(string,string) = {}
  param force bool = false

message external_auth_set_ldaps
  doc Chooses whether the directory is asked over TLS.
  since 26.16.0
  role pool-admin
  flags sync
  param host ref(host)
  param ldaps bool
  param force bool = false

message retrieve_wlb_evacuate_recommendations
  doc Where the host's VMs should go, by the workload balancing server.
  since george
  role read-only
  flags query
  param self ref(host)
  result map(ref(VM),set(string))

message install_ca_certificate
  doc Puts a CA certificate on the host.
  since 1.290.0
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string
  param cert string

message uninstall_ca_certificate
  doc Removes a CA certificate from the host.
  since 1.290.0
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string
  param force bool = false

message certificate_list
  doc Names of the CA certificates on the host.
  since george, deprecated 1.290.0
  role local-root
  flags query hidden pool-internal
  param host ref(host)
  result set(string)

message crl_install
  doc Puts a list of revoked certificates on the host.
  since george
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string
  param crl string

message crl_uninstall
  doc Removes a list of revoked certificates from the host.
  since george
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string

message crl_list
  doc Names of the lists of revoked certificates on the host.
  since george
  role local-root
  flags query hidden pool-internal
  param host ref(host)
  result set(string)

message certificate_sync
  doc Copies CA certificates and revocation lists from the coordinator.
  since george
  role local-root
  flags hidden pool-internal
  param host ref(host)

message get_server_certificate
  doc The host's own certificate in PEM form.
  since george
  role read-only
  flags query
  param host ref(host)
  result string

message refresh_server_certificate
  doc Makes a new certificate for traffic inside the pool.
  since 1.307.0
  role pool-admin
  param host ref(host)

message install_server_certificate
  doc Replaces the certificate that clients see.
  since stockholm
  role pool-admin
  param host ref(host)
  param certificate string
  param private_key string
  param certificate_chain string = ""

message emergency_reset_server_certificate
  doc Makes a new self-signed certificate on this host, without the pool.
  since stockholm
  role local-root
  flags sync emergency

message reset_server_certificate
  doc Makes a new self-signed certificate for clients.
  since 1.290.0
  role pool-admin
  param host ref(host)

message update_pool_secret
  doc Stores a new pool secret on the host.
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param pool_secret secret_string

message update_master
  doc Would tell the host about another coordinator; not served.
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param master_address string

message attach_static_vdis
  doc Attaches images on the host at each boot, whatever the pool does.
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param vdi_reason_map map(ref(VDI),string)

message detach_static_vdis
  doc No longer attaches images at each boot.
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param vdis set(ref(VDI))

message set_localdb_key
  doc Writes a key of the host's own small database.
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param key string
  param value string

message apply_edition
  doc Licenses the host for an edition.
  since midnight-ride
  role pool-operator
  flags sync
  param host ref(host)
  param edition string
  param force bool = false

message refresh_pack_info
  doc Would read again which supplemental packs are installed.
  since midnight-ride, deprecated ely
  role pool-operator
  param host ref(host)

message set_power_on_mode
  doc Chooses how the host is switched on.
  since cowley
  role pool-operator
  param self ref(host)
  param power_on_mode string
  param power_on_config map(string,string)

message set_cpu_features
  doc Masked CPU features for migration; done by itself today.
  since midnight-ride, deprecated dundee, removed dundee
  role pool-operator
  flags sync
  param host ref(host)
  param features string

message reset_cpu_features
  doc Took the mask of CPU features away.
  since midnight-ride, deprecated dundee, removed dundee
  role pool-operator
  flags sync
  param host ref(host)

message reset_networking
  doc Removes all network records of the host, before they are made anew.
  since boston
  role pool-operator
  flags hidden
  param host ref(host)

message enable_local_storage_caching
  doc Caches remote disks on this local SR.
  since cowley
  role pool-operator
  flags sync
  param host ref(host)
  param sr ref(SR)

message disable_local_storage_caching
  doc Stops caching remote disks.
  since cowley
  role pool-operator
  flags sync
  param host ref(host)

message get_sm_diagnostics
  doc What the storage layer is doing, as text.
  since boston
  role pool-operator
  flags sync query hidden
  param host ref(host)
  result string

message get_thread_diagnostics
  doc What the server's threads are doing, as text.
  since boston
  role pool-operator
  flags sync query hidden
  param host ref(host)
  result string

message sm_dp_destroy
  doc Destroys a stuck datapath of the storage layer.
  since boston
  role pool-operator
  flags sync hidden
  param host ref(host)
  param dp string
  param allow_leak bool

message sync_vlans
  doc Makes the host's VLANs equal the coordinator's.
  since boston
  role pool-operator
  flags sync hidden pool-internal
  param host ref(host)

message sync_tunnels
  doc Makes the host's tunnels equal the coordinator's.
  since boston
  role pool-operator
  flags sync hidden pool-internal
  param host ref(host)

message sync_pif_currently_attached
  doc Corrects which interfaces are up.
  since boston
  role pool-operator
  flags sync hidden pool-internal
  param host ref(host)
  param bridges set(string)

message migrate_receive
  doc Makes the host ready to receive a VM; the result goes into migrate_send's dest.
  since tampa
  role vm-power-admin
  param host ref(host)
  param network ref(network)
  param options map(string,string)
  result map(string,string)

message declare_dead
  doc Declares a host dead, so that its VMs may start elsewhere.
  since clearwater
  role pool-operator
  param host ref(host)

message enable_display
  doc Lets the host use its graphics card, after the next boot.
  since cream
  role pool-operator
  param host ref(host)
  result enum(host_display)

message disable_display
  doc Stops the host from using its graphics card, after the next boot.
  since cream
  role pool-operator
  param host ref(host)
  result enum(host_display)

message set_ssl_legacy
  doc Would accept old TLS versions; only false is taken.
  since dundee
  role pool-operator
  param self ref(host)
  param value bool

message apply_guest_agent_config
  doc Writes the pool's guest agent settings to the VMs of the host.
  since dundee
  role pool-admin
  flags hidden
  param host ref(host)

message mxgpu_vf_setup
  doc Makes virtual functions on AMD GPUs.
  since falcon
  role vm-operator
  flags hidden pool-internal
  param host ref(host)

message nvidia_vf_setup
  doc Makes virtual functions on an NVIDIA GPU, or removes them.
  since quebec
  role vm-operator
  flags hidden pool-internal
  param host ref(host)
  param pf ref(PCI)
  param enable bool

message allocate_resources_for_vm
  doc Reserves the host for a VM that is about to start or arrive.
  since inverness
  role vm-operator
  flags hidden
  param self ref(host)
  param vm ref(VM)
  param live bool

message set_iscsi_iqn
  doc Changes its name as an iSCSI initiator.
  since kolkata
  role pool-operator
  param host ref(host)
  param value string

message set_multipathing
  doc Reaches storage over several paths, or over one; no SR may be attached.
  since kolkata
  role pool-operator
  param host ref(host)
  param value bool

message write_uefi_certificates_to_disk
  doc Writes the pool's Secure Boot certificates to the host's disk.
  since 22.16.0
  role local-root
  flags hidden pool-internal
  param host ref(host)

message set_uefi_certificates
  doc Set the host's Secure Boot certificates; the pool has them today.
  since quebec, deprecated 22.16.0
  role local-root
  param host ref(host)
  param value string

message notify_accept_new_pool_secret
  doc First step of a new pool secret: take it beside the old one.
  since stockholm_psr
  role local-root
  flags hidden
  param host ref(host)
  param old_ps secret_string
  param new_ps secret_string

message notify_send_new_pool_secret
  doc Second step of a new pool secret: use it.
  since stockholm_psr
  role local-root
  flags hidden
  param host ref(host)
  param old_ps secret_string
  param new_ps secret_string

message cleanup_pool_secret
  doc Last step of a new pool secret: forget the old one.
  since stockholm_psr
  role local-root
  flags hidden
  param host ref(host)
  param old_ps secret_string
  param new_ps secret_string

message set_sched_gran
  doc Chooses the unit of the hypervisor's scheduler, for the next boot.
  since 1.271.0
  role local-root
  param self ref(host)
  param value enum(host_sched_gran)

message get_sched_gran
  doc Unit of the hypervisor's scheduler.
  since 1.271.0
  role local-root
  flags query
  param self ref(host)
  result enum(host_sched_gran)

message set_numa_affinity_policy
  doc Chooses how VMs are placed on NUMA nodes.
  prototyped 24.0.0
  role pool-admin
  param self ref(host)
  param value enum(host_numa_affinity_policy)

message emergency_disable_tls_verification
  doc Stops checking certificates on this host, without the pool.
  since 1.290.0
  role local-root
  flags sync emergency

message emergency_reenable_tls_verification
  doc Checks certificates on this host again.
  since 1.298.0
  role local-root
  flags sync emergency

message cert_distrib_atom
  doc One step of handing out certificates between hosts.
  since 1.295.0
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param command string
  result string

message apply_updates
  doc Installs the updates that this hash names.
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(host)
  param hash string
  result set(set(string))

message rescan_drivers
  doc Looks anew at which hardware drivers are installed.
  prototyped 25.2.0
  role pool-admin
  param self ref(host)

message copy_primary_host_certs
  doc Copies the coordinator's certificates to the host.
  since 1.307.0
  role pool-admin
  flags hidden pool-internal
  param host ref(host)

message set_https_only
  doc Makes clients use HTTPS, or no longer.
  prototyped 22.27.0
  role pool-operator
  param self ref(host)
  param value bool

message apply_recommended_guidances
  doc Did what installed updates recommend.
  prototyped 23.18.0, removed 23.25.0
  role pool-operator
  param self ref(host)

message emergency_clear_mandatory_guidance
  doc Clears the mandatory guidance of this host, without the pool.
  prototyped 24.10.0
  role local-root
  flags sync emergency

message enable_ssh
  doc Takes SSH logins.
  prototyped 25.13.0
  role pool-admin
  param self ref(host)

message disable_ssh
  doc Takes no more SSH logins.
  prototyped 25.13.0
  role pool-admin
  param self ref(host)

message set_ssh_enabled_timeout
  doc Chooses after how long SSH closes again.
  prototyped 25.21.0
  role pool-admin
  param self ref(host)
  param value int

message set_console_idle_timeout
  doc Chooses after how long an idle console login ends.
  prototyped 25.21.0
  role pool-admin
  param self ref(host)
  param value int

message set_ssh_auto_mode
  doc Chooses whether SSH opens when the API server is down.
  prototyped 25.27.0
  role pool-admin
  param self ref(host)
  param value bool

message get_tracked_user_agents
  doc Client programs seen lately, by name and version.
  prototyped 25.34.0
  role read-only
  flags query
  param self ref(host)
  result map(string,string)

message update_firewalld_service_status
  doc Opens and closes firewall ports to match the services.
  prototyped 25.34.0
  role pool-operator
  flags sync hidden pool-internal emergency

message set_max_cstate
  doc Limits how deep the CPUs sleep.
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value string

message set_ntp_mode
  doc Chooses which time servers are asked.
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value enum(host_ntp_mode)

message set_ntp_custom_servers
  doc Sets the time servers of mode Custom.
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value set(string)

message get_ntp_servers_status
  doc State of each time server.
  prototyped 26.0.0
  role read-only
  flags query
  param self ref(host)
  result map(string,string)

message set_timezone
  doc Sets the time zone.
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value string

message list_timezones
  doc Time zones the host knows.
  prototyped 26.0.0
  role read-only
  flags query
  param self ref(host)
  result set(string)

message get_ntp_synchronized
  doc Whether the clock follows a time server.
  prototyped 26.0.0
  role read-only
  flags query
  param self ref(host)
  result bool

message set_servertime
  doc Sets the clock; only while no time server is used.
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value datetime

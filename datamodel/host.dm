# SPDX-License-Identifier: GPL-2.0-or-later

class host
  since rio
  writer pool-operator

enum host_allowed_operations
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
  value enabled
  value disable_on_reboot
  value disabled
  value enable_on_reboot

enum host_ntp_mode
  value DHCP
  value Custom
  value Factory
  value Disabled

enum host_numa_affinity_policy
  value any
  value best_effort
  value default_policy

enum host_sched_gran
  value core
  value cpu
  value socket

enum latest_synced_updates_applied_state
  value yes
  value no
  value unknown

field uuid dynamic string

field name__label rw string = ""

field name__description rw string = ""

field memory__overhead dynamic int = 0

field allowed_operations dynamic set(enum(host_allowed_operations)) = []
  flags volatile

field current_operations dynamic map(string,enum(host_allowed_operations)) = {}
  flags volatile

field API_version__major dynamic int

field API_version__minor dynamic int

field API_version__vendor dynamic string

field API_version__vendor_implementation dynamic map(string,string)

field enabled dynamic bool

field software_version static map(string,string)

field other_config rw map(string,string)
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field capabilities static set(string)

field cpu_configuration dynamic map(string,string)

field sched_policy dynamic string

field supported_bootloaders dynamic set(string)

field resident_VMs dynamic set(ref(VM))
  from VM.resident_on

field logging rw map(string,string)

field PIFs dynamic set(ref(PIF))
  from PIF.host

field suspend_image_sr rw ref(SR)

field crash_dump_sr rw ref(SR)

field crashdumps dynamic set(ref(host_crashdump))
  from host_crashdump.host

field patches dynamic set(ref(host_patch))
  since rio, deprecated ely
  from host_patch.host

field updates dynamic set(ref(pool_update))
  since ely
  to pool_update.hosts

field PBDs dynamic set(ref(PBD))
  from PBD.host

field host_CPUs dynamic set(ref(host_cpu))
  from host_cpu.host

field cpu_info dynamic map(string,string) = {}
  since midnight-ride

field hostname rw string

field address rw string

field metrics dynamic ref(host_metrics)

field license_params dynamic map(string,string)

field boot_free_mem dynamic int
  flags internal

field ha_statefiles dynamic set(string) = []
  since orlando

field ha_network_peers dynamic set(string) = []
  since orlando

field blobs dynamic map(string,ref(blob)) = {}
  since orlando

field tags rw set(string) = []
  since orlando
  writer vm-operator

field external_auth_type dynamic string = ""
  since george

field external_auth_service_name dynamic string = ""
  since george

field external_auth_configuration dynamic map(string,string) = {}
  since george

field edition dynamic string = ""
  since midnight-ride

field license_server rw map(string,string) = {"address": "localhost", "port": "27000"}
  since midnight-ride

field bios_strings dynamic map(string,string) = {}
  since midnight-ride

field power_on_mode dynamic string = ""
  since midnight-ride

field power_on_config dynamic map(string,string) = {}
  since midnight-ride

field local_cache_sr static ref(SR) = "OpaqueRef:NULL"
  since cowley

field chipset_info dynamic map(string,string) = {}
  since boston

field PCIs dynamic set(ref(PCI))
  since boston
  from PCI.host

field PGPUs dynamic set(ref(PGPU))
  since boston
  from PGPU.host

field PUSBs dynamic set(ref(PUSB))
  since inverness
  from PUSB.host

field ssl_legacy static bool = true
  since dundee, deprecated stockholm

field guest_VCPUs_params rw map(string,string) = {}
  since tampa

field display rw enum(host_display) = "enabled"
  since cream

field virtual_hardware_platform_versions dynamic set(int) = [0]
  since cream

field control_domain dynamic ref(VM) = "OpaqueRef:NULL"
  since ely

field updates_requiring_reboot dynamic set(ref(pool_update))
  since ely
  flags dangling

field features dynamic set(ref(Feature))
  since falcon
  from Feature.host

field iscsi_iqn static string = ""
  since kolkata

field multipathing static bool = false
  since kolkata

field uefi_certificates static string = ""
  since quebec, deprecated 22.16.0

field certificates dynamic set(ref(Certificate))
  since stockholm
  from Certificate.host

field editions dynamic set(string) = []
  since stockholm

field pending_guidances dynamic set(enum(update_guidances)) = []
  since 1.303.0

field tls_verification_enabled dynamic bool = false
  since 1.313.0

field last_software_update dynamic datetime = "19700101T00:00:00Z"
  prototyped 22.20.0

field https_only dynamic bool = false
  prototyped 22.27.0

field recommended_guidances dynamic set(enum(update_guidances)) = []
  prototyped 23.18.0, removed 23.24.0
  flags internal

field latest_synced_updates_applied dynamic enum(latest_synced_updates_applied_state) = "unknown"
  prototyped 23.18.0

field numa_affinity_policy dynamic enum(host_numa_affinity_policy) = "default_policy"
  prototyped 24.0.0

field pending_guidances_recommended dynamic set(enum(update_guidances)) = []
  prototyped 24.10.0

field pending_guidances_full dynamic set(enum(update_guidances)) = []
  prototyped 24.10.0

field last_update_hash dynamic string = ""
  prototyped 24.10.0

field ssh_enabled dynamic bool = true
  prototyped 25.21.0

field ssh_enabled_timeout dynamic int = 0
  prototyped 25.21.0

field ssh_expiry dynamic datetime = "19700101T00:00:00Z"
  prototyped 25.21.0

field console_idle_timeout dynamic int = 0
  prototyped 25.21.0

field ssh_auto_mode dynamic bool = false
  prototyped 25.27.0

field max_cstate dynamic string = ""
  prototyped 26.0.0

field secure_boot dynamic bool = false
  prototyped 25.31.0

field ntp_mode dynamic enum(host_ntp_mode) = "Factory"
  prototyped 26.0.0

field ntp_custom_servers dynamic set(string) = []
  prototyped 26.0.0

field timezone dynamic string = "UTC"
  prototyped 26.0.0

message disable
  role pool-operator
  flags client-cert
  param host ref(host)
  param auto_enable bool = true

message enable
  role pool-operator
  flags client-cert
  param host ref(host)

message shutdown
  role pool-operator
  param host ref(host)

message reboot
  role pool-operator
  param host ref(host)

message prepare_for_poweroff
  since kolkata
  role local-root
  flags hidden
  param host ref(host)

message dmesg
  role pool-operator
  flags query
  param host ref(host)
  result string

message dmesg_clear
  role pool-operator
  param host ref(host)
  result string

message get_log
  role read-only
  flags query
  param host ref(host)
  result string

message send_debug_keys
  role pool-admin
  param host ref(host)
  param keys string

message bugreport_upload
  role pool-operator
  param host ref(host)
  param url string
  param options map(string,string)

message list_methods
  role read-only
  flags sync query
  result set(string)

message license_apply
  since rio, deprecated clearwater, removed clearwater
  role pool-operator
  param host ref(host)
  param contents string
  errors LICENSE_PROCESSING_ERROR

message license_add
  since indigo
  role pool-operator
  param host ref(host)
  param contents string
  errors LICENSE_PROCESSING_ERROR

message license_remove
  since indigo
  role pool-operator
  param host ref(host)

message create
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
  role pool-operator
  param self ref(host)

message power_on
  since orlando
  role pool-operator
  param host ref(host)

message set_license_params
  since orlando
  role local-root
  flags hidden pool-internal
  param self ref(host)
  param value map(string,string)

message emergency_ha_disable
  since orlando
  role pool-operator
  flags sync emergency
  param soft bool = false

message ha_disarm_fencing
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message preconfigure_ha
  since miami
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param statefiles set(ref(VDI))
  param metadata_vdi ref(VDI)
  param generation string

message ha_join_liveset
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_disable_failover_decisions
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_wait_for_shutdown_via_statefile
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_stop_daemon
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_release_resources
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message ha_xapi_healthcheck
  since orlando
  role pool-admin
  flags sync query hidden emergency
  result bool

message local_assert_healthy
  since miami
  role local-root
  flags sync query hidden pool-internal emergency
  errors HOST_STILL_BOOTING HOST_HAS_NO_MANAGEMENT_IP HOST_MASTER_CANNOT_TALK_BACK
  errors HOST_UNKNOWN_TO_MASTER HOST_BROKEN LICENCE_RESTRICTION
  errors LICENSE_DOES_NOT_SUPPORT_POOLING HA_SHOULD_BE_FENCED
  errors HOST_XAPI_VERSION_HIGHER_THAN_COORDINATOR

message request_backup
  role local-root
  flags sync hidden pool-internal
  param host ref(host)
  param generation int
  param force bool

message request_config_file_sync
  role local-root
  flags sync hidden pool-internal
  param host ref(host)
  param hash string

message propose_new_master
  since miami
  role local-root
  flags sync hidden pool-internal emergency
  param address string
  param manual bool

message commit_new_master
  since miami
  role local-root
  flags sync hidden pool-internal emergency
  param address string

message abort_new_master
  since miami
  role local-root
  flags sync hidden pool-internal emergency
  param address string

message get_data_sources
  since orlando
  role read-only
  flags sync query
  param host ref(host)
  result set(record(data_source))

message record_data_source
  since orlando
  role pool-operator
  flags sync
  param host ref(host)
  param data_source string

message query_data_source
  since orlando
  role read-only
  flags sync query
  param host ref(host)
  param data_source string
  result float

message forget_data_source_archives
  since orlando
  role pool-operator
  flags sync
  param host ref(host)
  param data_source string

message assert_can_evacuate
  since miami
  role pool-operator
  flags query
  param host ref(host)

message get_vms_which_prevent_evacuation
  since orlando
  role read-only
  flags query
  param self ref(host)
  result map(ref(VM),set(string))

message get_uncooperative_resident_VMs
  since midnight-ride, deprecated tampa
  role read-only
  flags query
  param self ref(host)
  result set(ref(VM))

message get_uncooperative_domains
  since midnight-ride, deprecated tampa
  role local-root
  flags query hidden pool-internal
  param self ref(host)
  result set(string)

message evacuate
  since miami
  role pool-operator
  flags client-cert
  param host ref(host)
  param network ref(network) = "OpaqueRef:NULL"
  param evacuate_batch_size int = 0

message signal_networking_change
  since miami
  role local-root
  flags sync hidden pool-internal emergency

message notify
  since miami
  role local-root
  flags hidden pool-internal
  param ty string
  param params string

message syslog_reconfigure
  since miami
  role pool-operator
  param host ref(host)

message management_reconfigure
  since miami
  role pool-operator
  param pif ref(PIF)

message local_management_reconfigure
  since miami
  role pool-operator
  flags sync emergency
  param interface string

message management_disable
  since miami
  role pool-operator
  flags sync emergency

message get_management_interface
  since tampa
  role pool-operator
  flags query
  param host ref(host)
  result ref(PIF)

message get_system_status_capabilities
  since miami
  role read-only
  flags sync query emergency
  param host ref(host)
  result string

message get_diagnostic_timing_stats
  since miami
  role read-only
  flags sync query hidden
  param host ref(host)
  param counts bool = false
  result map(string,string)

message restart_agent
  role pool-operator
  param host ref(host)

message shutdown_agent
  since orlando
  role pool-operator
  flags sync emergency

message set_hostname_live
  since miami
  role pool-operator
  flags sync
  param host ref(host)
  param hostname string
  errors HOST_NAME_INVALID

message is_in_emergency_mode
  since miami
  role read-only
  flags sync query hidden emergency
  result bool

message compute_free_memory
  since orlando
  role read-only
  flags query
  param host ref(host)
  result int

message compute_memory_overhead
  since midnight-ride
  role read-only
  flags query
  param host ref(host)
  result int

message tickle_heartbeat
  since orlando
  role local-root
  flags sync hidden pool-internal
  param host ref(host)
  param stuff map(string,string)
  result map(string,string)

message sync_data
  since orlando
  role pool-admin
  flags sync
  param host ref(host)

message backup_rrds
  since orlando
  role pool-admin
  flags sync
  param host ref(host)
  param delay float

message create_new_blob
  since orlando
  role pool-operator
  param host ref(host)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message call_plugin
  since orlando
  role pool-admin
  param host ref(host)
  param plugin string
  param fn string
  param args map(string,string)
  result string

message has_extension
  since ely
  role pool-admin
  flags query
  param host ref(host)
  param name string
  result bool

message call_extension
  since ely
  role pool-admin
  flags sync raw-result
  param host ref(host)
  param call string
  result string

message get_servertime
  since orlando
  role read-only
  flags sync query
  param host ref(host)
  result datetime

message get_server_localtime
  since cowley
  role read-only
  flags sync query
  param host ref(host)
  result datetime

message enable_binary_storage
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message disable_binary_storage
  since orlando
  role local-root
  flags hidden pool-internal
  param host ref(host)

message enable_external_auth
  since george
  role pool-admin
  flags sync
  param host ref(host)
  param config map(string,string)
  param service_name string
  param auth_type string

message disable_external_auth
  since george
  role pool-admin
  flags sync
  param host ref(host)
  param config map(string,string) = {}
  param force bool = false

message external_auth_set_ldaps
  since 26.16.0
  role pool-admin
  flags sync
  param host ref(host)
  param ldaps bool
  param force bool = false

message retrieve_wlb_evacuate_recommendations
  since george
  role read-only
  flags query
  param self ref(host)
  result map(ref(VM),set(string))

message install_ca_certificate
  since 1.290.0
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string
  param cert string

message uninstall_ca_certificate
  since 1.290.0
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string
  param force bool = false

message certificate_list
  since george, deprecated 1.290.0
  role local-root
  flags query hidden pool-internal
  param host ref(host)
  result set(string)

message crl_install
  since george
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string
  param crl string

message crl_uninstall
  since george
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param name string

message crl_list
  since george
  role local-root
  flags query hidden pool-internal
  param host ref(host)
  result set(string)

message certificate_sync
  since george
  role local-root
  flags hidden pool-internal
  param host ref(host)

message get_server_certificate
  since george
  role read-only
  flags query
  param host ref(host)
  result string

message refresh_server_certificate
  since 1.307.0
  role pool-admin
  param host ref(host)

message install_server_certificate
  since stockholm
  role pool-admin
  param host ref(host)
  param certificate string
  param private_key string
  param certificate_chain string = ""

message emergency_reset_server_certificate
  since stockholm
  role local-root
  flags sync emergency

message reset_server_certificate
  since 1.290.0
  role pool-admin
  param host ref(host)

message update_pool_secret
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param pool_secret secret_string

message update_master
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param master_address string

message attach_static_vdis
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param vdi_reason_map map(ref(VDI),string)

message detach_static_vdis
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param vdis set(ref(VDI))

message set_localdb_key
  since midnight-ride
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param key string
  param value string

message apply_edition
  since midnight-ride
  role pool-operator
  flags sync
  param host ref(host)
  param edition string
  param force bool = false

message refresh_pack_info
  since midnight-ride, deprecated ely
  role pool-operator
  param host ref(host)

message set_power_on_mode
  since cowley
  role pool-operator
  param self ref(host)
  param power_on_mode string
  param power_on_config map(string,string)

message set_cpu_features
  since midnight-ride, deprecated dundee, removed dundee
  role pool-operator
  flags sync
  param host ref(host)
  param features string

message reset_cpu_features
  since midnight-ride, deprecated dundee, removed dundee
  role pool-operator
  flags sync
  param host ref(host)

message reset_networking
  since boston
  role pool-operator
  flags hidden
  param host ref(host)

message enable_local_storage_caching
  since cowley
  role pool-operator
  flags sync
  param host ref(host)
  param sr ref(SR)

message disable_local_storage_caching
  since cowley
  role pool-operator
  flags sync
  param host ref(host)

message get_sm_diagnostics
  since boston
  role pool-operator
  flags sync query hidden
  param host ref(host)
  result string

message get_thread_diagnostics
  since boston
  role pool-operator
  flags sync query hidden
  param host ref(host)
  result string

message sm_dp_destroy
  since boston
  role pool-operator
  flags sync hidden
  param host ref(host)
  param dp string
  param allow_leak bool

message sync_vlans
  since boston
  role pool-operator
  flags sync hidden pool-internal
  param host ref(host)

message sync_tunnels
  since boston
  role pool-operator
  flags sync hidden pool-internal
  param host ref(host)

message sync_pif_currently_attached
  since boston
  role pool-operator
  flags sync hidden pool-internal
  param host ref(host)
  param bridges set(string)

message migrate_receive
  since tampa
  role vm-power-admin
  param host ref(host)
  param network ref(network)
  param options map(string,string)
  result map(string,string)

message declare_dead
  since clearwater
  role pool-operator
  param host ref(host)

message enable_display
  since cream
  role pool-operator
  param host ref(host)
  result enum(host_display)

message disable_display
  since cream
  role pool-operator
  param host ref(host)
  result enum(host_display)

message set_ssl_legacy
  since dundee
  role pool-operator
  param self ref(host)
  param value bool

message apply_guest_agent_config
  since dundee
  role pool-admin
  flags hidden
  param host ref(host)

message mxgpu_vf_setup
  since falcon
  role vm-operator
  flags hidden pool-internal
  param host ref(host)

message nvidia_vf_setup
  since quebec
  role vm-operator
  flags hidden pool-internal
  param host ref(host)
  param pf ref(PCI)
  param enable bool

message allocate_resources_for_vm
  since inverness
  role vm-operator
  flags hidden
  param self ref(host)
  param vm ref(VM)
  param live bool

message set_iscsi_iqn
  since kolkata
  role pool-operator
  param host ref(host)
  param value string

message set_multipathing
  since kolkata
  role pool-operator
  param host ref(host)
  param value bool

message write_uefi_certificates_to_disk
  since 22.16.0
  role local-root
  flags hidden pool-internal
  param host ref(host)

message set_uefi_certificates
  since quebec, deprecated 22.16.0
  role local-root
  param host ref(host)
  param value string

message notify_accept_new_pool_secret
  since stockholm_psr
  role local-root
  flags hidden
  param host ref(host)
  param old_ps secret_string
  param new_ps secret_string

message notify_send_new_pool_secret
  since stockholm_psr
  role local-root
  flags hidden
  param host ref(host)
  param old_ps secret_string
  param new_ps secret_string

message cleanup_pool_secret
  since stockholm_psr
  role local-root
  flags hidden
  param host ref(host)
  param old_ps secret_string
  param new_ps secret_string

message set_sched_gran
  since 1.271.0
  role local-root
  param self ref(host)
  param value enum(host_sched_gran)

message get_sched_gran
  since 1.271.0
  role local-root
  flags query
  param self ref(host)
  result enum(host_sched_gran)

message set_numa_affinity_policy
  prototyped 24.0.0
  role pool-admin
  param self ref(host)
  param value enum(host_numa_affinity_policy)

message emergency_disable_tls_verification
  since 1.290.0
  role local-root
  flags sync emergency

message emergency_reenable_tls_verification
  since 1.298.0
  role local-root
  flags sync emergency

message cert_distrib_atom
  since 1.295.0
  role local-root
  flags hidden pool-internal
  param host ref(host)
  param command string
  result string

message apply_updates
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(host)
  param hash string
  result set(set(string))

message rescan_drivers
  prototyped 25.2.0
  role pool-admin
  param self ref(host)

message copy_primary_host_certs
  since 1.307.0
  role pool-admin
  flags hidden pool-internal
  param host ref(host)

message set_https_only
  prototyped 22.27.0
  role pool-operator
  param self ref(host)
  param value bool

message apply_recommended_guidances
  prototyped 23.18.0, removed 23.25.0
  role pool-operator
  param self ref(host)

message emergency_clear_mandatory_guidance
  prototyped 24.10.0
  role local-root
  flags sync emergency

message enable_ssh
  prototyped 25.13.0
  role pool-admin
  param self ref(host)

message disable_ssh
  prototyped 25.13.0
  role pool-admin
  param self ref(host)

message set_ssh_enabled_timeout
  prototyped 25.21.0
  role pool-admin
  param self ref(host)
  param value int

message set_console_idle_timeout
  prototyped 25.21.0
  role pool-admin
  param self ref(host)
  param value int

message set_ssh_auto_mode
  prototyped 25.27.0
  role pool-admin
  param self ref(host)
  param value bool

message get_tracked_user_agents
  prototyped 25.34.0
  role read-only
  flags query
  param self ref(host)
  result map(string,string)

message update_firewalld_service_status
  prototyped 25.34.0
  role pool-operator
  flags sync hidden pool-internal emergency

message set_max_cstate
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value string

message set_ntp_mode
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value enum(host_ntp_mode)

message set_ntp_custom_servers
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value set(string)

message get_ntp_servers_status
  prototyped 26.0.0
  role read-only
  flags query
  param self ref(host)
  result map(string,string)

message set_timezone
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value string

message list_timezones
  prototyped 26.0.0
  role read-only
  flags query
  param self ref(host)
  result set(string)

message get_ntp_synchronized
  prototyped 26.0.0
  role read-only
  flags query
  param self ref(host)
  result bool

message set_servertime
  prototyped 26.0.0
  role pool-operator
  param self ref(host)
  param value datetime

# SPDX-License-Identifier: GPL-2.0-or-later

class pool
  since rio
  writer pool-operator

enum hello_return
  value ok
  value unknown_host
  value cannot_talk_back

enum pool_allowed_operations
  value ha_enable
  value ha_disable
  value cluster_create
  value designate_new_master
  value configure_repositories
  value sync_updates
  value sync_bundle
  value get_updates
  value apply_updates
  value tls_verification_enable
  value cert_refresh
  value exchange_certificates_on_join
  value exchange_ca_certificates_on_join
  value copy_primary_host_certs
  value eject
  value exchange_crls_on_join

enum pool_guest_secureboot_readiness
  value ready
  value ready_no_dbx
  value not_ready

enum telemetry_frequency
  value daily
  value weekly
  value monthly

enum update_sync_frequency
  value daily
  value weekly

field uuid dynamic string

field name_label rw string

field name_description rw string

field master dynamic ref(host)

field default_SR rw ref(SR)

field suspend_image_SR rw ref(SR)

field crash_dump_SR rw ref(SR)

field other_config rw map(string,string)
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator
  key EMPTY_FOLDERS vm-operator

field ha_enabled dynamic bool = false
  since orlando

field ha_configuration dynamic map(string,string) = {}
  since orlando

field ha_statefiles dynamic set(string) = []
  since orlando

field ha_host_failures_to_tolerate dynamic int = 0
  since orlando

field ha_plan_exists_for dynamic int = 0
  since orlando

field ha_allow_overcommit rw bool = false
  since orlando

field ha_overcommitted dynamic bool = false
  since orlando

field blobs dynamic map(string,ref(blob)) = {}
  since orlando

field tags rw set(string) = []
  since orlando
  writer vm-operator

field gui_config rw map(string,string) = {}
  since orlando
  writer vm-operator

field health_check_config rw map(string,string) = {}
  since dundee

field wlb_url dynamic string = ""
  since george

field wlb_username dynamic string = ""
  since george

field wlb_password dynamic ref(secret)
  since george
  flags internal

field wlb_enabled rw bool = false
  since george
  flags client-cert

field wlb_verify_cert rw bool = false
  since george, deprecated 1.290.0

field redo_log_enabled dynamic bool = false
  since midnight-ride

field redo_log_vdi dynamic ref(VDI) = "OpaqueRef:NULL"
  since midnight-ride

field vswitch_controller dynamic string = ""
  since midnight-ride, deprecated falcon

field restrictions dynamic map(string,string) = {}
  since midnight-ride

field metadata_VDIs dynamic set(ref(VDI))
  since boston
  from VDI.metadata_of_pool

field ha_cluster_stack dynamic string = ""
  since dundee

field allowed_operations dynamic set(enum(pool_allowed_operations)) = []
  flags volatile

field current_operations dynamic map(string,enum(pool_allowed_operations)) = {}
  flags volatile

field guest_agent_config dynamic map(string,string) = {}
  since dundee

field cpu_info dynamic map(string,string) = {}
  since dundee

field policy_no_vendor_device rw bool = false
  since dundee, deprecated 24.14.0

field live_patching_disabled rw bool = false
  since ely

field igmp_snooping_enabled dynamic bool = false
  since inverness

field uefi_certificates static string = ""
  since quebec

field custom_uefi_certificates static string = ""
  prototyped 24.0.0

field is_psr_pending rw bool = false
  since stockholm_psr

field tls_verification_enabled dynamic bool = false
  since 1.290.0

field repositories dynamic set(ref(Repository)) = []
  since 1.301.0
  flags dangling

field client_certificate_auth_enabled dynamic bool = false
  since 1.318.0

field client_certificate_auth_name dynamic string = ""
  since 1.318.0

field repository_proxy_url dynamic string = ""
  since 21.3.0

field repository_proxy_username dynamic string = ""
  since 21.3.0

field repository_proxy_password dynamic ref(secret) = "OpaqueRef:NULL"
  since 21.3.0

field migration_compression rw bool = false
  prototyped 22.33.0

field coordinator_bias rw bool = true
  prototyped 22.37.0, since rio

field local_auth_max_threads static int = 8
  prototyped 23.27.0

field ext_auth_max_threads static int = 1
  prototyped 23.27.0

field ext_auth_cache_enabled dynamic bool = true
  prototyped 24.31.0

field ext_auth_cache_size dynamic int = 50
  prototyped 24.31.0

field ext_auth_cache_expiry dynamic int = 300
  prototyped 24.31.0

field telemetry_uuid dynamic ref(secret) = "OpaqueRef:NULL"
  prototyped 23.9.0

field telemetry_frequency dynamic enum(telemetry_frequency) = "weekly"
  prototyped 23.9.0

field telemetry_next_collection dynamic datetime = "19700101T00:00:00Z"
  prototyped 23.9.0

field last_update_sync dynamic datetime = "19700101T00:00:00Z"
  prototyped 23.18.0

field update_sync_frequency dynamic enum(update_sync_frequency) = "weekly"
  prototyped 23.18.0

field update_sync_day dynamic int = 0
  prototyped 23.18.0

field update_sync_enabled dynamic bool = false
  prototyped 23.18.0

field recommendations dynamic map(string,string) = {}
  prototyped 24.19.1

field license_server rw map(string,string) = {}
  prototyped 25.6.0

field ha_reboot_vm_on_internal_shutdown rw bool = true
  prototyped 25.16.0

field limit_console_sessions rw bool = false
  prototyped 26.1.0

field vm_console_idle_timeout rw int = 0
  prototyped 26.1.0

field auto_update_vm_secureboot_certificates rw bool = false
  prototyped 26.16.1

message join
  role pool-operator
  param master_address string
  param master_username string
  param master_password string
  errors JOINING_HOST_CANNOT_CONTAIN_SHARED_SRS

message join_force
  role pool-operator
  param master_address string
  param master_username string
  param master_password string

message eject
  role pool-operator
  param host ref(host)

message initial_auth
  role pool-operator
  flags hidden
  result secret_string

message exchange_certificates_on_join
  since 1.298.0
  role pool-operator
  flags hidden
  param uuid string
  param certificate string
  result map(string,string)

message exchange_ca_certificates_on_join
  since 1.320.0
  role pool-operator
  flags hidden
  param import map(string,string)
  param export set(ref(Certificate))
  result map(string,string)

message emergency_transition_to_master
  role pool-operator
  flags sync emergency

message emergency_reset_master
  role pool-operator
  flags sync emergency
  param master_address string

message recover_slaves
  role pool-operator
  result set(ref(host))

message hello
  role pool-operator
  flags hidden
  param host_uuid string
  param host_address string
  result enum(hello_return)

message is_slave
  role pool-admin
  flags sync query hidden emergency
  param host ref(host)
  result bool

message create_VLAN
  role pool-operator
  param device string
  param network ref(network)
  param VLAN int
  result set(ref(PIF))
  errors VLAN_TAG_INVALID

message management_reconfigure
  since inverness
  role pool-operator
  param network ref(network)
  errors HA_IS_ENABLED PIF_NOT_PRESENT CANNOT_PLUG_BOND_SLAVE
  errors PIF_INCOMPATIBLE_PRIMARY_ADDRESS_TYPE PIF_HAS_NO_NETWORK_CONFIGURATION
  errors PIF_HAS_NO_V6_NETWORK_CONFIGURATION

message create_VLAN_from_PIF
  role pool-operator
  param pif ref(PIF)
  param network ref(network)
  param VLAN int
  result set(ref(PIF))
  errors VLAN_TAG_INVALID

message enable_ha
  since miami
  role pool-operator
  flags client-cert
  param heartbeat_srs set(ref(SR))
  param configuration map(string,string)

message disable_ha
  since miami
  role pool-operator
  flags client-cert

message sync_database
  role pool-operator

message designate_new_master
  since miami
  role pool-operator
  param host ref(host)

message ha_prevent_restarts_for
  since orlando-update-1
  role pool-operator
  flags sync
  param seconds int

message ha_failover_plan_exists
  since orlando
  role pool-operator
  flags sync query
  param n int
  result bool

message ha_compute_max_host_failures_to_tolerate
  since orlando
  role pool-operator
  flags sync query
  result int

message ha_compute_hypothetical_max_host_failures_to_tolerate
  since orlando
  role read-only
  flags sync query
  param configuration map(ref(VM),string)
  result int

message ha_compute_vm_failover_plan
  since orlando
  role pool-operator
  flags sync query
  param failed_hosts set(ref(host))
  param failed_vms set(ref(VM))
  result map(ref(VM),map(string,string))

message set_ha_host_failures_to_tolerate
  since orlando
  role pool-operator
  param self ref(pool)
  param value int

message create_new_blob
  since orlando
  role pool-operator
  param pool ref(pool)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message ha_schedule_plan_recomputation
  since orlando
  role local-root
  flags hidden pool-internal

message enable_binary_storage
  since orlando
  role pool-operator
  flags hidden

message disable_binary_storage
  since orlando
  role pool-operator
  flags hidden

message enable_external_auth
  since george
  role pool-admin
  flags sync
  param pool ref(pool)
  param config map(string,string)
  param service_name string
  param auth_type string

message disable_external_auth
  since george
  role pool-admin
  flags sync
  param pool ref(pool)
  param config map(string,string) = {}

message external_auth_set_ldaps
  since 26.16.0
  role pool-admin
  flags sync
  param pool ref(pool)
  param ldaps bool
  param force bool = false

message detect_nonhomogeneous_external_auth
  since george
  role pool-operator
  flags sync query
  param pool ref(pool)

message initialize_wlb
  since george
  role pool-operator
  param wlb_url string
  param wlb_username string
  param wlb_password string
  param xenserver_username string
  param xenserver_password string

message deconfigure_wlb
  since george
  role pool-operator

message send_wlb_configuration
  since george
  role pool-operator
  param config map(string,string)

message retrieve_wlb_configuration
  since george
  role read-only
  flags query
  result map(string,string)

message retrieve_wlb_recommendations
  since george
  role read-only
  flags query
  result map(ref(VM),set(string))

message send_test_post
  since george
  role pool-admin
  param host string
  param port int
  param body string
  result string

message certificate_install
  since george, deprecated 1.290.0
  role pool-operator
  param name string
  param cert string

message certificate_uninstall
  since george, deprecated 1.290.0
  role pool-operator
  param name string

message certificate_list
  since george, deprecated 1.290.0
  role pool-operator
  flags query
  result set(string)

message install_ca_certificate
  since 1.290.0, deprecated 26.13.0
  role pool-operator
  flags client-cert
  param name string
  param cert string

message uninstall_ca_certificate
  since 1.290.0, deprecated 26.13.0
  role pool-operator
  flags client-cert
  param name string
  param force bool = false

message crl_install
  since george
  role pool-operator
  param name string
  param cert string

message crl_uninstall
  since george
  role pool-operator
  param name string

message crl_list
  since george
  role pool-operator
  flags query
  result set(string)

message certificate_sync
  since george
  role pool-operator

message enable_tls_verification
  since 1.290.0
  role pool-admin
  flags sync

message enable_redo_log
  since midnight-ride
  role pool-operator
  param sr ref(SR)

message disable_redo_log
  since midnight-ride
  role pool-operator

message audit_log_append
  since midnight-ride
  role pool-admin
  flags hidden pool-internal
  param line string

message set_vswitch_controller
  since midnight-ride, deprecated falcon
  role pool-operator
  param address string

message test_archive_target
  since cowley
  role pool-operator
  flags sync query
  param self ref(pool)
  param config map(string,string)
  result string

message enable_local_storage_caching
  since cowley
  role pool-operator
  param self ref(pool)

message disable_local_storage_caching
  since cowley
  role pool-operator
  param self ref(pool)

message get_license_state
  since clearwater
  role read-only
  flags query
  param self ref(pool)
  result map(string,string)

message apply_edition
  since clearwater
  role pool-operator
  param self ref(pool)
  param edition string

message enable_ssl_legacy
  since dundee, deprecated dundee, removed stockholm
  role pool-operator
  param self ref(pool)

message disable_ssl_legacy
  since dundee, deprecated stockholm
  role pool-operator
  param self ref(pool)

message set_igmp_snooping_enabled
  since inverness
  role pool-operator
  param self ref(pool)
  param value bool

message has_extension
  since dundee
  role pool-admin
  flags query
  param self ref(pool)
  param name string
  result bool

message add_to_guest_agent_config
  since dundee
  role pool-admin
  param self ref(pool)
  param key string
  param value string

message remove_from_guest_agent_config
  since dundee
  role pool-admin
  param self ref(pool)
  param key string

message rotate_secret
  since stockholm_psr
  role pool-admin
  errors INTERNAL_ERROR HOST_IS_SLAVE CANNOT_CONTACT_HOST HA_IS_ENABLED
  errors NOT_SUPPORTED_DURING_UPGRADE

message set_repositories
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param value set(ref(Repository))

message add_repository
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param value ref(Repository)

message remove_repository
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param value ref(Repository)

message sync_updates
  since 1.329.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param force bool
  param token string = ""
  param token_id string = ""
  param username string = ""
  param password string = ""
  result string

message check_update_readiness
  since 1.304.0
  role pool-operator
  flags query client-cert
  param self ref(pool)
  param requires_reboot bool
  result set(set(string))

message enable_client_certificate_auth
  since 1.318.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param name string

message disable_client_certificate_auth
  since 1.318.0
  role pool-operator
  flags client-cert
  param self ref(pool)

message configure_repository_proxy
  since 21.3.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param url string
  param username string
  param password string

message disable_repository_proxy
  since 21.4.0
  role pool-operator
  flags client-cert
  param self ref(pool)

message set_uefi_certificates
  since 22.16.0, deprecated 24.0.0
  role pool-admin
  param self ref(pool)
  param value string

message set_custom_uefi_certificates
  prototyped 24.0.0
  role pool-admin
  param self ref(pool)
  param value string

message set_https_only
  prototyped 22.27.0
  role pool-operator
  param self ref(pool)
  param value bool

message set_telemetry_next_collection
  prototyped 23.9.0
  role pool-admin
  param self ref(pool)
  param value datetime

message reset_telemetry_uuid
  prototyped 23.9.0
  role pool-admin
  param self ref(pool)

message configure_update_sync
  prototyped 23.18.0
  role pool-operator
  param self ref(pool)
  param update_sync_frequency enum(update_sync_frequency)
  param update_sync_day int

message set_update_sync_enabled
  prototyped 23.18.0
  role pool-operator
  param self ref(pool)
  param value bool

message set_local_auth_max_threads
  prototyped 23.27.0
  role pool-operator
  flags sync
  param self ref(pool)
  param value int

message set_ext_auth_max_threads
  prototyped 23.27.0
  role pool-operator
  flags sync
  param self ref(pool)
  param value int

message set_ext_auth_cache_enabled
  prototyped 24.31.0
  role pool-operator
  param self ref(pool)
  param value bool

message set_ext_auth_cache_size
  prototyped 24.31.0
  role pool-operator
  param self ref(pool)
  param value int

message set_ext_auth_cache_expiry
  prototyped 24.31.0
  role pool-operator
  param self ref(pool)
  param value int

message get_guest_secureboot_readiness
  prototyped 24.17.0
  role pool-operator
  flags sync query
  param self ref(pool)
  result enum(pool_guest_secureboot_readiness)

message enable_ssh
  prototyped 25.13.0
  role pool-admin
  param self ref(pool)

message disable_ssh
  prototyped 25.13.0
  role pool-admin
  param self ref(pool)

message set_ssh_enabled_timeout
  prototyped 25.21.0
  role pool-admin
  param self ref(pool)
  param value int

message set_console_idle_timeout
  prototyped 25.21.0
  role pool-admin
  param self ref(pool)
  param value int

message set_ssh_auto_mode
  prototyped 25.27.0
  role pool-admin
  param self ref(pool)
  param value bool

message install_trusted_certificate
  prototyped 26.13.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param ca bool
  param cert string
  param purpose set(enum(certificate_purpose))

message uninstall_trusted_certificate
  prototyped 26.13.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param certificate ref(Certificate)

message sync_trusted_certificates_from
  prototyped 26.16.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param remote_pool string
  param remote_session ref(session)
  param remote_certificate string
  param ca bool
  result set(ref(Certificate))

message exchange_trusted_certificates_on_join
  prototyped 26.13.0
  role pool-operator
  flags hidden client-cert
  param self ref(pool)
  param ca bool
  param import map(string,set(string))
  param export set(ref(Certificate))
  result map(string,set(string))

message exchange_crls_on_join
  prototyped 26.13.0
  role pool-operator
  flags hidden client-cert
  param self ref(pool)
  param import map(string,string)
  param export set(string)
  result map(string,string)

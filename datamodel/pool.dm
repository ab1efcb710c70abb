# SPDX-License-Identifier: GPL-2.0-or-later

class pool
  doc The group of hosts that share storage, networks and this API; there is exactly one.
  since rio
  writer pool-operator

enum hello_return
  doc Answer to a host that says hello to the coordinator.
  value ok
  value unknown_host
  value cannot_talk_back

enum pool_allowed_operations
  doc Everything that can be done to the pool.
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
  doc Whether the pool has what VMs need for Secure Boot.
  value ready
  value ready_no_dbx
  value not_ready

enum telemetry_frequency
  doc How often telemetry is collected.
  value daily
  value weekly
  value monthly

enum update_sync_frequency
  doc How often updates are looked for.
  value daily
  value weekly

field uuid dynamic string
  doc Lasting, unique name of the pool.

field name_label rw string
  doc Name people gave the pool.

field name_description rw string
  doc Free text about the pool.

field master dynamic ref(host)
  doc Host that coordinates the pool.

field default_SR rw ref(SR)
  doc SR for new disks when none is given.

field suspend_image_SR rw ref(SR)
  doc SR for the memory of suspended VMs.

field crash_dump_SR rw ref(SR)
  doc SR for crash dumps of VMs.

field other_config rw map(string,string)
  doc Free keys that tools keep with the pool.
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator
  key EMPTY_FOLDERS vm-operator

field ha_enabled dynamic bool = false
  doc Whether high availability is on.
  since orlando

field ha_configuration dynamic map(string,string) = {}
  doc Settings of high availability: timeout.
  since orlando

field ha_statefiles dynamic set(string) = []
  doc Images that hold its heartbeat.
  since orlando

field ha_host_failures_to_tolerate dynamic int = 0
  doc Host failures after which protected VMs must still run.
  since orlando

field ha_plan_exists_for dynamic int = 0
  doc Host failures for which there is a plan now.
  since orlando

field ha_allow_overcommit rw bool = false
  doc Whether changes may make the plan impossible.
  since orlando

field ha_overcommitted dynamic bool = false
  doc Whether fewer failures than asked for can be survived now.
  since orlando

field blobs dynamic map(string,ref(blob)) = {}
  doc Binary data stored with the pool, by name.
  since orlando

field tags rw set(string) = []
  doc Words people sort pool objects by.
  since orlando
  writer vm-operator

field gui_config rw map(string,string) = {}
  doc Keys that graphical clients keep with the pool.
  since orlando
  writer vm-operator

field health_check_config rw map(string,string) = {}
  doc Keys of the health check service.
  since dundee

field wlb_url dynamic string = ""
  doc Address of the workload balancing server.
  since george

field wlb_username dynamic string = ""
  doc Name to log in there.
  since george

field wlb_password dynamic ref(secret)
  doc Password to log in there.
  since george
  flags internal

field wlb_enabled rw bool = false
  doc Whether the workload balancing server is asked.
  since george
  flags client-cert

field wlb_verify_cert rw bool = false
  doc Whether its certificate is checked.
  since george, deprecated 1.290.0

field redo_log_enabled dynamic bool = false
  doc Whether changes of the database are written to storage for high availability.
  since midnight-ride

field redo_log_vdi dynamic ref(VDI) = "OpaqueRef:NULL"
  doc Image those changes are written to.
  since midnight-ride

field vswitch_controller dynamic string = ""
  doc Address of the OpenFlow controller; SDN_controller replaced it.
  since midnight-ride, deprecated falcon

field restrictions dynamic map(string,string) = {}
  doc Features the licences of all hosts allow, as one key for each.
  since midnight-ride

field metadata_VDIs dynamic set(ref(VDI))
  doc Images with saved databases of this or other pools.
  since boston
  from VDI.metadata_of_pool

field ha_cluster_stack dynamic string = ""
  doc Program that keeps the heartbeat.
  since dundee

field allowed_operations dynamic set(enum(pool_allowed_operations)) = []
  doc Operations a client may start on the pool now; advice only, each call checks again.
  flags volatile

field current_operations dynamic map(string,enum(pool_allowed_operations)) = {}
  doc Operations that run on the pool now, by the task that runs them.
  flags volatile

field guest_agent_config dynamic map(string,string) = {}
  doc Settings written to the agents in all guests.
  since dundee

field cpu_info dynamic map(string,string) = {}
  doc CPU features all hosts have.
  since dundee

field policy_no_vendor_device rw bool = false
  doc Whether new VMs do without the Windows Update device.
  since dundee, deprecated 24.14.0

field live_patching_disabled rw bool = false
  doc Whether live patches are not used.
  since ely

field igmp_snooping_enabled dynamic bool = false
  doc Whether multicast is sent only where it was asked for.
  since inverness

field uefi_certificates static string = ""
  doc Secure Boot certificates VMs get now, in base64.
  since quebec

field custom_uefi_certificates static string = ""
  doc Secure Boot certificates that replace the default ones, in base64.
  prototyped 24.0.0

field is_psr_pending rw bool = false
  doc Whether a change of the pool secret has not ended.
  since stockholm_psr

field tls_verification_enabled dynamic bool = false
  doc Whether hosts check each other's certificates.
  since 1.290.0

field repositories dynamic set(ref(Repository)) = []
  doc Repositories updates come from.
  since 1.301.0
  flags dangling

field client_certificate_auth_enabled dynamic bool = false
  doc Whether clients may log in with a certificate.
  since 1.318.0

field client_certificate_auth_name dynamic string = ""
  doc Name such a certificate must bear.
  since 1.318.0

field repository_proxy_url dynamic string = ""
  doc Proxy used to reach the repositories.
  since 21.3.0

field repository_proxy_username dynamic string = ""
  doc Name to log in at the proxy.
  since 21.3.0

field repository_proxy_password dynamic ref(secret) = "OpaqueRef:NULL"
  doc Password to log in at the proxy.
  since 21.3.0

field migration_compression rw bool = false
  doc Whether memory is compressed while VMs migrate, unless the call says otherwise.
  prototyped 22.33.0

field coordinator_bias rw bool = true
  doc Whether the coordinator gets fewer VMs than other hosts.
  prototyped 22.37.0, since rio

field local_auth_max_threads static int = 8
  doc How many local logins are checked at once.
  prototyped 23.27.0

field ext_auth_max_threads static int = 1
  doc How many directory logins are checked at once.
  prototyped 23.27.0

field ext_auth_cache_enabled dynamic bool = true
  doc Whether the outcome of directory logins is remembered.
  prototyped 24.31.0

field ext_auth_cache_size dynamic int = 50
  doc How many outcomes are remembered.
  prototyped 24.31.0

field ext_auth_cache_expiry dynamic int = 300
  doc Seconds an outcome is remembered.
  prototyped 24.31.0

field telemetry_uuid dynamic ref(secret) = "OpaqueRef:NULL"
  doc Secret that names the pool in telemetry.
  prototyped 23.9.0

field telemetry_frequency dynamic enum(telemetry_frequency) = "weekly"
  doc How often telemetry is collected.
  prototyped 23.9.0

field telemetry_next_collection dynamic datetime = "19700101T00:00:00Z"
  doc When telemetry is collected next.
  prototyped 23.9.0

field last_update_sync dynamic datetime = "19700101T00:00:00Z"
  doc When updates were last looked for.
  prototyped 23.18.0

field update_sync_frequency dynamic enum(update_sync_frequency) = "weekly"
  doc How often updates are looked for.
  prototyped 23.18.0

field update_sync_day dynamic int = 0
  doc Day of the week updates are looked for: 0 is Sunday.
  prototyped 23.18.0

field update_sync_enabled dynamic bool = false
  doc Whether updates are looked for by themselves.
  prototyped 23.18.0

field recommendations dynamic map(string,string) = {}
  doc Limits the product suggests, such as the number of hosts.
  prototyped 24.19.1

field license_server rw map(string,string) = {}
  doc Address and port of the licence server.
  prototyped 25.6.0

field ha_reboot_vm_on_internal_shutdown rw bool = true
  doc Whether a protected VM starts again when its guest shuts down.
  prototyped 25.16.0

field limit_console_sessions rw bool = false
  doc Whether a VM's console takes one client at a time.
  prototyped 26.1.0

field vm_console_idle_timeout rw int = 0
  doc Seconds after which an idle VM console closes; 0 for never.
  prototyped 26.1.0

field auto_update_vm_secureboot_certificates rw bool = false
  doc Whether VMs get new Secure Boot certificates by themselves.
  prototyped 26.16.1

message join
  doc Makes this host part of another pool.
  role pool-operator
  param master_address string
  param master_username string
  param master_password string
  errors JOINING_HOST_CANNOT_CONTAIN_SHARED_SRS

message join_force
  doc The same, skipping the checks that can be skipped.
  role pool-operator
  param master_address string
  param master_username string
  param master_password string

message eject
  doc Takes a host out of the pool; its local storage and VMs are lost to the pool.
  role pool-operator
  param host ref(host)

message initial_auth
  doc Pool secret for a host that is joining.
  role pool-operator
  flags hidden
  result secret_string

message exchange_certificates_on_join
  doc Swaps certificates with a host that is joining.
  since 1.298.0
  role pool-operator
  flags hidden
  param uuid string
  param certificate string
  result map(string,string)

message exchange_ca_certificates_on_join
  doc Swaps CA certificates with a host that is joining.
  since 1.320.0
  role pool-operator
  flags hidden
  param import map(string,string)
  param export set(ref(Certificate))
  result map(string,string)

message emergency_transition_to_master
  doc Makes this host coordinator when the old one is lost.
  role pool-operator
  flags sync emergency

message emergency_reset_master
  doc Tells this host the address of the coordinator when it lost it.
  role pool-operator
  flags sync emergency
  param master_address string

message recover_slaves
  doc Tells hosts in emergency mode that this is the coordinator; returns who listened.
  role pool-operator
  result set(ref(host))

message hello
  doc How a host reports to the coordinator when it comes up.
  role pool-operator
  flags hidden
  param host_uuid string
  param host_address string
  result enum(hello_return)

message is_slave
  doc Whether this host is not the coordinator.
  role pool-admin
  flags sync query hidden emergency
  param host ref(host)
  result bool

message create_VLAN
  doc Makes a VLAN on this device of every host.
  role pool-operator
  param device string
  param network ref(network)
  param VLAN int
  result set(ref(PIF))
  errors VLAN_TAG_INVALID

message management_reconfigure
  doc Manages every host over its interface on this network.
  since inverness
  role pool-operator
  param network ref(network)
  errors HA_IS_ENABLED PIF_NOT_PRESENT CANNOT_PLUG_BOND_SLAVE
  errors PIF_INCOMPATIBLE_PRIMARY_ADDRESS_TYPE PIF_HAS_NO_NETWORK_CONFIGURATION
  errors PIF_HAS_NO_V6_NETWORK_CONFIGURATION

message create_VLAN_from_PIF
  doc Makes a VLAN on every host, on the interface that belongs to this one.
  role pool-operator
  param pif ref(PIF)
  param network ref(network)
  param VLAN int
  result set(ref(PIF))
  errors VLAN_TAG_INVALID

message enable_ha
  doc Switches high availability on with these SRs for its heartbeat.
  since miami
  role pool-operator
  flags client-cert
  param heartbeat_srs set(ref(SR))
  param configuration map(string,string)

message disable_ha
  doc Switches high availability off.
  since miami
  role pool-operator
  flags client-cert

message sync_database
  doc Writes the database out on every host.
  role pool-operator

message designate_new_master
  doc Hands the coordinator's part to another host.
  since miami
  role pool-operator
  param host ref(host)

message ha_prevent_restarts_for
  doc Lets no VM be restarted by high availability for a while.
  since orlando-update-1
  role pool-operator
  flags sync
  param seconds int

message ha_failover_plan_exists
  doc Whether protected VMs would survive this many host failures.
  since orlando
  role pool-operator
  flags sync query
  param n int
  result bool

message ha_compute_max_host_failures_to_tolerate
  doc Most host failures that protected VMs would survive.
  since orlando
  role pool-operator
  flags sync query
  result int

message ha_compute_hypothetical_max_host_failures_to_tolerate
  doc The same, with other restart priorities.
  since orlando
  role read-only
  flags sync query
  param configuration map(ref(VM),string)
  result int

message ha_compute_vm_failover_plan
  doc Where each VM would go if these hosts failed.
  since orlando
  role pool-operator
  flags sync query
  param failed_hosts set(ref(host))
  param failed_vms set(ref(VM))
  result map(ref(VM),map(string,string))

message set_ha_host_failures_to_tolerate
  doc Sets how many host failures must be survived.
  since orlando
  role pool-operator
  param self ref(pool)
  param value int

message create_new_blob
  doc Makes an empty blob that belongs to the pool.
  since orlando
  role pool-operator
  param pool ref(pool)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message ha_schedule_plan_recomputation
  doc Has the plan of high availability made anew soon.
  since orlando
  role local-root
  flags hidden pool-internal

message enable_binary_storage
  doc Lets blobs be stored on all hosts.
  since orlando
  role pool-operator
  flags hidden

message disable_binary_storage
  doc Deletes stored blobs on all hosts and stores no more.
  since orlando
  role pool-operator
  flags hidden

message enable_external_auth
  doc Takes users from a directory, on all hosts.
  since george
  role pool-admin
  flags sync
  param pool ref(pool)
  param config map(string,string)
  param service_name string
  param auth_type string

message disable_external_auth
  doc No longer takes users from a directory.
  since george
  role pool-admin
  flags sync
  param pool ref(pool)
  param config map(string,string) = {}

message external_auth_set_ldaps
  doc Chooses on all hosts whether the directory is asked over TLS.
  since 26.16.0
  role pool-admin
  flags sync
  param pool ref(pool)
  param ldaps bool
  param force bool = false

message detect_nonhomogeneous_external_auth
  doc Fails when hosts take users from different directories.
  since george
  role pool-operator
  flags sync query
  param pool ref(pool)

message initialize_wlb
  doc Ties the pool to a workload balancing server.
  since george
  role pool-operator
  param wlb_url string
  param wlb_username string
  param wlb_password string
  param xenserver_username string
  param xenserver_password string

message deconfigure_wlb
  doc Unties the pool from the workload balancing server.
  since george
  role pool-operator

message send_wlb_configuration
  doc Changes settings on the workload balancing server.
  since george
  role pool-operator
  param config map(string,string)

message retrieve_wlb_configuration
  doc Settings on the workload balancing server.
  since george
  role read-only
  flags query
  result map(string,string)

message retrieve_wlb_recommendations
  doc VMs the workload balancing server would move, and where.
  since george
  role read-only
  flags query
  result map(ref(VM),set(string))

message send_test_post
  doc Posts a text to a server over TLS and returns the answer.
  since george
  role pool-admin
  param host string
  param port int
  param body string
  result string

message certificate_install
  doc Installed a CA certificate; install_trusted_certificate replaced it.
  since george, deprecated 1.290.0
  role pool-operator
  param name string
  param cert string

message certificate_uninstall
  doc Removed a CA certificate; uninstall_trusted_certificate replaced it.
  since george, deprecated 1.290.0
  role pool-operator
  param name string

message certificate_list
  doc Names of the installed CA certificates.
  since george, deprecated 1.290.0
  role pool-operator
  flags query
  result set(string)

message install_ca_certificate
  doc Installs a CA certificate; install_trusted_certificate replaced it.
  since 1.290.0, deprecated 26.13.0
  role pool-operator
  flags client-cert
  param name string
  param cert string

message uninstall_ca_certificate
  doc Removes a CA certificate; uninstall_trusted_certificate replaced it.
  since 1.290.0, deprecated 26.13.0
  role pool-operator
  flags client-cert
  param name string
  param force bool = false

message crl_install
  doc Installs a list of revoked certificates on all hosts.
  since george
  role pool-operator
  param name string
  param cert string

message crl_uninstall
  doc Removes a list of revoked certificates from all hosts.
  since george
  role pool-operator
  param name string

message crl_list
  doc Names of the installed lists of revoked certificates.
  since george
  role pool-operator
  flags query
  result set(string)

message certificate_sync
  doc Copies certificates and revocation lists from the coordinator to all hosts.
  since george
  role pool-operator

message enable_tls_verification
  doc Makes hosts check each other's certificates.
  since 1.290.0
  role pool-admin
  flags sync

message enable_redo_log
  doc Writes changes of the database to an image on this SR.
  since midnight-ride
  role pool-operator
  param sr ref(SR)

message disable_redo_log
  doc Stops writing changes of the database to storage.
  since midnight-ride
  role pool-operator

message audit_log_append
  doc Adds a line to the audit log.
  since midnight-ride
  role pool-admin
  flags hidden pool-internal
  param line string

message set_vswitch_controller
  doc Set the address of the OpenFlow controller; SDN_controller replaced it.
  since midnight-ride, deprecated falcon
  role pool-operator
  param address string

message test_archive_target
  doc Would try out an archive target; protection policies are gone.
  since cowley
  role pool-operator
  flags sync query
  param self ref(pool)
  param config map(string,string)
  result string

message enable_local_storage_caching
  doc Caches remote disks on the hosts' local SRs.
  since cowley
  role pool-operator
  param self ref(pool)

message disable_local_storage_caching
  doc Stops caching remote disks on all hosts.
  since cowley
  role pool-operator
  param self ref(pool)

message get_license_state
  doc Edition and end date of the pool's licence.
  since clearwater
  role read-only
  flags query
  param self ref(pool)
  result map(string,string)

message apply_edition
  doc Licenses all hosts for an edition.
  since clearwater
  role pool-operator
  param self ref(pool)
  param edition string

message enable_ssl_legacy
  doc Accepted old TLS versions.
  since dundee, deprecated dundee, removed stockholm
  role pool-operator
  param self ref(pool)

message disable_ssl_legacy
  doc Stops accepting old TLS versions.
  since dundee, deprecated stockholm
  role pool-operator
  param self ref(pool)

message set_igmp_snooping_enabled
  doc Chooses whether multicast is sent only where it was asked for.
  since inverness
  role pool-operator
  param self ref(pool)
  param value bool

message has_extension
  doc Whether an API extension of this name is on every host.
  since dundee
  role pool-admin
  flags query
  param self ref(pool)
  param name string
  result bool

message add_to_guest_agent_config
  doc Adds a setting for the agents in all guests.
  since dundee
  role pool-admin
  param self ref(pool)
  param key string
  param value string

message remove_from_guest_agent_config
  doc Removes a setting for the agents in all guests.
  since dundee
  role pool-admin
  param self ref(pool)
  param key string

message rotate_secret
  doc Replaces the pool secret on all hosts.
  since stockholm_psr
  role pool-admin
  errors INTERNAL_ERROR HOST_IS_SLAVE CANNOT_CONTACT_HOST HA_IS_ENABLED
  errors NOT_SUPPORTED_DURING_UPGRADE

message set_repositories
  doc Chooses the repositories updates come from.
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param value set(ref(Repository))

message add_repository
  doc Takes updates from one more repository.
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param value ref(Repository)

message remove_repository
  doc Takes no more updates from a repository.
  since 1.301.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param value ref(Repository)

message sync_updates
  doc Fetches the newest updates from the repositories; returns the hash of the set.
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
  doc What stands in the way of installing updates, as error lists.
  since 1.304.0
  role pool-operator
  flags query client-cert
  param self ref(pool)
  param requires_reboot bool
  result set(set(string))

message enable_client_certificate_auth
  doc Lets clients with a certificate of this name log in.
  since 1.318.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param name string

message disable_client_certificate_auth
  doc No longer lets clients log in with a certificate.
  since 1.318.0
  role pool-operator
  flags client-cert
  param self ref(pool)

message configure_repository_proxy
  doc Sets the proxy used to reach the repositories.
  since 21.3.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param url string
  param username string
  param password string

message disable_repository_proxy
  doc Reaches the repositories without a proxy.
  since 21.4.0
  role pool-operator
  flags client-cert
  param self ref(pool)

message set_uefi_certificates
  doc Set the Secure Boot certificates; set_custom_uefi_certificates replaced it.
  since 22.16.0, deprecated 24.0.0
  role pool-admin
  param self ref(pool)
  param value string

message set_custom_uefi_certificates
  doc Replaces the default Secure Boot certificates.
  prototyped 24.0.0
  role pool-admin
  param self ref(pool)
  param value string

message set_https_only
  doc Makes clients use HTTPS on all hosts, or no longer.
  prototyped 22.27.0
  role pool-operator
  param self ref(pool)
  param value bool

message set_telemetry_next_collection
  doc Sets when telemetry is collected next.
  prototyped 23.9.0
  role pool-admin
  param self ref(pool)
  param value datetime

message reset_telemetry_uuid
  doc Gives the pool a new name in telemetry.
  prototyped 23.9.0
  role pool-admin
  param self ref(pool)

message configure_update_sync
  doc Sets how often, and on which day, updates are looked for.
  prototyped 23.18.0
  role pool-operator
  param self ref(pool)
  param update_sync_frequency enum(update_sync_frequency)
  param update_sync_day int

message set_update_sync_enabled
  doc Chooses whether updates are looked for by themselves.
  prototyped 23.18.0
  role pool-operator
  param self ref(pool)
  param value bool

message set_local_auth_max_threads
  doc Sets how many local logins are checked at once.
  prototyped 23.27.0
  role pool-operator
  flags sync
  param self ref(pool)
  param value int

message set_ext_auth_max_threads
  doc Sets how many directory logins are checked at once.
  prototyped 23.27.0
  role pool-operator
  flags sync
  param self ref(pool)
  param value int

message set_ext_auth_cache_enabled
  doc Chooses whether the outcome of directory logins is remembered.
  prototyped 24.31.0
  role pool-operator
  param self ref(pool)
  param value bool

message set_ext_auth_cache_size
  doc Sets how many outcomes are remembered.
  prototyped 24.31.0
  role pool-operator
  param self ref(pool)
  param value int

message set_ext_auth_cache_expiry
  doc Sets how long an outcome is remembered.
  prototyped 24.31.0
  role pool-operator
  param self ref(pool)
  param value int

message get_guest_secureboot_readiness
  doc Whether the pool has what VMs need for Secure Boot.
  prototyped 24.17.0
  role pool-operator
  flags sync query
  param self ref(pool)
  result enum(pool_guest_secureboot_readiness)

message enable_ssh
  doc Takes SSH logins on all hosts.
  prototyped 25.13.0
  role pool-admin
  param self ref(pool)

message disable_ssh
  doc Takes no more SSH logins on all hosts.
  prototyped 25.13.0
  role pool-admin
  param self ref(pool)

message set_ssh_enabled_timeout
  doc Chooses for all hosts after how long SSH closes again.
  prototyped 25.21.0
  role pool-admin
  param self ref(pool)
  param value int

message set_console_idle_timeout
  doc Chooses for all hosts after how long an idle console login ends.
  prototyped 25.21.0
  role pool-admin
  param self ref(pool)
  param value int

message set_ssh_auto_mode
  doc Chooses for all hosts whether SSH opens when the API server is down.
  prototyped 25.27.0
  role pool-admin
  param self ref(pool)
  param value bool

message install_trusted_certificate
  doc Trusts a certificate, or a CA, for these purposes.
  prototyped 26.13.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param ca bool
  param cert string
  param purpose set(enum(certificate_purpose))

message uninstall_trusted_certificate
  doc No longer trusts a certificate.
  prototyped 26.13.0
  role pool-operator
  flags client-cert
  param self ref(pool)
  param certificate ref(Certificate)

message sync_trusted_certificates_from
  doc Fetches trusted certificates from another pool.
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
  doc Swaps trusted certificates with a host that is joining.
  prototyped 26.13.0
  role pool-operator
  flags hidden client-cert
  param self ref(pool)
  param ca bool
  param import map(string,set(string))
  param export set(ref(Certificate))
  result map(string,set(string))

message exchange_crls_on_join
  doc Swaps revocation lists with a host that is joining.
  prototyped 26.13.0
  role pool-operator
  flags hidden client-cert
  param self ref(pool)
  param import map(string,string)
  param export set(string)
  result map(string,string)

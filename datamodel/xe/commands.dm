# SPDX-License-Identifier: GPL-2.0-or-later
# The commands that are more than reading and setting fields.  FORMAT.md says how to read it.

command appliance-assert-can-be-recovered
  doc Shows whether an appliance can be brought back from a copied database.
  need uuid
  may database:
  missing no server opens copied databases yet

command appliance-create
  doc Makes an appliance: VMs that start and stop together.
  need name-label
  may name-description
  call VM_appliance.create { name_label=name-label name_description=name-description? }

command appliance-destroy
  doc Removes an appliance; its VMs stay.
  need uuid
  call VM_appliance.destroy uuid

command appliance-recover
  doc Brings an appliance back from a copied database.
  need uuid
  may database: force
  missing no server opens copied databases yet

command appliance-shutdown
  doc Shuts the VMs of an appliance down: cleanly, or at once with force.
  need uuid
  may force
  when force VM_appliance.hard_shutdown uuid
  call VM_appliance.clean_shutdown uuid

command appliance-start
  doc Starts the VMs of an appliance in their order.
  need uuid
  may paused
  call VM_appliance.start uuid paused?false

command audit-log-get
  doc Writes the audit log to a file.
  need filename
  may since
  code

command blob-create
  doc Makes a place for bytes that belong to an object.
  need name
  may mime-type vm-uuid host-uuid sr-uuid network-uuid pool-uuid public
  flags hidden
  given vm-uuid VM.create_new_blob vm-uuid name mime-type? public?false
  given host-uuid host.create_new_blob host-uuid name mime-type? public?false
  given sr-uuid SR.create_new_blob sr-uuid name mime-type? public?false
  given network-uuid network.create_new_blob network-uuid name mime-type? public?false
  given pool-uuid pool.create_new_blob pool-uuid name mime-type? public?false

command blob-get
  doc Writes the bytes of a blob to a file.
  need uuid filename
  flags hidden
  code

command blob-put
  doc Fills a blob with the bytes of a file.
  need uuid filename
  flags hidden
  code

command bond-create
  doc Makes a bond of physical interfaces.
  need network-uuid pif-uuids
  may mac mode properties:
  call Bond.create network-uuid pif-uuids mac? mode?balance-slb properties:

command bond-destroy
  doc Takes a bond apart.
  need uuid
  call Bond.destroy uuid

command bond-set-mode
  doc Changes how a bond spreads its traffic.
  need uuid mode
  call Bond.set_mode uuid mode

command caller-create
  doc Describes a client whose calls are counted.
  may name-label name-description user-agent client-ip
  call Caller.create { name_label=name-label? name_description=name-description? user_agent=user-agent? client_ip=client-ip? }

command caller-destroy
  doc Removes the description of a client.
  need uuid
  call Caller.destroy uuid

command caller-list-usage
  doc Shows the calls of all clients.
  call Caller.query_all_usage

command caller-query-usage
  doc Shows how many calls a client or a group made and what they cost.
  may uuid group
  code

command cd-list
  doc Shows the CD images and drives of all storage repositories.
  may params
  flags common
  code

command cluster-create
  doc Makes a cluster of one host.
  need pif-uuid
  may cluster-stack pool-auto-join token-timeout token-timeout-coefficient
  flags hidden
  call Cluster.create pif-uuid cluster-stack?corosync pool-auto-join?true token-timeout?20 token-timeout-coefficient?1

command cluster-destroy
  doc Removes a cluster of one host.
  need uuid
  call Cluster.destroy uuid

command cluster-host-create
  doc Adds a host to a cluster.
  need cluster-uuid host-uuid pif-uuid
  flags hidden
  call Cluster_host.create cluster-uuid host-uuid pif-uuid

command cluster-host-destroy
  doc Removes a host from a cluster.
  need uuid
  call Cluster_host.destroy uuid

command cluster-host-disable
  doc Takes a host out of the running cluster.
  need uuid
  call Cluster_host.disable uuid

command cluster-host-enable
  doc Takes a host into the running cluster.
  need uuid
  call Cluster_host.enable uuid

command cluster-host-force-destroy
  doc Removes a host that is gone from a cluster.
  need uuid
  call Cluster_host.force_destroy uuid

command cluster-pool-create
  doc Makes a cluster of all hosts.
  need network-uuid
  may cluster-stack token-timeout token-timeout-coefficient
  call Cluster.pool_create network-uuid cluster-stack?corosync token-timeout?20 token-timeout-coefficient?1

command cluster-pool-destroy
  doc Takes a cluster apart.
  need cluster-uuid
  call Cluster.pool_destroy cluster-uuid

command cluster-pool-force-destroy
  doc Takes a cluster apart though hosts are missing.
  need cluster-uuid
  call Cluster.pool_force_destroy cluster-uuid

command cluster-pool-resync
  doc Makes a cluster what the database says it is.
  need cluster-uuid
  call Cluster.pool_resync cluster-uuid

command console
  doc Connects the terminal to a VM's text console.
  on vm
  code

command diagnostic-compact
  doc Gives unused memory of the management daemon back.
  on host
  call Diagnostics.gc_compact @

command diagnostic-db-stats
  doc Shows how the database is used.
  call Diagnostics.db_stats

command diagnostic-gc-stats
  doc Shows the memory of the management daemon.
  on host
  call Diagnostics.gc_stats @

command diagnostic-license-status
  doc Shows the edition of each host.
  code

command diagnostic-net-stats
  doc Shows how often each HTTP address was asked for.
  on host
  may uri method params
  call Diagnostics.network_stats @ { uri=uri? method=method? params=params? }

command diagnostic-timing-stats
  doc Shows how long calls take on each host.
  code

command diagnostic-vdi-status
  doc Shows a disk and the devices that use it.
  need uuid
  code

command diagnostic-vm-status
  doc Shows where a VM can boot, and what keeps it from elsewhere.
  need uuid
  flags common
  code

command drtask-create
  doc Adds storage repositories that hold a copied database.
  need type
  may device-config: sr-whitelist
  call DR_task.create type device-config: sr-whitelist?

command drtask-destroy
  doc Removes what a disaster recovery task added.
  need uuid
  call DR_task.destroy uuid

command event-wait
  doc Waits until an object of a class has the values given; field=/=value waits for another value.
  need class
  code

command gpu-group-create
  doc Makes a group of GPUs.
  need name-label
  may name-description
  call GPU_group.create name-label name-description?

command gpu-group-destroy
  doc Removes a group of GPUs.
  need uuid
  may
  call GPU_group.destroy uuid

command gpu-group-get-remaining-capacity
  doc Shows how many more virtual GPUs of a type a group can hold.
  need uuid vgpu-type-uuid
  call GPU_group.get_remaining_capacity uuid vgpu-type-uuid

command host-all-editions
  doc Shows the editions there are.
  call host.get_editions @host

command host-apply-edition
  doc Sets the edition of a host.
  need edition
  may host-uuid license-server-address license-server-port
  code

command host-apply-updates
  doc Installs the updates of the enabled repositories on a host.
  on host
  need hash
  call host.apply_updates @ hash

command host-backup
  doc Writes a backup of a host's control domain to a file.
  on host
  need file-name
  code

command host-bugreport-upload
  doc Gathers a bug report of a host and sends it to a URL.
  on host
  may url http_proxy
  call host.bugreport_upload @ url? { http_proxy=http_proxy? }

command host-call-plugin
  doc Calls a function of a plug-in on a host and shows what it says.
  need host-uuid plugin fn
  may args:
  call host.call_plugin host-uuid plugin fn args:

command host-compute-free-memory
  doc Shows how much memory of a host is free for VMs.
  on host
  call host.compute_free_memory @

command host-compute-memory-overhead
  doc Shows how much memory a host takes for itself.
  on host
  call host.compute_memory_overhead @

command host-cpu-info
  doc Shows the CPUs of a host.
  may uuid
  code

command host-crashdump-destroy
  doc Removes a crash dump.
  need uuid
  call host_crashdump.destroy uuid

command host-crashdump-upload
  doc Sends a crash dump to a URL.
  need uuid
  may url http_proxy
  call host_crashdump.upload uuid url? { http_proxy=http_proxy? }

command host-data-source-forget
  doc Ends the recording of a measurement of a host and removes what was recorded.
  on host
  need data-source
  call host.forget_data_source_archives @ data-source

command host-data-source-list
  doc Shows what is measured of a host.
  on host
  call host.get_data_sources @

command host-data-source-query
  doc Shows the last value of a measurement of a host.
  on host
  need data-source
  call host.query_data_source @ data-source

command host-data-source-record
  doc Records a measurement of a host.
  on host
  need data-source
  call host.record_data_source @ data-source

command host-declare-dead
  doc Says that a host is off, so that its VMs may start elsewhere. Asks first unless force is given.
  need uuid
  may force
  code

command host-disable
  doc Keeps new VMs off a host.
  on host
  may auto-enable
  call host.disable @ auto-enable?true

command host-disable-display
  doc Takes the host's console from the host at its next boot.
  need uuid
  call host.disable_display uuid

command host-disable-external-auth
  doc Ends the log-in of users of a directory to a host.
  need host-uuid
  may config:
  flags hidden
  call host.disable_external_auth host-uuid config:

command host-disable-local-storage-caching
  doc Ends the local copies of shared disks.
  on host
  call host.disable_local_storage_caching @

command host-disable-ssh
  doc Turns SSH on a host off.
  on host
  call host.disable_ssh @

command host-dmesg
  doc Shows the messages of a host's hypervisor.
  on host
  call host.dmesg @

command host-emergency-clear-mandatory-guidance
  doc Forgets what installed updates ask this host to do.
  flags local
  call host.emergency_clear_mandatory_guidance

command host-emergency-disable-tls-verification
  doc Lets this host talk to the pool without proof by certificates.
  flags local
  call host.emergency_disable_tls_verification

command host-emergency-ha-disable
  doc Turns high availability off on this host alone.
  may force soft
  flags local
  call host.emergency_ha_disable soft?false

command host-emergency-management-reconfigure
  doc Moves the management of this host to another interface, without its database.
  need interface
  flags local
  call host.local_management_reconfigure interface

command host-emergency-reenable-tls-verification
  doc Makes this host ask for proof by certificates again.
  flags local
  call host.emergency_reenable_tls_verification

command host-emergency-reset-server-certificate
  doc Gives this host a new certificate, without its pool.
  flags local
  call host.emergency_reset_server_certificate

command host-enable
  doc Lets new VMs start on a host.
  on host
  call host.enable @

command host-enable-display
  doc Gives the host's console back to the host.
  need uuid
  call host.enable_display uuid

command host-enable-external-auth
  doc Lets users of a directory log in to a host.
  need host-uuid auth-type service-name
  may config:
  flags hidden
  call host.enable_external_auth host-uuid config: service-name auth-type

command host-enable-local-storage-caching
  doc Lets a host keep copies of shared disks on a local storage repository.
  on host
  need sr-uuid
  call host.enable_local_storage_caching @ sr-uuid

command host-enable-ssh
  doc Turns SSH on a host on.
  on host
  call host.enable_ssh @

command host-evacuate
  doc Moves all VMs off a host.
  on host
  may network-uuid batch-size
  call host.evacuate @ network-uuid?null batch-size?0

command host-external-auth-set-ldaps
  doc Turns TLS to the directory on or off for a host.
  need host-uuid ldaps
  may force
  flags hidden
  call host.external_auth_set_ldaps host-uuid ldaps force?false

command host-forget
  doc Removes a host that is gone from the pool. Asks first unless force is given.
  need uuid
  may force
  code

command host-get-cpu-features
  doc Shows the features of a host's CPUs.
  may uuid
  code

command host-get-server-certificate
  doc Shows a host's certificate.
  on host
  call host.get_server_certificate @

command host-get-sm-diagnostics
  doc Shows the state of a host's storage layer.
  need uuid
  call host.get_sm_diagnostics uuid

command host-get-system-status
  doc Writes a status report of a host to a file.
  on host
  need filename
  may entries output
  code

command host-get-system-status-capabilities
  doc Shows what a status report of a host may contain.
  on host
  flags local
  call host.get_system_status_capabilities @

command host-get-thread-diagnostics
  doc Shows the threads of a host's management daemon.
  need uuid
  call host.get_thread_diagnostics uuid

command host-get-vms-which-prevent-evacuation
  doc Shows the VMs that cannot leave a host, and why.
  need uuid
  call host.get_vms_which_prevent_evacuation uuid

command host-ha-xapi-healthcheck
  doc Shows whether the management daemon of this host is well.
  flags hidden local
  call host.ha_xapi_healthcheck

command host-is-in-emergency-mode
  doc Shows whether the host has lost its pool.
  flags local
  call host.is_in_emergency_mode

command host-license-add
  doc Gives a host a licence file.
  need license-file
  may host-uuid
  call host.license_add host-uuid?@host <license-file

command host-license-remove
  doc Takes a host's licence file away.
  may host-uuid
  call host.license_remove host-uuid?@host

command host-license-view
  doc Shows what a host's licence says.
  may host-uuid
  code

command host-logs-download
  doc Writes a host's logs to a file.
  on host
  may file-name
  code

command host-management-disable
  doc Takes the management off all interfaces of this host.
  flags local
  call host.management_disable

command host-management-reconfigure
  doc Moves the management of a host to another interface.
  need pif-uuid
  call host.management_reconfigure pif-uuid

command host-notify
  doc Tells the host of something its scripts noticed.
  need type
  may params
  flags hidden local
  call host.notify type params?

command host-power-on
  doc Turns a host on by its management controller.
  on host
  call host.power_on @

command host-prepare-for-poweroff
  doc Takes a host out of service before its power is cut.
  flags hidden
  call host.prepare_for_poweroff @host

command host-reboot
  doc Boots a disabled host again.
  on host
  call host.reboot @

command host-refresh-pack-info
  doc Reads again which packs a host has installed.
  need host-uuid
  flags hidden
  call host.refresh_pack_info host-uuid

command host-refresh-server-certificate
  doc Gives a host a new certificate for talking to other hosts.
  need host
  call host.refresh_server_certificate host

command host-reset-server-certificate
  doc Gives a host a new certificate signed by itself.
  on host
  call host.reset_server_certificate @

command host-restore
  doc Restores a host's control domain from a file.
  on host
  need file-name
  code

command host-retrieve-wlb-evacuate-recommendations
  doc Shows where the workload balancing server would move a host's VMs.
  need uuid
  flags hidden
  call host.retrieve_wlb_evacuate_recommendations uuid

command host-send-debug-keys
  doc Sends debug keys to a host's hypervisor.
  need host-uuid keys
  flags local
  call host.send_debug_keys host-uuid keys

command host-server-certificate-install
  doc Gives a host a certificate and its key from files.
  on host
  need certificate private-key
  may certificate-chain
  given certificate-chain host.install_server_certificate @ <certificate <private-key <certificate-chain
  call host.install_server_certificate @ <certificate <private-key

command host-set-hostname-live
  doc Changes a host's name while it runs.
  need host-uuid host-name
  call host.set_hostname_live host-uuid host-name

command host-set-power-on-mode
  doc Sets how a host is turned on from afar.
  on host
  need power-on-mode
  may power-on-config:
  call host.set_power_on_mode @ power-on-mode power-on-config:

command host-shutdown
  doc Shuts a disabled host down.
  on host
  call host.shutdown @

command host-shutdown-agent
  doc Ends the management daemon of this host.
  flags local
  call host.shutdown_agent

command host-signal-networking-change
  doc Tells the host that its network has changed.
  flags hidden local
  call host.signal_networking_change

command host-sm-dp-destroy
  doc Takes a datapath of a host's storage layer away.
  need uuid dp
  may allow-leak
  call host.sm_dp_destroy uuid dp allow-leak?false

command host-sync-data
  doc Copies what the coordinator stores to a host.
  on host
  call host.sync_data @

command host-syslog-reconfigure
  doc Applies the logging settings of a host.
  need host-uuid
  call host.syslog_reconfigure host-uuid

command host-update-firewalld-service-status
  doc Opens and closes the ports of this host's services.
  flags local
  call host.update_firewalld_service_status

command hostdriver-deselect
  doc Selects no variant of a driver.
  need uuid
  may force
  when force Host_driver.deselect uuid

command hostdriver-rescan
  doc Looks for drivers of a host.
  on host
  call Host_driver.rescan @

command hostdriver-select
  doc Selects the variant of a driver that the host loads next.
  need uuid variant-name
  code

command hostdriver-variant-select
  doc Selects this variant of its driver.
  need uuid
  call Driver_variant.select uuid

command lvhd-enable-thin-provisioning
  doc Lets disks of a storage repository grow as they are written.
  on host
  need sr-uuid initial-allocation allocation-quantum
  call LVHD.enable_thin_provisioning @ sr-uuid initial-allocation allocation-quantum

command message-create
  doc Writes a message about an object.
  need name priority body
  may vm-uuid host-uuid sr-uuid pool-uuid
  given vm-uuid message.create name priority =VM vm-uuid body
  given host-uuid message.create name priority =Host host-uuid body
  given sr-uuid message.create name priority =SR sr-uuid body
  given pool-uuid message.create name priority =Pool pool-uuid body

command message-destroy
  doc Removes messages.
  may uuid uuids
  given uuid message.destroy uuid
  given uuids message.destroy_many uuids

command message-destroy-all
  doc Removes all messages, or those before or after a time or of a priority.
  may before after priority
  call message.destroy_all { before=before? after=after? priority=priority? }

command network-attach
  doc Brings a network up on a host.
  need uuid host-uuid
  flags hidden
  call network.attach uuid host-uuid

command network-create
  doc Makes a network.
  need name-label
  may name-description MTU bridge managed
  call network.create { name_label=name-label name_description=name-description? MTU=MTU?1500 bridge=bridge? managed=managed?true }

command network-destroy
  doc Removes a network.
  need uuid
  call network.destroy uuid

command network-sriov-create
  doc Shares a physical interface between VMs by SR-IOV.
  need pif-uuid network-uuid
  call network_sriov.create pif-uuid network-uuid

command network-sriov-destroy
  doc Ends the sharing of an interface by SR-IOV.
  need uuid
  call network_sriov.destroy uuid

command observer-create
  doc Makes an observer: what is traced, and where traces go.
  need name-label
  may host-uuids name-description enabled attributes: endpoints components
  call Observer.create { name_label=name-label hosts=host-uuids? name_description=name-description? enabled=enabled?false attributes=attributes: endpoints=endpoints? components=components? }

command observer-destroy
  doc Removes an observer.
  need uuid
  call Observer.destroy uuid

command patch-apply
  doc Applies a patch to a host.
  need uuid host-uuid
  call pool_patch.apply uuid host-uuid

command patch-clean
  doc Removes the files of a patch from a host.
  need uuid
  call pool_patch.clean uuid

command patch-destroy
  doc Removes a patch from the pool.
  need uuid
  call pool_patch.destroy uuid

command patch-pool-apply
  doc Applies a patch to all hosts.
  need uuid
  call pool_patch.pool_apply uuid

command patch-pool-clean
  doc Removes the files of a patch from all hosts.
  need uuid
  call pool_patch.pool_clean uuid

command patch-precheck
  doc Checks whether a patch can be applied to a host.
  need uuid host-uuid
  call pool_patch.precheck uuid host-uuid

command patch-upload
  doc Sends a patch to the pool.
  need file-name
  missing updates come from repositories, not as files

command pbd-create
  doc Adds the connection of a host to a storage repository.
  need host-uuid sr-uuid
  may device-config:
  call PBD.create { host=host-uuid SR=sr-uuid device_config=device-config: }

command pbd-destroy
  doc Removes the connection of a host to a storage repository.
  need uuid
  call PBD.destroy uuid

command pbd-plug
  doc Attaches a storage repository to a host.
  need uuid
  call PBD.plug uuid

command pbd-unplug
  doc Detaches a storage repository from a host.
  need uuid
  call PBD.unplug uuid

command pci-disable-dom0-access
  doc Keeps the host from using a PCI device from its next boot on.
  need uuid
  call PCI.disable_dom0_access uuid

command pci-enable-dom0-access
  doc Lets the host use a PCI device from its next boot on.
  need uuid
  call PCI.enable_dom0_access uuid

command pci-get-dom0-access-status
  doc Shows whether the host may use a PCI device.
  need uuid
  call PCI.get_dom0_access_status uuid

command pgpu-disable-dom0-access
  doc Keeps the host from using a GPU from its next boot on.
  need uuid
  call PGPU.disable_dom0_access uuid

command pgpu-enable-dom0-access
  doc Lets the host use a GPU from its next boot on.
  need uuid
  call PGPU.enable_dom0_access uuid

command pif-db-forget
  doc Removes a physical interface from the database.
  need uuid
  flags hidden
  call PIF.db_forget uuid

command pif-forget
  doc Removes a physical interface from the database after taking it down.
  need uuid
  call PIF.forget uuid

command pif-introduce
  doc Adds a physical interface of a host by its name.
  need host-uuid device
  may mac managed
  call PIF.introduce host-uuid mac? device managed?true

command pif-plug
  doc Brings a physical interface up.
  need uuid
  call PIF.plug uuid

command pif-reconfigure-ip
  doc Sets the IPv4 address of an interface.
  need uuid mode
  may IP netmask gateway DNS
  call PIF.reconfigure_ip uuid mode IP? netmask? gateway? DNS?

command pif-reconfigure-ipv6
  doc Sets the IPv6 address of an interface.
  need uuid mode
  may IPv6 gateway DNS
  call PIF.reconfigure_ipv6 uuid mode IPv6? gateway? DNS?

command pif-scan
  doc Looks for new physical interfaces of a host.
  need host-uuid
  call PIF.scan host-uuid

command pif-set-primary-address-type
  doc Says whether IPv4 or IPv6 is a management interface's main address.
  need uuid primary_address_type
  call PIF.set_primary_address_type uuid primary_address_type

command pif-unplug
  doc Takes a physical interface down.
  need uuid
  call PIF.unplug uuid

command pool-apply-edition
  doc Sets the edition of all hosts.
  need edition
  may uuid license-server-address license-server-port
  code

command pool-certificate-install
  doc Adds a certificate authority that all hosts trust.
  need filename
  flags deprecated
  call pool.install_ca_certificate filename <filename

command pool-certificate-list
  doc Shows the certificate authorities.
  flags deprecated
  call pool.certificate_list

command pool-certificate-sync
  doc Copies certificates and revocation lists to all hosts.
  call pool.certificate_sync

command pool-certificate-uninstall
  doc Removes a certificate authority.
  need name
  flags deprecated
  call pool.uninstall_ca_certificate name

command pool-configure-repository-proxy
  doc Sets the proxy on the way to update repositories.
  need proxy-url
  may proxy-username proxy-password
  call pool.configure_repository_proxy @pool proxy-url proxy-username? proxy-password?

command pool-configure-update-sync
  doc Sets when update repositories are read.
  need update-sync-frequency update-sync-day
  call pool.configure_update_sync @pool update-sync-frequency update-sync-day

command pool-crl-install
  doc Adds a list of revoked certificates.
  need filename
  call pool.crl_install filename <filename

command pool-crl-list
  doc Shows the lists of revoked certificates.
  call pool.crl_list

command pool-crl-uninstall
  doc Removes a list of revoked certificates.
  need name
  call pool.crl_uninstall name

command pool-deconfigure-wlb
  doc Forgets the workload balancing server.
  call pool.deconfigure_wlb

command pool-designate-new-master
  doc Makes another host the pool's coordinator.
  need host-uuid
  call pool.designate_new_master host-uuid

command pool-disable-binary-storage
  doc Removes blobs and recorded measurements and keeps no more of them.
  flags hidden
  call pool.disable_binary_storage

command pool-disable-client-certificate-auth
  doc Ends the log-in by client certificates.
  call pool.disable_client_certificate_auth @pool

command pool-disable-external-auth
  doc Ends the log-in of users of a directory.
  may uuid config:
  call pool.disable_external_auth uuid?@pool config:

command pool-disable-local-storage-caching
  doc Ends the local copies of shared disks on all hosts.
  need uuid
  call pool.disable_local_storage_caching uuid

command pool-disable-redo-log
  doc Keeps no more log of database changes.
  call pool.disable_redo_log

command pool-disable-repository-proxy
  doc Reaches update repositories without a proxy.
  call pool.disable_repository_proxy @pool

command pool-disable-ssh
  doc Turns SSH off on all hosts.
  call pool.disable_ssh @pool

command pool-disable-ssl-legacy
  doc Does nothing: old TLS versions are never spoken.
  may uuid
  flags deprecated
  code

command pool-dump-database
  doc Writes the pool's database to a file.
  need file-name
  code

command pool-eject
  doc Removes a host from the pool; what its local storage holds is lost. Asks first unless force is given.
  need host-uuid
  may force
  code

command pool-emergency-reset-master
  doc Tells this host where its pool's coordinator is.
  need master-address
  flags local
  call pool.emergency_reset_master master-address

command pool-emergency-transition-to-master
  doc Makes this host the coordinator of its pool.
  may force
  flags local
  call pool.emergency_transition_to_master

command pool-enable-binary-storage
  doc Lets blobs and recorded measurements be kept.
  flags hidden
  call pool.enable_binary_storage

command pool-enable-client-certificate-auth
  doc Lets clients with a certificate of this name log in by it.
  need name
  call pool.enable_client_certificate_auth @pool name

command pool-enable-external-auth
  doc Lets users of a directory log in to all hosts.
  need auth-type service-name
  may uuid config:
  call pool.enable_external_auth uuid?@pool config: service-name auth-type

command pool-enable-local-storage-caching
  doc Lets all hosts keep local copies of shared disks.
  need uuid
  call pool.enable_local_storage_caching uuid

command pool-enable-redo-log
  doc Keeps a log of database changes on a storage repository.
  need sr-uuid
  call pool.enable_redo_log sr-uuid

command pool-enable-ssh
  doc Turns SSH on on all hosts.
  call pool.enable_ssh @pool

command pool-enable-tls-verification
  doc Makes hosts prove themselves by certificates to one another.
  call pool.enable_tls_verification

command pool-external-auth-set-ldaps
  doc Turns TLS to the directory on or off for all hosts.
  need ldaps
  may uuid force
  call pool.external_auth_set_ldaps uuid?@pool ldaps force?false

command pool-get-cpu-features
  doc Shows the CPU features all hosts have.
  code

command pool-get-guest-secureboot-readiness
  doc Shows whether the pool can boot guests with secure boot.
  call pool.get_guest_secureboot_readiness @pool

command pool-ha-compute-hypothetical-max-host-failures-to-tolerate
  doc Shows how many hosts may fail if VMs had these restart priorities; vm-uuid and restart-priority may be repeated.
  may vm-uuid restart-priority
  code

command pool-ha-compute-max-host-failures-to-tolerate
  doc Shows how many hosts may fail.
  call pool.ha_compute_max_host_failures_to_tolerate

command pool-ha-compute-vm-failover-plan
  doc Shows where the VMs of hosts would start if these failed.
  need host-uuids
  flags hidden
  code

command pool-ha-disable
  doc Turns high availability off.
  call pool.disable_ha

command pool-ha-enable
  doc Turns high availability on.
  may heartbeat-sr-uuids ha-config:
  call pool.enable_ha heartbeat-sr-uuids? ha-config:

command pool-ha-prevent-restarts-for
  doc Restarts no VMs for so many seconds.
  need seconds
  flags hidden
  call pool.ha_prevent_restarts_for seconds

command pool-initialize-wlb
  doc Connects the pool with a workload balancing server.
  need wlb_url wlb_username wlb_password xenserver_username xenserver_password
  call pool.initialize_wlb wlb_url wlb_username wlb_password xenserver_username xenserver_password

command pool-install-ca-certificate
  doc Adds a certificate authority that all hosts trust.
  need filename
  call pool.install_ca_certificate filename <filename

command pool-install-trusted-certificate
  doc Adds a certificate that is trusted for some purposes.
  need filename ca
  may uuid purpose
  call pool.install_trusted_certificate uuid?@pool ca <filename purpose?

command pool-join
  doc Makes this host a member of another pool.
  need master-address master-username master-password
  may force
  when force pool.join_force master-address master-username master-password
  call pool.join master-address master-username master-password

command pool-management-reconfigure
  doc Moves the management of all hosts to another network.
  need network-uuid
  call pool.management_reconfigure network-uuid

command pool-recover-slaves
  doc Makes hosts that follow a lost coordinator follow this one.
  call pool.recover_slaves

command pool-reset-telemetry-uuid
  doc Gives the pool a new identity for telemetry.
  call pool.reset_telemetry_uuid @pool

command pool-restore-database
  doc Replaces the pool's database by that of a file.
  need file-name
  may dry-run
  code

command pool-retrieve-wlb-configuration
  doc Shows the settings of the workload balancing server.
  call pool.retrieve_wlb_configuration

command pool-retrieve-wlb-diagnostics
  doc Fetches the diagnostics of the workload balancing server.
  may filename
  missing no server balances the load of hosts yet

command pool-retrieve-wlb-recommendations
  doc Shows which VMs the workload balancing server would move.
  call pool.retrieve_wlb_recommendations

command pool-retrieve-wlb-report
  doc Fetches a report of the workload balancing server.
  need report
  may filename
  missing no server balances the load of hosts yet

command pool-secret-rotate
  doc Replaces the secret the pool's hosts share.
  call pool.rotate_secret

command pool-send-test-post
  doc Sends a text to a host by HTTPS and shows the answer.
  need dest-host dest-port body
  call pool.send_test_post dest-host dest-port body

command pool-send-wlb-configuration
  doc Sends settings to the workload balancing server.
  may config:
  call pool.send_wlb_configuration config:

command pool-set-update-sync-enabled
  doc Turns the regular reading of update repositories on or off.
  need value
  call pool.set_update_sync_enabled @pool value

command pool-set-vswitch-controller
  doc Sets the address of the controller of virtual switches.
  need address
  flags hidden
  call pool.set_vswitch_controller address

command pool-sync-bundle
  doc Takes updates from a bundle file.
  need filename
  code

command pool-sync-database
  doc Writes the database to every host now.
  call pool.sync_database

command pool-sync-updates
  doc Fetches what the update repositories offer.
  may force token token-id username password
  call pool.sync_updates @pool force?false token? token-id? username? password?

command pool-uninstall-ca-certificate
  doc Removes a certificate authority.
  need name
  may force
  call pool.uninstall_ca_certificate name force?false

command pool-uninstall-trusted-certificate
  doc Removes a trusted certificate.
  need certificate-uuid
  may uuid
  call pool.uninstall_trusted_certificate uuid?@pool certificate-uuid

command pool-vlan-create
  doc Makes a VLAN on the same interface of every host.
  need pif-uuid vlan network-uuid
  call pool.create_VLAN_from_PIF pif-uuid network-uuid vlan

command pusb-scan
  doc Looks for USB devices of a host.
  need host-uuid
  call PUSB.scan host-uuid

command pvs-cache-storage-create
  doc Keeps streamed disks on a storage repository of a host.
  on host
  need sr-uuid pvs-site-uuid size
  call PVS_cache_storage.create { host=@ SR=sr-uuid site=pvs-site-uuid size=size }

command pvs-cache-storage-destroy
  doc Removes a cache of streamed disks.
  need uuid
  call PVS_cache_storage.destroy uuid

command pvs-proxy-create
  doc Lets a network interface take streamed disks from a site's cache.
  need pvs-site-uuid vif-uuid
  call PVS_proxy.create pvs-site-uuid vif-uuid

command pvs-proxy-destroy
  doc Removes a proxy of streamed disks.
  need uuid
  call PVS_proxy.destroy uuid

command pvs-server-forget
  doc Removes a server of streamed disks.
  need uuid
  call PVS_server.forget uuid

command pvs-server-introduce
  doc Adds a server of streamed disks.
  need addresses first-port last-port pvs-site-uuid
  call PVS_server.introduce addresses first-port last-port pvs-site-uuid

command pvs-site-forget
  doc Removes a site of streamed disks.
  need uuid
  call PVS_site.forget uuid

command pvs-site-introduce
  doc Adds a site of streamed disks.
  need name-label
  may name-description pvs-uuid
  call PVS_site.introduce name-label name-description? pvs-uuid?

command rate-limit-add-caller
  doc Puts a client under a limit.
  need uuid caller-uuid
  call Rate_limit.add_caller uuid caller-uuid

command rate-limit-create
  doc Limits how often clients may call.
  need burst-size fill-rate
  may name-label name-description caller-uuids
  code

command rate-limit-destroy
  doc Removes a limit.
  need uuid
  call Rate_limit.destroy uuid

command rate-limit-remove-caller
  doc Takes a client from under a limit.
  need uuid caller-uuid
  call Rate_limit.remove_caller uuid caller-uuid

command repository-forget
  doc Removes an update repository.
  need uuid
  call Repository.forget uuid

command repository-introduce
  doc Adds an update repository.
  need name-label binary-url source-url update
  may name-description gpgkey-path
  call Repository.introduce name-label name-description? binary-url source-url update gpgkey-path?

command repository-introduce-bundle
  doc Adds an update repository that is filled from bundle files.
  need name-label
  may name-description
  call Repository.introduce_bundle name-label name-description?

command repository-introduce-remote-pool
  doc Adds an update repository of another pool.
  need name-label binary-url certificate-file
  may name-description
  call Repository.introduce_remote_pool name-label name-description? binary-url <certificate-file

command repository-set-gpgkey-path
  doc Sets by which key an update repository is checked.
  need uuid gpgkey-path
  call Repository.set_gpgkey_path uuid gpgkey-path

command sdn-controller-forget
  doc Removes a controller of software-defined networks.
  need uuid
  call SDN_controller.forget uuid

command sdn-controller-introduce
  doc Adds a controller of software-defined networks.
  may address protocol tcp-port
  call SDN_controller.introduce protocol?ssl address? tcp-port?0

command secret-create
  doc Keeps a secret.
  need value
  call secret.create { value=value }

command secret-destroy
  doc Removes a secret.
  need uuid
  call secret.destroy uuid

command session-subject-identifier-list
  doc Shows which users of the directory are logged in.
  call session.get_all_subject_identifiers

command session-subject-identifier-logout
  doc Ends all sessions of a user of the directory.
  need subject-identifier
  call session.logout_subject_identifier subject-identifier

command session-subject-identifier-logout-all
  doc Ends all sessions of users of the directory.
  code

command snapshot-clone
  doc Makes a template like a snapshot.
  need new-name-label
  may uuid new-name-description
  flags common
  given uuid VM.clone uuid new-name-label
  then VM.set_name_description @result new-name-description

command snapshot-copy
  doc Makes a template like a snapshot, with full copies of its disks.
  need new-name-label
  may uuid new-name-description sr-uuid
  flags common
  given uuid VM.copy uuid new-name-label sr-uuid?null
  then VM.set_name_description @result new-name-description

command snapshot-destroy
  doc Destroys a snapshot and leaves its disks.
  may uuid snapshot-uuid
  given snapshot-uuid VM.destroy snapshot-uuid
  given uuid VM.destroy uuid

command snapshot-disk-list
  doc Shows the disks of a snapshot.
  may uuid snapshot-uuid vbd-params vdi-params
  flags common
  code

command snapshot-export-to-template
  doc Writes a snapshot to a file, as a template.
  need filename snapshot-uuid
  may preserve-power-state compress metadata excluded-device-types
  flags common
  code

command snapshot-reset-powerstate
  doc Says that a snapshot is halted whatever the database holds; only with force.
  may uuid snapshot-uuid force
  flags common
  code

command snapshot-revert
  doc Takes a VM back to the state of a snapshot.
  may uuid snapshot-uuid
  flags common
  given snapshot-uuid VM.revert snapshot-uuid
  given uuid VM.revert uuid

command snapshot-uninstall
  doc Destroys a snapshot with its disks; asks first unless force is given.
  may uuid snapshot-uuid force
  flags common
  code

command sr-create
  doc Makes a storage repository and attaches it.
  need name-label type
  may name-description host-uuid device-config: shared physical-size content-type sm-config:
  call SR.create host-uuid?@host device-config: physical-size?0 name-label name-description? type content-type? shared?false sm-config:

command sr-data-source-forget
  doc Ends the recording of a measurement of a storage repository.
  on sr
  need data-source
  call SR.forget_data_source_archives @ data-source

command sr-data-source-list
  doc Shows what is measured of a storage repository.
  on sr
  call SR.get_data_sources @

command sr-data-source-query
  doc Shows the last value of a measurement of a storage repository.
  on sr
  need data-source
  call SR.query_data_source @ data-source

command sr-data-source-record
  doc Records a measurement of a storage repository.
  on sr
  need data-source
  call SR.record_data_source @ data-source

command sr-destroy
  doc Destroys a storage repository on its storage.
  need uuid
  call SR.destroy uuid

command sr-disable-database-replication
  doc Keeps no more copies of the pool's database on a storage repository.
  need uuid
  call SR.disable_database_replication uuid

command sr-enable-database-replication
  doc Keeps copies of the pool's database on a storage repository.
  need uuid
  call SR.enable_database_replication uuid

command sr-forget
  doc Removes a storage repository from the database; its storage stays as it is.
  need uuid
  call SR.forget uuid

command sr-introduce
  doc Adds a storage repository that is there already.
  need name-label type uuid
  may name-description shared content-type
  call SR.introduce uuid name-label name-description? type content-type? shared?false

command sr-probe
  doc Shows what storage a driver finds.
  need type
  may host-uuid device-config: sm-config:
  call SR.probe host-uuid?@host device-config: type sm-config:

command sr-probe-ext
  doc Shows what storage a driver finds, item by item.
  need type
  may host-uuid device-config: sm-config:
  call SR.probe_ext host-uuid?@host device-config: type sm-config:

command sr-scan
  doc Looks for disks that came or went in a storage repository.
  need uuid
  call SR.scan uuid

command sr-update
  doc Reads again what a storage repository holds.
  need uuid
  call SR.update uuid

command subject-add
  doc Lets a user or group of the directory log in.
  need subject-name
  code

command subject-remove
  doc Takes the log-in of a user or group of the directory away.
  need subject-uuid
  call subject.destroy subject-uuid

command subject-role-add
  doc Gives a user or group a role.
  need uuid
  may role-name role-uuid
  given role-uuid subject.add_to_roles uuid role-uuid
  given role-name subject.add_to_roles uuid role-name

command subject-role-remove
  doc Takes a role from a user or group.
  need uuid
  may role-name role-uuid
  given role-uuid subject.remove_from_roles uuid role-uuid
  given role-name subject.remove_from_roles uuid role-name

command task-cancel
  doc Asks a running task to stop.
  need uuid
  call task.cancel uuid

command template-export
  doc Writes a template with its disks to a file.
  need filename template-uuid
  may compress metadata excluded-device-types
  flags common
  code

command template-uninstall
  doc Destroys a template with its disks; asks first unless force is given.
  need template-uuid
  may force
  flags common
  code

command tunnel-create
  doc Makes a tunnel on an interface.
  need pif-uuid network-uuid
  may protocol
  call tunnel.create pif-uuid network-uuid protocol?gre
  result access_PIF

command tunnel-destroy
  doc Removes a tunnel.
  need uuid
  call tunnel.destroy uuid

command update-apply
  doc Applies an update to a host.
  on host
  need uuid
  call pool_update.apply uuid @

command update-destroy
  doc Removes an update no host has.
  need uuid
  call pool_update.destroy uuid

command update-introduce
  doc Makes an update of a disk that holds one.
  need vdi-uuid
  call pool_update.introduce vdi-uuid

command update-pool-apply
  doc Applies an update to all hosts.
  need uuid
  call pool_update.pool_apply uuid

command update-pool-clean
  doc Removes the files of an update from all hosts.
  need uuid
  call pool_update.pool_clean uuid

command update-precheck
  doc Checks whether an update can be applied to a host.
  on host
  need uuid
  call pool_update.precheck uuid @

command update-resync-host
  doc Reads again which updates a host has.
  need host-uuid
  flags hidden
  call pool_update.resync_host host-uuid

command update-upload
  doc Sends an update to the pool.
  need file-name
  may sr-uuid
  missing updates come from repositories, not as files

command user-password-change
  doc Changes the password of the user who is logged in.
  need new
  may old
  call session.change_password old? new

command vbd-create
  doc Connects a disk or a CD drive to a VM.
  need vm-uuid device
  may vdi-uuid bootable type mode unpluggable
  given type=CD VBD.create { VM=vm-uuid VDI=vdi-uuid?null userdevice=device bootable=bootable?false mode=mode?RO type=type unpluggable=unpluggable?true empty=!vdi-uuid }
  call VBD.create { VM=vm-uuid VDI=vdi-uuid?null userdevice=device bootable=bootable?false mode=mode?RW type=type?Disk unpluggable=unpluggable?true empty=!vdi-uuid }

command vbd-destroy
  doc Removes a device from a VM; the disk stays.
  need uuid
  call VBD.destroy uuid

command vbd-eject
  doc Takes what is in a CD drive out.
  need uuid
  call VBD.eject uuid

command vbd-insert
  doc Puts a disk into a CD drive.
  need uuid vdi-uuid
  call VBD.insert uuid vdi-uuid

command vbd-pause
  doc Holds the traffic of a device.
  need uuid
  flags hidden
  call VBD.pause uuid

command vbd-plug
  doc Connects a device to its running VM.
  need uuid
  call VBD.plug uuid

command vbd-unpause
  doc Lets the traffic of a device go on.
  need uuid token
  flags hidden
  call VBD.unpause uuid token

command vbd-unplug
  doc Takes a device from its running VM; with timeout asks again for so many seconds.
  need uuid
  may timeout force
  code

command vdi-clone
  doc Makes a disk like another; they share until written where the storage can.
  need uuid
  may driver-params- new-name-label new-name-description
  call VDI.clone uuid driver-params-
  then VDI.set_name_label @result new-name-label
  then VDI.set_name_description @result new-name-description

command vdi-copy
  doc Copies a disk, into another storage repository or another disk.
  need uuid
  may sr-uuid base-vdi-uuid into-vdi-uuid
  call VDI.copy uuid sr-uuid?null base-vdi-uuid?null into-vdi-uuid?null

command vdi-create
  doc Makes a disk.
  need sr-uuid name-label virtual-size
  may sm-config: sharable tags type
  call VDI.create { SR=sr-uuid name_label=name-label virtual_size=virtual-size sharable=sharable?false type=type?user sm_config=sm-config: tags=tags? }

command vdi-data-destroy
  doc Destroys what a snapshot holds and keeps the note of which blocks changed.
  need uuid
  call VDI.data_destroy uuid

command vdi-destroy
  doc Destroys a disk with all it holds.
  need uuid
  call VDI.destroy uuid

command vdi-disable-cbt
  doc Ends noting which blocks of a disk change.
  need uuid
  call VDI.disable_cbt uuid

command vdi-enable-cbt
  doc Starts to note which blocks of a disk change.
  need uuid
  call VDI.enable_cbt uuid

command vdi-export
  doc Writes a disk to a file.
  need uuid filename
  may format base progress
  code

command vdi-forget
  doc Removes a disk from the database; what it holds stays.
  need uuid
  call VDI.forget uuid

command vdi-generate-config
  doc Shows how a host would attach a disk.
  need host-uuid uuid
  flags hidden
  call VDI.generate_config host-uuid uuid

command vdi-import
  doc Fills a disk from a file.
  need uuid filename
  may format progress
  code

command vdi-introduce
  doc Adds a disk that is there already.
  need uuid sr-uuid type location
  may name-description sharable read-only managed other-config: xenstore-data: sm-config: name-label
  call VDI.introduce uuid name-label? name-description? sr-uuid type sharable?false read-only?false other-config: location xenstore-data: sm-config: managed?true

command vdi-list-changed-blocks
  doc Shows which blocks changed between two disks, as a bitmap in base64.
  need vdi-from-uuid vdi-to-uuid
  call VDI.list_changed_blocks vdi-from-uuid vdi-to-uuid

command vdi-pool-migrate
  doc Moves a disk of a running VM to another storage repository.
  need uuid sr-uuid
  may dest-img-format
  call VDI.pool_migrate uuid sr-uuid { dest_img_format=dest-img-format? }

command vdi-resize
  doc Changes the size of a disk.
  need uuid disk-size
  may online
  call VDI.resize uuid disk-size

command vdi-snapshot
  doc Keeps the state of a disk.
  need uuid
  may driver-params-
  call VDI.snapshot uuid driver-params-

command vdi-unlock
  doc Was: breaks the lock of a disk.
  need uuid
  may force
  call VDI.force_unlock uuid

command vdi-update
  doc Reads again what the storage says of a disk.
  need uuid
  call VDI.update uuid

command vgpu-create
  doc Gives a VM a virtual GPU.
  need vm-uuid gpu-group-uuid
  may vgpu-type-uuid device
  call VGPU.create vm-uuid gpu-group-uuid device?0 = vgpu-type-uuid?null

command vgpu-destroy
  doc Takes a virtual GPU from a VM.
  need uuid
  call VGPU.destroy uuid

command vif-configure-ipv4
  doc Sets the IPv4 address of a network interface inside the guest.
  need uuid mode
  may address gateway
  call VIF.configure_ipv4 uuid mode address? gateway?

command vif-configure-ipv6
  doc Sets the IPv6 address of a network interface inside the guest.
  need uuid mode
  may address gateway
  call VIF.configure_ipv6 uuid mode address? gateway?

command vif-create
  doc Connects a VM to a network.
  need device network-uuid vm-uuid
  may mac
  code

command vif-destroy
  doc Removes a network interface from a VM.
  need uuid
  call VIF.destroy uuid

command vif-move
  doc Moves a network interface to another network.
  need uuid network-uuid
  call VIF.move uuid network-uuid

command vif-plug
  doc Connects a network interface to its running VM.
  need uuid
  call VIF.plug uuid

command vif-unplug
  doc Takes a network interface from its running VM.
  need uuid
  may force
  when force VIF.unplug_force uuid
  call VIF.unplug uuid

command vlan-create
  doc Makes a VLAN on a physical interface.
  need pif-uuid vlan network-uuid
  call VLAN.create pif-uuid vlan network-uuid
  result untagged_PIF

command vlan-destroy
  doc Removes a VLAN, given by its own UUID or that of its interface.
  need uuid
  code

command vm-assert-can-be-recovered
  doc Shows whether a VM can be brought back from a copied database.
  need uuid
  may database:
  missing no server opens copied databases yet

command vm-call-host-plugin
  doc Calls a function of a plug-in on the host a VM runs on.
  need vm-uuid plugin fn
  may args:
  call VM.call_host_plugin vm-uuid plugin fn args:

command vm-call-plugin
  doc Calls a function of a plug-in inside a VM.
  need vm-uuid plugin fn
  may args:
  call VM.call_plugin vm-uuid plugin fn args:

command vm-cd-add
  doc Adds a CD drive with a CD to a VM.
  on vm
  need cd-name device
  flags common templates
  code

command vm-cd-eject
  doc Takes the CD out of a VM's drive.
  on vm
  flags common templates
  code

command vm-cd-insert
  doc Puts a CD into a VM's empty drive.
  on vm
  need cd-name
  flags common templates
  code

command vm-cd-list
  doc Shows the CD drives of VMs and what is in them.
  on vm
  may vbd-params vdi-params
  flags common templates
  code

command vm-cd-remove
  doc Removes the CD drive that holds a CD from a VM.
  on vm
  need cd-name
  flags common templates
  code

command vm-checkpoint
  doc Keeps the state of a VM's disks and memory.
  on vm
  need new-name-label
  may new-name-description
  flags common
  call VM.checkpoint @ new-name-label
  then VM.set_name_description @result new-name-description

command vm-clone
  doc Makes a VM like another; disks are shared until written where the storage can.
  on vm
  need new-name-label
  may new-name-description
  flags common templates
  call VM.clone @ new-name-label
  then VM.set_name_description @result new-name-description

command vm-compute-maximum-memory
  doc Shows how much memory a VM can have within a total.
  on vm
  need total
  may approximate
  flags common
  call VM.maximise_memory @ total approximate?true

command vm-compute-memory-overhead
  doc Shows how much memory a VM takes beside its own.
  on vm
  flags templates
  call VM.compute_memory_overhead @

command vm-copy
  doc Makes a VM like another, with full copies of its disks.
  on vm
  need new-name-label
  may new-name-description sr-uuid
  flags common templates
  call VM.copy @ new-name-label sr-uuid?null
  then VM.set_name_description @result new-name-description

command vm-copy-bios-strings
  doc Gives a VM the BIOS strings of a host.
  on vm
  need host-uuid
  flags templates
  call VM.copy_bios_strings @ host-uuid

command vm-crashdump-list
  doc Shows the crash dumps of VMs.
  on vm
  code

command vm-create
  doc Makes an empty VM.
  need name-label
  may name-description
  flags hidden
  call VM.create { name_label=name-label name_description=name-description? memory_static_max==268435456 memory_dynamic_max==268435456 memory_dynamic_min==268435456 memory_static_min==134217728 VCPUs_max==1 VCPUs_at_startup==1 actions_after_shutdown==destroy actions_after_reboot==restart actions_after_crash==restart }

command vm-data-source-forget
  doc Ends the recording of a measurement of a VM and removes what was recorded.
  on vm
  need data-source
  call VM.forget_data_source_archives @ data-source

command vm-data-source-list
  doc Shows what is measured of a VM.
  on vm
  call VM.get_data_sources @

command vm-data-source-query
  doc Shows the last value of a measurement of a VM.
  on vm
  need data-source
  call VM.query_data_source @ data-source

command vm-data-source-record
  doc Records a measurement of a VM.
  on vm
  need data-source
  call VM.record_data_source @ data-source

command vm-destroy
  doc Destroys a VM and leaves its disks.
  need uuid
  call VM.destroy uuid

command vm-disk-add
  doc Makes a disk and connects it to a VM.
  on vm
  need disk-size device
  may sr-uuid
  flags common templates
  code

command vm-disk-list
  doc Shows the disks of VMs: the devices and what is in them.
  on vm
  may vbd-params vdi-params
  flags common templates
  code

command vm-disk-remove
  doc Takes a disk from a VM and destroys it.
  on vm
  need device
  flags common templates
  code

command vm-export
  doc Writes a VM with its disks to a file.
  on vm
  need filename
  may preserve-power-state compress metadata excluded-device-types include-snapshots
  flags common templates
  code

command vm-get-secureboot-readiness
  doc Shows whether a VM can boot with secure boot.
  need uuid
  call VM.get_secureboot_readiness uuid

command vm-group-create
  doc Makes a group of VMs that are placed with regard to one another.
  need name-label placement
  may name-description
  call VM_group.create { name_label=name-label placement=placement name_description=name-description? }

command vm-group-destroy
  doc Removes a group of VMs.
  need uuid
  call VM_group.destroy uuid

command vm-import
  doc Makes VMs from a file written by vm-export.
  may filename preserve sr-uuid force host-username host-password type remote-config dry-run metadata url vdi:
  flags common
  code

command vm-install
  doc Makes a VM from a template, with the disks the template asks for; it is not started.
  doc What hostname, ssh-key, user-data and network-config say, its guest's cloud-init is told at each start; the last three may be @FILE.
  need new-name-label
  may sr-name-label sr-uuid template copy-bios-strings-from hostname ssh-key user-data network-config
  flags common
  code

command vm-is-bios-customized
  doc Shows whether a VM has BIOS strings of its own.
  on vm
  flags templates
  code

command vm-memory-balloon
  doc Sets how much memory a VM shall have now.
  on vm
  need target
  flags hidden deprecated templates
  call VM.set_memory_dynamic_range @ target target

command vm-memory-dynamic-range-set
  doc Sets between what a VM's memory may move while it runs.
  on vm
  need min max
  flags templates
  call VM.set_memory_dynamic_range @ min max

command vm-memory-limits-set
  doc Sets all four limits of a VM's memory.
  on vm
  need static-min static-max dynamic-min dynamic-max
  flags templates
  call VM.set_memory_limits @ static-min static-max dynamic-min dynamic-max

command vm-memory-set
  doc Gives a VM this much memory.
  on vm
  need memory
  flags templates
  call VM.set_memory @ memory

command vm-memory-shadow-multiplier-set
  doc Sets how much memory a VM has for shadow page tables.
  on vm
  need multiplier
  call VM.set_shadow_multiplier_live @ multiplier

command vm-memory-static-range-set
  doc Sets between what a halted VM's memory may be set.
  on vm
  need min max
  flags templates
  call VM.set_memory_static_range @ min max

command vm-memory-target-set
  doc Sets how much memory a VM shall have now.
  on vm
  need target
  flags templates
  call VM.set_memory_dynamic_range @ target target

command vm-memory-target-wait
  doc Waits until a VM has as much memory as it shall have.
  on vm
  flags hidden
  call VM.wait_memory_target_live @

command vm-migrate
  doc Moves a VM to another host, or with remote-master to another pool.
  on vm
  may live host host-uuid remote-master remote-username remote-password remote-network force copy compress vif: vdi: image-format:
  flags common
  code

command vm-pause
  doc Stops the CPUs of running VMs.
  on vm
  flags common
  call VM.pause @

command vm-query-services
  doc Shows the services a VM offers.
  on vm
  flags common hidden
  call VM.query_services @

command vm-reboot
  doc Boots running VMs again: cleanly, or at once with force.
  on vm
  may force
  flags common
  when force VM.hard_reboot @
  call VM.clean_reboot @

command vm-recover
  doc Brings a VM back from a copied database.
  need uuid
  may database: force
  missing no server opens copied databases yet

command vm-reset-powerstate
  doc Says that a VM is halted whatever the database holds; only with force, and only when it is so.
  on vm
  may force
  flags common
  when force VM.power_state_reset @

command vm-restart-device-models
  doc Replaces the programs that stand for a VM's devices.
  on vm
  flags common
  call VM.restart_device_models @

command vm-resume
  doc Lets suspended VMs run on.
  on vm
  may force on
  flags common
  given on VM.resume_on @ on =false force?false
  call VM.resume @ =false force?false

command vm-retrieve-wlb-recommendations
  doc Shows where the workload balancing server would start a VM.
  on vm
  call VM.retrieve_wlb_recommendations @

command vm-set-uefi-mode
  doc Sets whether a VM's firmware checks signatures, or lets keys be set up.
  need uuid mode
  call VM.set_uefi_mode uuid mode

command vm-shutdown
  doc Shuts VMs down: cleanly, or at once with force.
  on vm
  may force
  flags common
  when force VM.hard_shutdown @
  call VM.clean_shutdown @

command vm-snapshot
  doc Keeps the state of a VM's disks.
  on vm
  need new-name-label
  may new-name-description ignore-vdi-uuids
  flags common
  call VM.snapshot @ new-name-label ignore-vdi-uuids?
  then VM.set_name_description @result new-name-description

command vm-snapshot-with-quiesce
  doc Was: a snapshot after asking the guest to write all out.
  on vm
  need new-name-label
  may new-name-description
  flags common
  call VM.snapshot_with_quiesce @ new-name-label
  then VM.set_name_description @result new-name-description

command vm-start
  doc Boots halted VMs.
  on vm
  may force on paused
  flags common
  given on VM.start_on @ on paused?false force?false
  call VM.start @ paused?false force?false

command vm-suspend
  doc Writes running VMs to disk and stops them.
  on vm
  flags common
  call VM.suspend @

command vm-sysprep
  doc Prepares a Windows VM for cloning by an answer file.
  on vm
  need filename
  may timeout
  call VM.sysprep @ <filename timeout?300

command vm-uninstall
  doc Destroys VMs with the disks that are theirs; asks first unless force is given.
  on vm
  may force
  flags common
  code

command vm-unpause
  doc Lets paused VMs run on.
  on vm
  flags common
  call VM.unpause @

command vm-update-secureboot-certificates-on-boot
  doc Says whether a VM's secure boot certificates are renewed at its next boot.
  on vm
  need mark
  call VM.update_secureboot_certificates_on_boot @ mark

command vm-vcpu-hotplug
  doc Sets how many CPUs a running VM has.
  on vm
  need new-vcpus
  call VM.set_VCPUs_number_live @ new-vcpus

command vm-vif-list
  doc Shows the network interfaces of VMs.
  on vm
  flags common templates
  code

command vmss-create
  doc Makes a schedule of snapshots.
  need name-label type frequency
  may name-description enabled schedule: retained-snapshots
  call VMSS.create { name_label=name-label type=type frequency=frequency name_description=name-description? enabled=enabled?true schedule=schedule: retained_snapshots=retained-snapshots?7 }

command vmss-destroy
  doc Removes a schedule of snapshots.
  need uuid
  call VMSS.destroy uuid

command vtpm-create
  doc Gives a VM a virtual TPM.
  need vm-uuid
  may is-unique
  call VTPM.create vm-uuid is-unique?false

command vtpm-destroy
  doc Removes a virtual TPM with all it holds; only with force.
  need uuid
  may force
  when force VTPM.destroy uuid

command vusb-create
  doc Gives a VM a USB device.
  need usb-group-uuid vm-uuid
  call VUSB.create vm-uuid usb-group-uuid

command vusb-destroy
  doc Removes a USB device from a VM.
  need uuid
  call VUSB.destroy uuid

command vusb-unplug
  doc Takes a USB device from its running VM.
  need uuid
  call VUSB.unplug uuid

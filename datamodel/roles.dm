# SPDX-License-Identifier: GPL-2.0-or-later
# Roles from the most to the least powerful, and permissions that belong to no message.

role pool-admin 0165f154-ba3e-034e-6b27-5d271af109ba
  doc Everything, root's own calls between hosts excepted.

role pool-operator b9ce9791-0604-50cd-0649-09b3284c7dfd
  doc All of the pool's life but for users, certificates' keys and a few dangerous calls.

role vm-power-admin 7955168d-7bec-10ed-105f-c6a7e6e63249
  doc VMs with everything that moves or copies them between hosts.

role vm-admin aaa00ab5-7340-bfbc-0d1b-7cf342639a6e
  doc VMs: make, change, delete, export and import them.

role vm-operator fb8d4ff9-310c-a959-0613-54101535d3d5
  doc VMs that are there: start and stop them, use their consoles.

role client-cert 2c42debf-c64a-2ecd-f674-3350f06409f7
  doc What a client known by certificate may do: reading, and what the update service needs.
  flags internal

role read-only 7233b8e3-eacb-d7da-2c95-f2e581cdbf4e
  doc Look at everything, change nothing.

permission http/get_services read-only
permission http/post_services pool-admin
permission http/put_services pool-admin
permission http/post_remote_db_access pool-admin
permission http/post_remote_db_access_v2 pool-admin
permission http/get_services_xenops vm-power-admin
permission http/post_services_xenops vm-power-admin
permission http/put_services_xenops vm-power-admin
permission http/get_services_sm vm-power-admin
permission http/post_services_sm vm-power-admin
permission http/put_services_sm vm-power-admin
permission http/put_import vm-admin
permission http/put_import_metadata vm-admin
permission http/put_import_raw_vdi vm-admin
permission http/get_export vm-admin
permission http/get_export_metadata vm-admin
permission http/get_export_raw_vdi vm-admin
permission http/connect_console vm-operator
permission http/connect_console/host_console pool-admin
permission http/connect_console_ws vm-operator
permission http/connect_console_ws/host_console_ws pool-admin
permission http/get_root read-only
permission http/post_cli read-only
permission http/get_host_backup pool-admin
permission http/put_host_restore pool-admin
permission http/get_host_logs_download pool-operator
permission http/put_pool_patch_upload pool-operator
permission http/get_vncsnapshot vm-operator
permission http/get_vncsnapshot/host_console pool-admin
permission http/get_pool_xml_db_sync pool-admin
permission http/put_pool_xml_db_sync pool-admin
permission http/get_config_sync pool-admin
permission http/get_system_status pool-operator
permission http/vm_rrd read-only
permission http/get_vm_rrds read-only
permission http/host_rrd read-only
permission http/get_host_rrds read-only
permission http/sr_rrd read-only
permission http/rrd_updates read-only
permission http/rrd pool-admin
permission http/get_blob read-only
permission http/put_blob vm-power-admin
permission http/put_messages vm-power-admin
permission http/connect_remotecmd pool-admin
permission http/get_wlb_report read-only
permission http/get_wlb_diagnostics read-only
permission http/get_audit_log read-only
permission http/post_root read-only
permission http/post_RPC2 read-only
permission http/post_json read-only
permission http/post_root_options read-only
permission http/post_json_options read-only
permission http/post_jsonrpc read-only
permission http/post_jsonrpc_options read-only
permission http/get_pool_update_download read-only
permission http/get_repository local-root
permission http/get_enabled_repository pool-operator
permission http/get_host_updates pool-operator
permission http/get_updates pool-operator
permission http/put_bundle pool-operator
permission task.destroy/any pool-operator

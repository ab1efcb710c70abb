# SPDX-License-Identifier: GPL-2.0-or-later

class SR
  since rio
  writer pool-operator

enum storage_operations
  value scan
  value destroy
  value forget
  value plug
  value unplug
  value update
  value vdi_create
  value vdi_introduce
  value vdi_destroy
  value vdi_resize
  value vdi_clone
  value vdi_snapshot
  value vdi_mirror
  value vdi_enable_cbt
  value vdi_disable_cbt
  value vdi_data_destroy
  value vdi_list_changed_blocks
  value vdi_set_on_boot
  value vdi_blocked
  value vdi_copy
  value vdi_force_unlock
  value vdi_forget
  value vdi_generate_config
  value vdi_resize_online
  value vdi_update
  value vdi_revert
  value pbd_create
  value pbd_destroy

field uuid dynamic string

field name__label static string = ""

field name__description static string = ""

field allowed_operations dynamic set(enum(storage_operations)) = []
  flags volatile

field current_operations dynamic map(string,enum(storage_operations)) = {}
  flags volatile

field VDIs dynamic set(ref(VDI))
  from VDI.SR

field PBDs dynamic set(ref(PBD))
  from PBD.SR

field virtual_allocation dynamic int

field physical_utilisation dynamic int

field physical_size static int

field type static string

field content_type static string

field shared dynamic bool

field other_config rw map(string,string)
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field tags rw set(string) = []
  since orlando
  writer vm-operator

field default_vdi_visibility dynamic bool
  flags internal

field sm_config rw map(string,string) = {}
  since miami

field blobs dynamic map(string,ref(blob)) = {}
  since orlando

field local_cache_enabled dynamic bool = false
  since cowley

field introduced_by dynamic ref(DR_task) = "OpaqueRef:NULL"
  since boston
  to DR_task.introduced_SRs

field clustered dynamic bool = false
  since dundee

field is_tools_sr dynamic bool = false
  since dundee

message create
  role pool-operator
  param host ref(host)
  param device_config map(string,string)
  param physical_size int
  param name_label string
  param name_description string
  param type string
  param content_type string
  param shared bool
  param sm_config map(string,string) = {}
  result ref(SR)
  errors SR_UNKNOWN_DRIVER

message introduce
  role pool-operator
  param uuid string
  param name_label string
  param name_description string
  param type string
  param content_type string
  param shared bool
  param sm_config map(string,string) = {}
  result ref(SR)

message make
  since rio, deprecated miami
  role pool-operator
  param host ref(host)
  param device_config map(string,string)
  param physical_size int
  param name_label string
  param name_description string
  param type string
  param content_type string
  param sm_config map(string,string) = {}
  result string

message destroy
  role pool-operator
  param sr ref(SR)
  errors SR_HAS_PBD

message forget
  role pool-operator
  param sr ref(SR)
  errors SR_HAS_PBD

message update
  since symc
  role pool-operator
  param sr ref(SR)

message get_supported_types
  role read-only
  flags sync query
  result set(string)

message scan
  role vm-power-admin
  param sr ref(SR)

message probe
  since miami
  role pool-operator
  param host ref(host)
  param device_config map(string,string)
  param type string
  param sm_config map(string,string) = {}
  result string

message probe_ext
  prototyped kolkata, since lima
  role pool-operator
  param host ref(host)
  param device_config map(string,string)
  param type string
  param sm_config map(string,string) = {}
  result set(record(probe_result))

message set_shared
  role pool-operator
  param sr ref(SR)
  param value bool

message set_name_label
  role pool-operator
  param sr ref(SR)
  param value string

message set_name_description
  role pool-operator
  param sr ref(SR)
  param value string

message create_new_blob
  since orlando
  role pool-operator
  param sr ref(SR)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message set_physical_size
  since miami
  role pool-operator
  flags sync
  param self ref(SR)
  param value int

message set_virtual_allocation
  since miami
  role local-root
  flags sync hidden
  param self ref(SR)
  param value int

message set_physical_utilisation
  since miami
  role local-root
  flags sync hidden
  param self ref(SR)
  param value int

message assert_can_host_ha_statefile
  since orlando
  role pool-operator
  flags query
  param sr ref(SR)

message assert_supports_database_replication
  since boston
  role pool-operator
  flags query
  param sr ref(SR)

message enable_database_replication
  since boston
  role pool-operator
  param sr ref(SR)

message disable_database_replication
  since boston
  role pool-operator
  param sr ref(SR)

message get_data_sources
  since dundee
  role read-only
  flags sync query
  param sr ref(SR)
  result set(record(data_source))

message record_data_source
  since dundee
  role pool-operator
  flags sync
  param sr ref(SR)
  param data_source string

message query_data_source
  since dundee
  role read-only
  flags sync query
  param sr ref(SR)
  param data_source string
  result float

message forget_data_source_archives
  since dundee
  role pool-operator
  flags sync
  param sr ref(SR)
  param data_source string

message get_live_hosts
  since stockholm
  role pool-operator
  flags query hidden
  param sr ref(SR)
  result set(ref(host))

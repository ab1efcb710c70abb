# SPDX-License-Identifier: GPL-2.0-or-later

class VDI
  since rio
  writer vm-admin
  flags constructor

enum on_boot
  value reset
  value persist

enum vdi_operations
  value clone
  value copy
  value resize
  value resize_online
  value snapshot
  value mirror
  value destroy
  value forget
  value update
  value force_unlock
  value generate_config
  value enable_cbt
  value disable_cbt
  value data_destroy
  value list_changed_blocks
  value set_on_boot
  value blocked
  value revert_to
  value revert_from

enum vdi_type
  value system
  value user
  value ephemeral
  value suspend
  value crashdump
  value ha_statefile
  value metadata
  value redo_log
  value rrd
  value pvs_cache
  value cbt_metadata

field uuid dynamic string

field name__label static string = ""

field name__description static string = ""

field allowed_operations dynamic set(enum(vdi_operations)) = []
  flags volatile

field current_operations dynamic map(string,enum(vdi_operations)) = {}
  flags volatile

field SR static ref(SR)
  to SR.VDIs

field VBDs dynamic set(ref(VBD))
  from VBD.VDI

field crash_dumps dynamic set(ref(crashdump))
  from crashdump.VDI

field virtual_size static int

field physical_utilisation dynamic int

field type static enum(vdi_type)

field sharable static bool

field read_only static bool

field other_config rw map(string,string)
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field storage_lock dynamic bool

field location dynamic string = ""
  since miami

field managed dynamic bool

field missing dynamic bool

field parent dynamic ref(VDI)
  since rio, deprecated ely

field xenstore_data rw map(string,string) = {}
  since miami

field sm_config rw map(string,string) = {}
  since miami

field is_a_snapshot dynamic bool = false
  since orlando

field snapshot_of dynamic ref(VDI) = "OpaqueRef:NULL"
  since orlando
  to VDI.snapshots

field snapshots dynamic set(ref(VDI))
  since orlando
  from VDI.snapshot_of

field snapshot_time dynamic datetime = "19700101T00:00:00Z"
  since orlando

field tags rw set(string) = []
  since orlando
  writer vm-operator

field allow_caching dynamic bool = false
  since cowley

field on_boot dynamic enum(on_boot) = "persist"
  since cowley

field metadata_of_pool dynamic ref(pool) = "OpaqueRef:NULL"
  since boston
  to pool.metadata_VDIs

field metadata_latest dynamic bool = false
  since boston

field is_tools_iso dynamic bool = false
  since dundee

field cbt_enabled dynamic bool = false
  since inverness

message snapshot
  role vm-admin
  param vdi ref(VDI)
  param driver_params map(string,string) = {}
  result ref(VDI)

message clone
  role vm-admin
  param vdi ref(VDI)
  param driver_params map(string,string) = {}
  result ref(VDI)

message resize
  role vm-admin
  param vdi ref(VDI)
  param size int

message resize_online
  since rio, deprecated inverness, removed inverness, restored unknown
  role vm-admin
  param vdi ref(VDI)
  param size int

message introduce
  since miami
  role vm-admin
  param uuid string
  param name_label string
  param name_description string
  param SR ref(SR)
  param type enum(vdi_type)
  param sharable bool
  param read_only bool
  param other_config map(string,string)
  param location string
  param xenstore_data map(string,string) = {}
  param sm_config map(string,string) = {}
  param managed bool = true
  param virtual_size int = 0
  param physical_utilisation int = 0
  param metadata_of_pool ref(pool) = "OpaqueRef:NULL"
  param is_a_snapshot bool = false
  param snapshot_time datetime = "19700101T00:00:00Z"
  param snapshot_of ref(VDI) = "OpaqueRef:NULL"
  result ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED

message pool_introduce
  role vm-admin
  flags hidden
  param uuid string
  param name_label string
  param name_description string
  param SR ref(SR)
  param type enum(vdi_type)
  param sharable bool
  param read_only bool
  param other_config map(string,string)
  param location string
  param xenstore_data map(string,string) = {}
  param sm_config map(string,string) = {}
  param managed bool = true
  param virtual_size int = 0
  param physical_utilisation int = 0
  param metadata_of_pool ref(pool) = "OpaqueRef:NULL"
  param is_a_snapshot bool = false
  param snapshot_time datetime = "19700101T00:00:00Z"
  param snapshot_of ref(VDI) = "OpaqueRef:NULL"
  param cbt_enabled bool = false
  result ref(VDI)

message db_introduce
  role local-root
  flags hidden
  param uuid string
  param name_label string
  param name_description string
  param SR ref(SR)
  param type enum(vdi_type)
  param sharable bool
  param read_only bool
  param other_config map(string,string)
  param location string
  param xenstore_data map(string,string) = {}
  param sm_config map(string,string) = {}
  param managed bool = true
  param virtual_size int = 0
  param physical_utilisation int = 0
  param metadata_of_pool ref(pool) = "OpaqueRef:NULL"
  param is_a_snapshot bool = false
  param snapshot_time datetime = "19700101T00:00:00Z"
  param snapshot_of ref(VDI) = "OpaqueRef:NULL"
  param cbt_enabled bool = false
  result ref(VDI)

message db_forget
  since miami
  role local-root
  flags hidden
  param vdi ref(VDI)

message update
  since symc
  role vm-admin
  param vdi ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED

message copy
  role vm-admin
  param vdi ref(VDI)
  param sr ref(SR) = "OpaqueRef:NULL"
  param base_vdi ref(VDI) = "OpaqueRef:NULL"
  param into_vdi ref(VDI) = "OpaqueRef:NULL"
  result ref(VDI)
  errors VDI_READONLY VDI_TOO_SMALL VDI_NOT_SPARSE

message force_unlock
  since rio, deprecated miami
  role vm-admin
  flags hidden
  param vdi ref(VDI)

message set_managed
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value bool

message forget
  role vm-admin
  param vdi ref(VDI)

message set_sharable
  since george
  role vm-admin
  flags sync
  param self ref(VDI)
  param value bool

message set_read_only
  role vm-admin
  flags sync
  param self ref(VDI)
  param value bool

message set_missing
  since miami
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value bool

message set_virtual_size
  since miami
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value int

message set_physical_utilisation
  since miami
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value int

message set_is_a_snapshot
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value bool

message set_snapshot_of
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value ref(VDI)

message set_snapshot_time
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value datetime

message set_metadata_of_pool
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value ref(pool)

message set_name_label
  role vm-admin
  param self ref(VDI)
  param value string

message set_name_description
  role vm-admin
  param self ref(VDI)
  param value string

message generate_config
  since orlando
  role vm-admin
  flags hidden
  param host ref(host)
  param vdi ref(VDI)
  result string

message set_on_boot
  since cowley
  role vm-admin
  param self ref(VDI)
  param value enum(on_boot)

message set_allow_caching
  since cowley
  role vm-admin
  param self ref(VDI)
  param value bool

message open_database
  since boston
  role pool-operator
  param self ref(VDI)
  result ref(session)

message checksum
  since boston
  role vm-admin
  flags hidden
  param self ref(VDI)
  result string

message read_database_pool_uuid
  since boston
  role read-only
  flags query
  param self ref(VDI)
  result string

message pool_migrate
  since tampa
  role vm-power-admin
  param vdi ref(VDI)
  param sr ref(SR)
  param options map(string,string)
  result ref(VDI)

message enable_cbt
  since inverness
  role vm-admin
  param self ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS
  errors OPERATION_NOT_ALLOWED VDI_INCOMPATIBLE_TYPE
  errors VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION

message disable_cbt
  since inverness
  role vm-admin
  param self ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS
  errors OPERATION_NOT_ALLOWED VDI_INCOMPATIBLE_TYPE
  errors VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION

message set_cbt_enabled
  since inverness
  role local-root
  flags hidden
  param self ref(VDI)
  param value bool

message data_destroy
  since inverness
  role vm-admin
  param self ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS
  errors OPERATION_NOT_ALLOWED VDI_INCOMPATIBLE_TYPE VDI_NO_CBT_METADATA VDI_IN_USE
  errors VDI_IS_A_PHYSICAL_DEVICE

message list_changed_blocks
  since inverness
  role vm-operator
  flags query
  param vdi_from ref(VDI)
  param vdi_to ref(VDI)
  result string
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS VDI_IN_USE

message get_nbd_info
  since inverness
  role vm-admin
  flags sync query
  param self ref(VDI)
  result set(record(vdi_nbd_server_info))
  errors VDI_INCOMPATIBLE_TYPE

message revert
  prototyped 26.16.0
  role vm-power-admin
  param snapshot ref(VDI)
  errors UNIMPLEMENTED_IN_SM_BACKEND

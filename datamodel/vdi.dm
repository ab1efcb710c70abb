# SPDX-License-Identifier: GPL-2.0-or-later

class VDI
  doc A virtual disk image: the bytes of a disk, CD or saved memory on a storage repository.
  since rio
  writer vm-admin
  flags constructor

enum on_boot
  doc Whether a disk keeps what was written to it over a boot of its VM.
  value reset
  value persist

enum vdi_operations
  doc Everything that can be done to a VDI.
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
  doc What a VDI is used for.
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
  doc Lasting, unique name of the VDI.

field name__label static string = ""
  doc Name people gave the VDI; it need not be unique.

field name__description static string = ""
  doc Free text about the VDI.

field allowed_operations dynamic set(enum(vdi_operations)) = []
  doc Operations a client may start on the VDI now; advice only, each call checks again.
  flags volatile

field current_operations dynamic map(string,enum(vdi_operations)) = {}
  doc Operations that run on the VDI now, by the task that runs them.
  flags volatile

field SR static ref(SR)
  doc Storage repository it lies on.
  to SR.VDIs

field VBDs dynamic set(ref(VBD))
  doc Drives that show it to VMs.
  from VBD.VDI

field crash_dumps dynamic set(ref(crashdump))
  doc Crash dumps that lie on it.
  from crashdump.VDI

field virtual_size static int
  doc Bytes the VM sees.

field physical_utilisation dynamic int
  doc Bytes it takes on the storage now.

field type static enum(vdi_type)
  doc What it is used for.

field sharable static bool
  doc Whether several VMs may write to it at once.

field read_only static bool
  doc Whether nobody may write to it.

field other_config rw map(string,string)
  doc Free keys that tools keep with the VDI.
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field storage_lock dynamic bool
  doc Whether the storage has it locked.

field location dynamic string = ""
  doc Its name within the SR, as the storage driver has it.
  since miami

field managed dynamic bool
  doc Whether it is an object of the API rather than a leftover of the driver.

field missing dynamic bool
  doc Whether the last scan did not find it on the storage.

field parent dynamic ref(VDI)
  doc Image it is a difference to; unused.
  since rio, deprecated ely

field xenstore_data rw map(string,string) = {}
  doc Keys written for the guest below the drive's entry.
  since miami

field sm_config rw map(string,string) = {}
  doc Keys the storage driver keeps with it.
  since miami

field is_a_snapshot dynamic bool = false
  doc Whether it is a snapshot.
  since orlando

field snapshot_of dynamic ref(VDI) = "OpaqueRef:NULL"
  doc Image it is a snapshot of.
  since orlando
  to VDI.snapshots

field snapshots dynamic set(ref(VDI))
  doc Snapshots taken of it.
  since orlando
  from VDI.snapshot_of

field snapshot_time dynamic datetime = "19700101T00:00:00Z"
  doc When this snapshot was taken.
  since orlando

field tags rw set(string) = []
  doc Words people sort VDI objects by.
  since orlando
  writer vm-operator

field allow_caching dynamic bool = false
  doc Whether hosts may keep a local cache of it.
  since cowley

field on_boot dynamic enum(on_boot) = "persist"
  doc Whether it is reset when its VM boots.
  since cowley

field metadata_of_pool dynamic ref(pool) = "OpaqueRef:NULL"
  doc Pool whose database is saved on it.
  since boston
  to pool.metadata_VDIs

field metadata_latest dynamic bool = false
  doc Whether it has the newest saved database of that pool.
  since boston

field is_tools_iso dynamic bool = false
  doc Whether it is the CD with the guest tools.
  since dundee

field cbt_enabled dynamic bool = false
  doc Whether changed blocks are tracked.
  since inverness

message snapshot
  doc Takes a read-only snapshot in the same SR.
  role vm-admin
  param vdi ref(VDI)
  param driver_params map(string,string) = {}
  result ref(VDI)

message clone
  doc Makes a writable copy in the same SR that shares blocks where the storage can.
  role vm-admin
  param vdi ref(VDI)
  param driver_params map(string,string) = {}
  result ref(VDI)

message resize
  doc Changes the size the VM sees.
  role vm-admin
  param vdi ref(VDI)
  param size int

message resize_online
  doc Changes the size the VM sees while the VM uses the disk.
  since rio, deprecated inverness, removed inverness, restored unknown
  role vm-admin
  param vdi ref(VDI)
  param size int

message introduce
  doc Makes an image that is already on the storage known to the pool.
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
  doc Makes a record for an image without asking the storage; for other hosts of the pool.
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
  doc Makes a record for an image without asking the storage; for storage drivers.
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
  doc Removes the record of an image without asking the storage; for storage drivers.
  since miami
  role local-root
  flags hidden
  param vdi ref(VDI)

message update
  doc Reads what the storage driver knows of the image again.
  since symc
  role vm-admin
  param vdi ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED

message copy
  doc Copies the whole image into another SR, or only what differs from base_vdi, into
  doc into_vdi.
  role vm-admin
  param vdi ref(VDI)
  param sr ref(SR) = "OpaqueRef:NULL"
  param base_vdi ref(VDI) = "OpaqueRef:NULL"
  param into_vdi ref(VDI) = "OpaqueRef:NULL"
  result ref(VDI)
  errors VDI_READONLY VDI_TOO_SMALL VDI_NOT_SPARSE

message force_unlock
  doc Would break the storage's lock; answers MESSAGE_DEPRECATED.
  since rio, deprecated miami
  role vm-admin
  flags hidden
  param vdi ref(VDI)

message set_managed
  doc Changes the mark managed; for storage drivers.
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value bool

message forget
  doc Removes the record; the image stays on the storage.
  role vm-admin
  param vdi ref(VDI)

message set_sharable
  doc Allows several VMs to write to it at once, or forbids it.
  since george
  role vm-admin
  flags sync
  param self ref(VDI)
  param value bool

message set_read_only
  doc Forbids writing to it, or allows it.
  role vm-admin
  flags sync
  param self ref(VDI)
  param value bool

message set_missing
  doc Changes the mark missing; for storage drivers.
  since miami
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value bool

message set_virtual_size
  doc Changes the recorded size; for storage drivers.
  since miami
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value int

message set_physical_utilisation
  doc Changes the recorded use of space; for storage drivers.
  since miami
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value int

message set_is_a_snapshot
  doc Changes the mark is_a_snapshot; for storage drivers.
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value bool

message set_snapshot_of
  doc Changes whose snapshot it is; for storage drivers.
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value ref(VDI)

message set_snapshot_time
  doc Changes when the snapshot was taken; for storage drivers.
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value datetime

message set_metadata_of_pool
  doc Changes whose database is saved on it; for storage drivers.
  since boston
  role local-root
  flags sync hidden
  param self ref(VDI)
  param value ref(pool)

message set_name_label
  doc Renames the VDI.
  role vm-admin
  param self ref(VDI)
  param value string

message set_name_description
  doc Changes the free text about the VDI.
  role vm-admin
  param self ref(VDI)
  param value string

message generate_config
  doc Configuration with which a host could attach the image at boot, without the pool.
  since orlando
  role vm-admin
  flags hidden
  param host ref(host)
  param vdi ref(VDI)
  result string

message set_on_boot
  doc Chooses whether the disk is reset when its VM boots; the VM must be halted.
  since cowley
  role vm-admin
  param self ref(VDI)
  param value enum(on_boot)

message set_allow_caching
  doc Allows or forbids local caches; VMs that use it must be halted.
  since cowley
  role vm-admin
  param self ref(VDI)
  param value bool

message open_database
  doc Opens the pool database saved on it and returns a session that reads it.
  since boston
  role pool-operator
  param self ref(VDI)
  result ref(session)

message checksum
  doc Checksum of the image's contents.
  since boston
  role vm-admin
  flags hidden
  param self ref(VDI)
  result string

message read_database_pool_uuid
  doc Uuid of the pool whose database is saved on it.
  since boston
  role read-only
  flags query
  param self ref(VDI)
  result string

message pool_migrate
  doc Moves the image of a running VM to another SR.
  since tampa
  role vm-power-admin
  param vdi ref(VDI)
  param sr ref(SR)
  param options map(string,string)
  result ref(VDI)

message enable_cbt
  doc Starts tracking which blocks change.
  since inverness
  role vm-admin
  param self ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS
  errors OPERATION_NOT_ALLOWED VDI_INCOMPATIBLE_TYPE
  errors VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION

message disable_cbt
  doc Stops tracking changed blocks and forgets what was tracked.
  since inverness
  role vm-admin
  param self ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS
  errors OPERATION_NOT_ALLOWED VDI_INCOMPATIBLE_TYPE
  errors VDI_ON_BOOT_MODE_INCOMPATIBLE_WITH_OPERATION

message set_cbt_enabled
  doc Changes the mark cbt_enabled; for storage drivers.
  since inverness
  role local-root
  flags hidden
  param self ref(VDI)
  param value bool

message data_destroy
  doc Deletes a snapshot's data but keeps its record of changed blocks.
  since inverness
  role vm-admin
  param self ref(VDI)
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS
  errors OPERATION_NOT_ALLOWED VDI_INCOMPATIBLE_TYPE VDI_NO_CBT_METADATA VDI_IN_USE
  errors VDI_IS_A_PHYSICAL_DEVICE

message list_changed_blocks
  doc Which blocks of 64 KiB differ between the two, as a bitmap in base64.
  since inverness
  role vm-operator
  flags query
  param vdi_from ref(VDI)
  param vdi_to ref(VDI)
  result string
  errors SR_OPERATION_NOT_SUPPORTED VDI_MISSING SR_NOT_ATTACHED SR_HAS_NO_PBDS VDI_IN_USE

message get_nbd_info
  doc Addresses, export name and certificate with which an NBD client can read the image.
  since inverness
  role vm-admin
  flags sync query
  param self ref(VDI)
  result set(record(vdi_nbd_server_info))
  errors VDI_INCOMPATIBLE_TYPE

message revert
  doc Puts the disk back to the contents of its snapshot.
  prototyped 26.16.0
  role vm-power-admin
  param snapshot ref(VDI)
  errors UNIMPLEMENTED_IN_SM_BACKEND

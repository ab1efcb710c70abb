# SPDX-License-Identifier: GPL-2.0-or-later

class SR
  doc A storage repository: a place for virtual disk images that hosts can attach.
  since rio
  writer pool-operator

enum storage_operations
  doc Everything that can be done to an SR, its images and its connections.
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
  doc Lasting, unique name of the SR.

field name__label static string = ""
  doc Name people gave the SR; it need not be unique.

field name__description static string = ""
  doc Free text about the SR.

field allowed_operations dynamic set(enum(storage_operations)) = []
  doc Operations a client may start on the SR now; advice only, each call checks again.
  flags volatile

field current_operations dynamic map(string,enum(storage_operations)) = {}
  doc Operations that run on the SR now, by the task that runs them.
  flags volatile

field VDIs dynamic set(ref(VDI))
  doc Images on it.
  from VDI.SR

field PBDs dynamic set(ref(PBD))
  doc How each host is connected to it.
  from PBD.SR

field virtual_allocation dynamic int
  doc Sum of the sizes its images may grow to, in bytes.

field physical_utilisation dynamic int
  doc Bytes in use on it.

field physical_size static int
  doc Bytes it has in all; -1 before the first scan.

field type static string
  doc Name of the storage driver, such as file, nfs or lvm.

field content_type static string
  doc What lies on it: user for disks, iso for CDs, disk for devices.

field shared dynamic bool
  doc Whether several hosts can use it at once.

field other_config rw map(string,string)
  doc Free keys that tools keep with the SR.
  key folder vm-operator
  key XenCenter.CustomFields.* vm-operator

field tags rw set(string) = []
  doc Words people sort SR objects by.
  since orlando
  writer vm-operator

field default_vdi_visibility dynamic bool
  doc Whether new images are shown at all.
  flags internal

field sm_config rw map(string,string) = {}
  doc Keys the storage driver keeps with it.
  since miami

field blobs dynamic map(string,ref(blob)) = {}
  doc Binary data stored with the SR, by name.
  since orlando

field local_cache_enabled dynamic bool = false
  doc Whether it holds a host's cache of remote disks.
  since cowley

field introduced_by dynamic ref(DR_task) = "OpaqueRef:NULL"
  doc Disaster recovery task that brought it into the pool.
  since boston
  to DR_task.introduced_SRs

field clustered dynamic bool = false
  doc Whether it is on a cluster file system that hosts must join.
  since dundee

field is_tools_sr dynamic bool = false
  doc Whether it holds the CD with the guest tools.
  since dundee

message create
  doc Makes a new SR on the storage, with a connection from the host, or from all when it is
  doc shared.
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
  doc Makes an SR that already exists on the storage known to the pool, without any
  doc connection.
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
  doc Made an SR on the storage without a record; answers MESSAGE_DEPRECATED.
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
  doc Deletes the SR on the storage with its records; it must be empty and unplugged.
  role pool-operator
  param sr ref(SR)
  errors SR_HAS_PBD

message forget
  doc Removes the records of the SR, its images and connections; the storage is untouched.
  role pool-operator
  param sr ref(SR)
  errors SR_HAS_PBD

message update
  doc Reads the sizes of the SR from the storage again.
  since symc
  role pool-operator
  param sr ref(SR)

message get_supported_types
  doc Names of the storage drivers there are.
  role read-only
  flags sync query
  result set(string)

message scan
  doc Compares the records of the images with what lies on the storage and corrects them.
  role vm-power-admin
  param sr ref(SR)

message probe
  doc Looks for SRs or targets at this place and answers in the driver's XML.
  since miami
  role pool-operator
  param host ref(host)
  param device_config map(string,string)
  param type string
  param sm_config map(string,string) = {}
  result string

message probe_ext
  doc Looks for SRs or targets at this place and answers as a list.
  prototyped kolkata, since lima
  role pool-operator
  param host ref(host)
  param device_config map(string,string)
  param type string
  param sm_config map(string,string) = {}
  result set(record(probe_result))

message set_shared
  doc Changes whether several hosts can use it.
  role pool-operator
  param sr ref(SR)
  param value bool

message set_name_label
  doc Renames the SR.
  role pool-operator
  param sr ref(SR)
  param value string

message set_name_description
  doc Changes the free text about the SR.
  role pool-operator
  param sr ref(SR)
  param value string

message create_new_blob
  doc Makes an empty blob that belongs to the SR.
  since orlando
  role pool-operator
  param sr ref(SR)
  param name string
  param mime_type string
  param public bool = false
  result ref(blob)

message set_physical_size
  doc Changes the recorded size.
  since miami
  role pool-operator
  flags sync
  param self ref(SR)
  param value int

message set_virtual_allocation
  doc Changes the recorded allocation; for storage drivers.
  since miami
  role local-root
  flags sync hidden
  param self ref(SR)
  param value int

message set_physical_utilisation
  doc Changes the recorded use; for storage drivers.
  since miami
  role local-root
  flags sync hidden
  param self ref(SR)
  param value int

message assert_can_host_ha_statefile
  doc Fails with the reason when the SR cannot hold the heartbeat of high availability.
  since orlando
  role pool-operator
  flags query
  param sr ref(SR)

message assert_supports_database_replication
  doc Fails with the reason when the pool's database cannot be saved on it.
  since boston
  role pool-operator
  flags query
  param sr ref(SR)

message enable_database_replication
  doc Keeps a copy of the pool's database on it.
  since boston
  role pool-operator
  param sr ref(SR)

message disable_database_replication
  doc Stops keeping a copy of the pool's database on it.
  since boston
  role pool-operator
  param sr ref(SR)

message get_data_sources
  doc The statistics that exist for the SR.
  since dundee
  role read-only
  flags sync query
  param sr ref(SR)
  result set(record(data_source))

message record_data_source
  doc Starts recording a statistic that is not recorded by default.
  since dundee
  role pool-operator
  flags sync
  param sr ref(SR)
  param data_source string

message query_data_source
  doc Latest value of one statistic.
  since dundee
  role read-only
  flags sync query
  param sr ref(SR)
  param data_source string
  result float

message forget_data_source_archives
  doc Deletes the recorded history of one statistic.
  since dundee
  role pool-operator
  flags sync
  param sr ref(SR)
  param data_source string

message get_live_hosts
  doc Hosts that are up and attached to it.
  since stockholm
  role pool-operator
  flags query hidden
  param sr ref(SR)
  result set(ref(host))

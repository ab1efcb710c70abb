# SPDX-License-Identifier: GPL-2.0-or-later

class VMPP
  doc Backups by schedule in old releases; gone.
  since cowley, deprecated clearwater, removed clearwater
  writer pool-operator
  flags constructor

enum vmpp_archive_frequency
  doc How often snapshots were archived.
  value never
  value always_after_backup
  value daily
  value weekly

enum vmpp_archive_target_type
  doc Where snapshots were archived.
  value none
  value cifs
  value nfs

enum vmpp_backup_frequency
  doc How often backups were made.
  value hourly
  value daily
  value weekly

enum vmpp_backup_type
  doc What a backup was.
  value snapshot
  value checkpoint

field uuid dynamic string
  doc Lasting, unique name of the protection policy.

field name__label rw string = ""
  doc Name people gave the protection policy; it need not be unique.

field name__description rw string = ""
  doc Free text about the protection policy.

field is_policy_enabled rw bool = true
  doc Whether it was in force.

field backup_type rw enum(vmpp_backup_type) = "snapshot"
  doc What a backup was.

field backup_retention_value static int = 7
  doc How many backups were kept.

field backup_frequency static enum(vmpp_backup_frequency) = "daily"
  doc How often backups were made.

field backup_schedule static map(string,string) = {}
  doc When backups were made.

field is_backup_running dynamic bool
  doc Whether a backup was running.

field backup_last_run_time dynamic datetime = "19700101T00:00:00Z"
  doc When a backup was last made.

field archive_target_type static enum(vmpp_archive_target_type) = "none"
  doc Where snapshots were archived.

field archive_target_config static map(string,string) = {}
  doc Settings of that place.

field archive_frequency static enum(vmpp_archive_frequency) = "never"
  doc How often snapshots were archived.

field archive_schedule static map(string,string) = {}
  doc When snapshots were archived.

field is_archive_running dynamic bool
  doc Whether archiving was running.

field archive_last_run_time dynamic datetime = "19700101T00:00:00Z"
  doc When snapshots were last archived.

field VMs dynamic set(ref(VM))
  doc VMs under it.
  from VM.protection_policy

field is_alarm_enabled static bool = false
  doc Whether mail was sent.

field alarm_config static map(string,string) = {}
  doc Where mail was sent.

field recent_alerts dynamic set(string) = []
  doc Alerts of late.

message protect_now
  doc Made a backup at once.
  role pool-operator
  flags sync
  param vmpp ref(VMPP)
  result string

message archive_now
  doc Archived a snapshot at once.
  role vm-power-admin
  flags sync
  param snapshot ref(VM)
  result string

message create_alert
  doc Recorded an alert.
  role local-root
  flags sync hidden
  param vmpp ref(VMPP)
  param name string
  param priority int
  param body string
  param data string

message get_alerts
  doc Alerts of the last hours.
  role pool-operator
  flags sync query
  param vmpp ref(VMPP)
  param hours_from_now int
  result set(string)

message set_backup_retention_value
  doc Set how many backups were kept.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value int

message set_is_backup_running
  doc Recorded whether a backup was running.
  role local-root
  flags sync hidden
  param self ref(VMPP)
  param value bool

message set_is_archive_running
  doc Recorded whether archiving was running.
  role local-root
  flags sync hidden
  param self ref(VMPP)
  param value bool

message set_backup_frequency
  doc Set how often backups were made.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value enum(vmpp_backup_frequency)

message set_backup_schedule
  doc Set when backups were made.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message set_archive_frequency
  doc Set how often snapshots were archived.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value enum(vmpp_archive_frequency)

message set_archive_schedule
  doc Set when snapshots were archived.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message set_archive_target_type
  doc Set where snapshots were archived.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value enum(vmpp_archive_target_type)

message set_archive_target_config
  doc Set how that place was reached.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message set_is_alarm_enabled
  doc Set whether mail was sent.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value bool

message set_alarm_config
  doc Set where mail was sent.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message add_to_backup_schedule
  doc Added a key to backup_schedule.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message add_to_archive_target_config
  doc Added a key to archive_target_config.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message add_to_archive_schedule
  doc Added a key to archive_schedule.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message add_to_alarm_config
  doc Added a key to alarm_config.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message remove_from_backup_schedule
  doc Removed a key from backup_schedule.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message remove_from_archive_target_config
  doc Removed a key from archive_target_config.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message remove_from_archive_schedule
  doc Removed a key from archive_schedule.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message remove_from_alarm_config
  doc Removed a key from alarm_config.
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message set_backup_last_run_time
  doc Recorded when a backup was last made.
  role local-root
  flags sync
  param self ref(VMPP)
  param value datetime

message set_archive_last_run_time
  doc Recorded when snapshots were last archived.
  role local-root
  flags sync
  param self ref(VMPP)
  param value datetime

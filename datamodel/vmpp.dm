# SPDX-License-Identifier: GPL-2.0-or-later

class VMPP
  since cowley, deprecated clearwater, removed clearwater
  writer pool-operator
  flags constructor

enum vmpp_archive_frequency
  value never
  value always_after_backup
  value daily
  value weekly

enum vmpp_archive_target_type
  value none
  value cifs
  value nfs

enum vmpp_backup_frequency
  value hourly
  value daily
  value weekly

enum vmpp_backup_type
  value snapshot
  value checkpoint

field uuid dynamic string

field name__label rw string = ""

field name__description rw string = ""

field is_policy_enabled rw bool = true

field backup_type rw enum(vmpp_backup_type) = "snapshot"

field backup_retention_value static int = 7

field backup_frequency static enum(vmpp_backup_frequency) = "daily"

field backup_schedule static map(string,string) = {}

field is_backup_running dynamic bool

field backup_last_run_time dynamic datetime = "19700101T00:00:00Z"

field archive_target_type static enum(vmpp_archive_target_type) = "none"

field archive_target_config static map(string,string) = {}

field archive_frequency static enum(vmpp_archive_frequency) = "never"

field archive_schedule static map(string,string) = {}

field is_archive_running dynamic bool

field archive_last_run_time dynamic datetime = "19700101T00:00:00Z"

field VMs dynamic set(ref(VM))
  from VM.protection_policy

field is_alarm_enabled static bool = false

field alarm_config static map(string,string) = {}

field recent_alerts dynamic set(string) = []

message protect_now
  role pool-operator
  flags sync
  param vmpp ref(VMPP)
  result string

message archive_now
  role vm-power-admin
  flags sync
  param snapshot ref(VM)
  result string

message create_alert
  role local-root
  flags sync hidden
  param vmpp ref(VMPP)
  param name string
  param priority int
  param body string
  param data string

message get_alerts
  role pool-operator
  flags sync query
  param vmpp ref(VMPP)
  param hours_from_now int
  result set(string)

message set_backup_retention_value
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value int

message set_is_backup_running
  role local-root
  flags sync hidden
  param self ref(VMPP)
  param value bool

message set_is_archive_running
  role local-root
  flags sync hidden
  param self ref(VMPP)
  param value bool

message set_backup_frequency
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value enum(vmpp_backup_frequency)

message set_backup_schedule
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message set_archive_frequency
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value enum(vmpp_archive_frequency)

message set_archive_schedule
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message set_archive_target_type
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value enum(vmpp_archive_target_type)

message set_archive_target_config
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message set_is_alarm_enabled
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value bool

message set_alarm_config
  role pool-operator
  flags sync
  param self ref(VMPP)
  param value map(string,string)

message add_to_backup_schedule
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message add_to_archive_target_config
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message add_to_archive_schedule
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message add_to_alarm_config
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string
  param value string

message remove_from_backup_schedule
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message remove_from_archive_target_config
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message remove_from_archive_schedule
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message remove_from_alarm_config
  role pool-operator
  flags sync
  param self ref(VMPP)
  param key string

message set_backup_last_run_time
  role local-root
  flags sync
  param self ref(VMPP)
  param value datetime

message set_archive_last_run_time
  role local-root
  flags sync
  param self ref(VMPP)
  param value datetime

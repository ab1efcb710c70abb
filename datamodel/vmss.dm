# SPDX-License-Identifier: GPL-2.0-or-later

class VMSS
  since falcon
  writer pool-operator
  flags constructor

enum vmss_frequency
  value hourly
  value daily
  value weekly

enum vmss_type
  value snapshot
  value checkpoint
  value snapshot_with_quiesce

field uuid dynamic string
  since rio

field name__label rw string = ""
  since rio

field name__description rw string = ""
  since rio

field enabled rw bool = true
  since rio

field type static enum(vmss_type)
  since rio

field retained_snapshots static int = 7
  since rio

field frequency static enum(vmss_frequency)
  since rio

field schedule static map(string,string) = {}
  since rio

field last_run_time dynamic datetime = "19700101T00:00:00Z"
  since rio

field VMs dynamic set(ref(VM))
  since rio
  from VM.snapshot_schedule

message snapshot_now
  role pool-operator
  flags sync
  param vmss ref(VMSS)
  result string

message set_retained_snapshots
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value int

message set_frequency
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value enum(vmss_frequency)

message set_schedule
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value map(string,string)

message add_to_schedule
  role pool-operator
  flags sync
  param self ref(VMSS)
  param key string
  param value string

message remove_from_schedule
  role pool-operator
  flags sync
  param self ref(VMSS)
  param key string

message set_last_run_time
  role local-root
  flags sync
  param self ref(VMSS)
  param value datetime

message set_type
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value enum(vmss_type)

# SPDX-License-Identifier: GPL-2.0-or-later

class VMSS
  doc Takes snapshots of its VMs by a schedule and drops old ones.
  since falcon
  writer pool-operator
  flags constructor

enum vmss_frequency
  doc How often snapshots are taken.
  value hourly
  value daily
  value weekly

enum vmss_type
  doc What kind of snapshot is taken.
  value snapshot
  value checkpoint
  value snapshot_with_quiesce

field uuid dynamic string
  doc Lasting, unique name of the snapshot schedule.
  since rio

field name__label rw string = ""
  doc Name people gave the snapshot schedule; it need not be unique.
  since rio

field name__description rw string = ""
  doc Free text about the snapshot schedule.
  since rio

field enabled rw bool = true
  doc Whether it is in force.
  since rio

field type static enum(vmss_type)
  doc What kind of snapshot is taken.
  since rio

field retained_snapshots static int = 7
  doc How many snapshots of each VM are kept, from 1 to 10.
  since rio

field frequency static enum(vmss_frequency)
  doc How often snapshots are taken.
  since rio

field schedule static map(string,string) = {}
  doc When snapshots are taken: hour, min, days.
  since rio

field last_run_time dynamic datetime = "19700101T00:00:00Z"
  doc When snapshots were last taken.
  since rio

field VMs dynamic set(ref(VM))
  doc VMs under it.
  since rio
  from VM.snapshot_schedule

message snapshot_now
  doc Takes a snapshot of each of its VMs at once.
  role pool-operator
  flags sync
  param vmss ref(VMSS)
  result string

message set_retained_snapshots
  doc Sets how many snapshots of each VM are kept.
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value int

message set_frequency
  doc Sets how often snapshots are taken.
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value enum(vmss_frequency)

message set_schedule
  doc Sets when snapshots are taken.
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value map(string,string)

message add_to_schedule
  doc Sets one key of the schedule.
  role pool-operator
  flags sync
  param self ref(VMSS)
  param key string
  param value string

message remove_from_schedule
  doc Removes one key of the schedule.
  role pool-operator
  flags sync
  param self ref(VMSS)
  param key string

message set_last_run_time
  doc Records when snapshots were last taken.
  role local-root
  flags sync
  param self ref(VMSS)
  param value datetime

message set_type
  doc Sets what kind of snapshot is taken.
  role pool-operator
  flags sync
  param self ref(VMSS)
  param value enum(vmss_type)

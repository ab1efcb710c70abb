# SPDX-License-Identifier: GPL-2.0-or-later

class VM_group
  prototyped 24.19.1
  writer vm-admin
  flags constructor

enum placement_policy
  value anti_affinity
  value normal

field uuid dynamic string
  since rio

field name__label rw string = ""
  since rio

field name__description rw string = ""
  since rio

field placement static enum(placement_policy) = "normal"

field VMs dynamic set(ref(VM))
  from VM.groups

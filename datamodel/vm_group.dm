# SPDX-License-Identifier: GPL-2.0-or-later

class VM_group
  doc VMs that are placed with regard to each other.
  prototyped 24.19.1
  writer vm-admin
  flags constructor

enum placement_policy
  doc Whether VMs of a group are kept on different hosts.
  value anti_affinity
  value normal

field uuid dynamic string
  doc Lasting, unique name of the VM group.
  since rio

field name__label rw string = ""
  doc Name people gave the VM group; it need not be unique.
  since rio

field name__description rw string = ""
  doc Free text about the VM group.
  since rio

field placement static enum(placement_policy) = "normal"
  doc How its VMs are placed.

field VMs dynamic set(ref(VM))
  doc VMs in it.
  from VM.groups

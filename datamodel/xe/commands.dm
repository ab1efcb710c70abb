# SPDX-License-Identifier: GPL-2.0-or-later
# The commands that are more than reading and setting fields.  FORMAT.md says how to read it.

command sr-create
  doc Creates a storage repository and attaches it.
  need name-label type
  may name-description host-uuid device-config: shared physical-size content-type sm-config:
  call SR.create host-uuid?@host device-config: physical-size?0 name-label name-description? type content-type? shared?false sm-config:

command sr-scan
  doc Looks for disks that came or went in a storage repository.
  need uuid
  call SR.scan uuid

command vm-install
  doc Makes a VM from a template, with the disks the template asks for; it is not started.
  need new-name-label
  may sr-name-label sr-uuid template copy-bios-strings-from
  flags common
  code

command vm-uninstall
  doc Destroys VMs with the disks that are theirs; asks first unless force is given.
  on vm
  may force
  flags common
  code

command vm-start
  doc Starts halted VMs.
  on vm
  may force on paused
  flags common
  given on VM.start_on @ on paused?false force?false
  call VM.start @ paused?false force?false

command vm-shutdown
  doc Shuts VMs down: cleanly, or at once with force.
  on vm
  may force
  flags common
  when force VM.hard_shutdown @
  call VM.clean_shutdown @

command vm-reboot
  doc Boots running VMs again: cleanly, or at once with force.
  on vm
  may force
  flags common
  when force VM.hard_reboot @
  call VM.clean_reboot @

command vm-pause
  doc Stops the CPUs of running VMs.
  on vm
  flags common
  call VM.pause @

command vm-unpause
  doc Lets paused VMs run on.
  on vm
  flags common
  call VM.unpause @

command vm-memory-limits-set
  doc Sets all four limits of a VM's memory.
  need static-min static-max dynamic-min dynamic-max
  on vm
  flags templates
  call VM.set_memory_limits @ static-min static-max dynamic-min dynamic-max

command vdi-copy
  doc Copies a disk, into another storage repository or another disk.
  need uuid
  may sr-uuid base-vdi-uuid into-vdi-uuid
  call VDI.copy uuid sr-uuid?null base-vdi-uuid?null into-vdi-uuid?null

command vbd-create
  doc Connects a disk or a CD drive to a VM.
  need vm-uuid device
  may vdi-uuid bootable type mode unpluggable
  given type=CD VBD.create { VM=vm-uuid VDI=vdi-uuid?null userdevice=device bootable=bootable?false mode=mode?RO type=type unpluggable=unpluggable?true empty=!vdi-uuid }
  call VBD.create { VM=vm-uuid VDI=vdi-uuid?null userdevice=device bootable=bootable?false mode=mode?RW type=type?Disk unpluggable=unpluggable?true empty=!vdi-uuid }

command vif-create
  doc Connects a VM to a network.
  need device network-uuid vm-uuid
  may mac
  call VIF.create { device=device network=network-uuid VM=vm-uuid MAC=mac? MTU==1500 }

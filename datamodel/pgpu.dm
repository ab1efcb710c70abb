# SPDX-License-Identifier: GPL-2.0-or-later

class PGPU
  doc A GPU of a host.
  since boston
  writer pool-operator

field uuid dynamic string
  doc Lasting, unique name of the GPU.

field PCI static ref(PCI) = "OpaqueRef:NULL"
  doc PCI device it is.

field GPU_group static ref(GPU_group) = "OpaqueRef:NULL"
  doc Group it is in.
  to GPU_group.PGPUs

field host dynamic ref(host) = "OpaqueRef:NULL"
  doc Host it is in.
  to host.PGPUs

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the GPU.

field supported_VGPU_types dynamic set(ref(VGPU_type))
  doc Kinds of virtual GPUs it can make.
  since vgpu-tech-preview
  to VGPU_type.supported_on_PGPUs

field enabled_VGPU_types dynamic set(ref(VGPU_type))
  doc Kinds of virtual GPUs it may make.
  since vgpu-tech-preview
  to VGPU_type.enabled_on_PGPUs

field resident_VGPUs dynamic set(ref(VGPU))
  doc Virtual GPUs that run on it.
  since vgpu-tech-preview
  from VGPU.resident_on

field size static int = 1048576
  doc Its capacity, in units that virtual GPUs take from.
  since vgpu-tech-preview
  flags internal

field supported_VGPU_max_capacities dynamic map(ref(VGPU_type),int) = {}
  doc How many virtual GPUs of each kind it can make.
  since vgpu-productisation

field dom0_access dynamic enum(pci_dom0_access) = "enabled"
  doc Whether the host uses it, now and after the next boot.
  since cream, deprecated 24.14.0

field is_system_display_device dynamic bool = false
  doc Whether it shows the host's own console.
  since cream

field compatibility_metadata dynamic map(string,string) = {}
  doc What decides whether a VM can migrate to it.
  since inverness

message add_enabled_VGPU_types
  doc Allows one more kind of virtual GPU.
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value ref(VGPU_type)

message remove_enabled_VGPU_types
  doc No longer allows a kind of virtual GPU.
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value ref(VGPU_type)

message set_enabled_VGPU_types
  doc Replaces the kinds of virtual GPUs it may make.
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value set(ref(VGPU_type))

message set_GPU_group
  doc Moves it to another group.
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value ref(GPU_group)

message get_remaining_capacity
  doc How many more virtual GPUs of this kind it can make.
  since vgpu-tech-preview
  role read-only
  flags query
  param self ref(PGPU)
  param vgpu_type ref(VGPU_type)
  result int

message enable_dom0_access
  doc Lets the host use it; PCI.enable_dom0_access replaced it.
  since cream, deprecated 24.14.0
  role pool-operator
  param self ref(PGPU)
  result enum(pci_dom0_access)

message disable_dom0_access
  doc Keeps the host from using it; PCI.disable_dom0_access replaced it.
  since cream, deprecated 24.14.0
  role pool-operator
  param self ref(PGPU)
  result enum(pci_dom0_access)

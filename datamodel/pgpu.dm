# SPDX-License-Identifier: GPL-2.0-or-later

class PGPU
  since boston
  writer pool-operator

field uuid dynamic string

field PCI static ref(PCI) = "OpaqueRef:NULL"

field GPU_group static ref(GPU_group) = "OpaqueRef:NULL"
  to GPU_group.PGPUs

field host dynamic ref(host) = "OpaqueRef:NULL"
  to host.PGPUs

field other_config rw map(string,string) = {}

field supported_VGPU_types dynamic set(ref(VGPU_type))
  since vgpu-tech-preview
  to VGPU_type.supported_on_PGPUs

field enabled_VGPU_types dynamic set(ref(VGPU_type))
  since vgpu-tech-preview
  to VGPU_type.enabled_on_PGPUs

field resident_VGPUs dynamic set(ref(VGPU))
  since vgpu-tech-preview
  from VGPU.resident_on

field size static int = 1048576
  since vgpu-tech-preview
  flags internal

field supported_VGPU_max_capacities dynamic map(ref(VGPU_type),int) = {}
  since vgpu-productisation

field dom0_access dynamic enum(pci_dom0_access) = "enabled"
  since cream, deprecated 24.14.0

field is_system_display_device dynamic bool = false
  since cream

field compatibility_metadata dynamic map(string,string) = {}
  since inverness

message add_enabled_VGPU_types
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value ref(VGPU_type)

message remove_enabled_VGPU_types
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value ref(VGPU_type)

message set_enabled_VGPU_types
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value set(ref(VGPU_type))

message set_GPU_group
  since vgpu-tech-preview
  role pool-operator
  param self ref(PGPU)
  param value ref(GPU_group)

message get_remaining_capacity
  since vgpu-tech-preview
  role read-only
  flags query
  param self ref(PGPU)
  param vgpu_type ref(VGPU_type)
  result int

message enable_dom0_access
  since cream, deprecated 24.14.0
  role pool-operator
  param self ref(PGPU)
  result enum(pci_dom0_access)

message disable_dom0_access
  since cream, deprecated 24.14.0
  role pool-operator
  param self ref(PGPU)
  result enum(pci_dom0_access)

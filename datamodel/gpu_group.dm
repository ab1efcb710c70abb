# SPDX-License-Identifier: GPL-2.0-or-later

class GPU_group
  since boston
  writer pool-operator

enum allocation_algorithm
  value breadth_first
  value depth_first

field uuid dynamic string

field name__label rw string = ""

field name__description rw string = ""

field PGPUs dynamic set(ref(PGPU))
  from PGPU.GPU_group

field VGPUs dynamic set(ref(VGPU))
  from VGPU.GPU_group

field GPU_types dynamic set(string) = []

field other_config rw map(string,string) = {}

field allocation_algorithm rw enum(allocation_algorithm) = "depth_first"
  since vgpu-tech-preview

field supported_VGPU_types dynamic set(ref(VGPU_type))
  since vgpu-productisation
  to VGPU_type.supported_on_GPU_groups

field enabled_VGPU_types dynamic set(ref(VGPU_type))
  since vgpu-productisation
  to VGPU_type.enabled_on_GPU_groups

message create
  role pool-operator
  param name_label string = ""
  param name_description string = ""
  param other_config map(string,string) = {}
  result ref(GPU_group)

message destroy
  role pool-operator
  param self ref(GPU_group)

message update_enabled_VGPU_types
  since vgpu-productisation
  role pool-operator
  flags hidden
  param self ref(GPU_group)

message update_supported_VGPU_types
  since vgpu-productisation
  role pool-operator
  flags hidden
  param self ref(GPU_group)

message get_remaining_capacity
  since vgpu-tech-preview
  role read-only
  flags query
  param self ref(GPU_group)
  param vgpu_type ref(VGPU_type)
  result int

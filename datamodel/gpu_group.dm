# SPDX-License-Identifier: GPL-2.0-or-later

class GPU_group
  doc GPUs that can stand in for each other.
  since boston
  writer pool-operator

enum allocation_algorithm
  doc Whether virtual GPUs fill one GPU before the next, or spread over all.
  value breadth_first
  value depth_first

field uuid dynamic string
  doc Lasting, unique name of the GPU group.

field name__label rw string = ""
  doc Name people gave the GPU group; it need not be unique.

field name__description rw string = ""
  doc Free text about the GPU group.

field PGPUs dynamic set(ref(PGPU))
  doc GPUs in it.
  from PGPU.GPU_group

field VGPUs dynamic set(ref(VGPU))
  doc Virtual GPUs that take from it.
  from VGPU.GPU_group

field GPU_types dynamic set(string) = []
  doc Vendor and device numbers of its GPUs.

field other_config rw map(string,string) = {}
  doc Free keys that tools keep with the GPU group.

field allocation_algorithm rw enum(allocation_algorithm) = "depth_first"
  doc How virtual GPUs are spread over its GPUs.
  since vgpu-tech-preview

field supported_VGPU_types dynamic set(ref(VGPU_type))
  doc Kinds of virtual GPUs its GPUs can make.
  since vgpu-productisation
  to VGPU_type.supported_on_GPU_groups

field enabled_VGPU_types dynamic set(ref(VGPU_type))
  doc Kinds of virtual GPUs its GPUs may make.
  since vgpu-productisation
  to VGPU_type.enabled_on_GPU_groups

message create
  doc Makes an empty group.
  role pool-operator
  param name_label string = ""
  param name_description string = ""
  param other_config map(string,string) = {}
  result ref(GPU_group)

message destroy
  doc Removes an empty group.
  role pool-operator
  param self ref(GPU_group)

message update_enabled_VGPU_types
  doc Computes enabled_VGPU_types anew.
  since vgpu-productisation
  role pool-operator
  flags hidden
  param self ref(GPU_group)

message update_supported_VGPU_types
  doc Computes supported_VGPU_types anew.
  since vgpu-productisation
  role pool-operator
  flags hidden
  param self ref(GPU_group)

message get_remaining_capacity
  doc How many more virtual GPUs of this kind it can make.
  since vgpu-tech-preview
  role read-only
  flags query
  param self ref(GPU_group)
  param vgpu_type ref(VGPU_type)
  result int

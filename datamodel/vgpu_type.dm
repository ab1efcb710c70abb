# SPDX-License-Identifier: GPL-2.0-or-later

class VGPU_type
  since vgpu-tech-preview
  writer pool-operator

enum vgpu_type_implementation
  value passthrough
  value nvidia
  value nvidia_sriov
  value gvt_g
  value mxgpu

field uuid dynamic string

field vendor_name static string = ""

field model_name static string = ""

field framebuffer_size static int = 0

field max_heads static int = 0

field max_resolution_x static int = 0
  since vgpu-productisation

field max_resolution_y static int = 0
  since vgpu-productisation

field size static int = 0
  flags internal

field supported_on_PGPUs dynamic set(ref(PGPU))
  from PGPU.supported_VGPU_types

field enabled_on_PGPUs dynamic set(ref(PGPU))
  from PGPU.enabled_VGPU_types

field VGPUs dynamic set(ref(VGPU))
  from VGPU.type

field internal_config static map(string,string) = {}
  flags internal

field supported_on_GPU_groups dynamic set(ref(GPU_group))
  since vgpu-productisation
  from GPU_group.supported_VGPU_types

field enabled_on_GPU_groups dynamic set(ref(GPU_group))
  since vgpu-productisation
  from GPU_group.enabled_VGPU_types

field implementation static enum(vgpu_type_implementation) = "passthrough"
  since dundee

field identifier static string = ""
  since dundee

field experimental static bool = false
  since dundee

field compatible_types_in_vm dynamic set(ref(VGPU_type)) = []
  since quebec
  flags dangling

field compatible_types_on_pgpu dynamic set(ref(VGPU_type)) = []
  since quebec
  flags internal dangling

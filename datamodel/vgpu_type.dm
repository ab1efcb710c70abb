# SPDX-License-Identifier: GPL-2.0-or-later

class VGPU_type
  doc A kind of virtual GPU.
  since vgpu-tech-preview
  writer pool-operator

enum vgpu_type_implementation
  doc How virtual GPUs of a kind are made.
  value passthrough
  value nvidia
  value nvidia_sriov
  value gvt_g
  value mxgpu

field uuid dynamic string
  doc Lasting, unique name of the VGPU type.

field vendor_name static string = ""
  doc Who makes the GPU.

field model_name static string = ""
  doc Name of the kind.

field framebuffer_size static int = 0
  doc Bytes of graphics memory.

field max_heads static int = 0
  doc Most screens.

field max_resolution_x static int = 0
  doc Most pixels across a screen.
  since vgpu-productisation

field max_resolution_y static int = 0
  doc Most pixels down a screen.
  since vgpu-productisation

field size static int = 0
  doc What it takes of a GPU's capacity.
  flags internal

field supported_on_PGPUs dynamic set(ref(PGPU))
  doc GPUs that can make it.
  from PGPU.supported_VGPU_types

field enabled_on_PGPUs dynamic set(ref(PGPU))
  doc GPUs that may make it.
  from PGPU.enabled_VGPU_types

field VGPUs dynamic set(ref(VGPU))
  doc Virtual GPUs of this kind.
  from VGPU.type

field internal_config static map(string,string) = {}
  doc Settings for the program that serves it.
  flags internal

field supported_on_GPU_groups dynamic set(ref(GPU_group))
  doc Groups whose GPUs can make it.
  since vgpu-productisation
  from GPU_group.supported_VGPU_types

field enabled_on_GPU_groups dynamic set(ref(GPU_group))
  doc Groups whose GPUs may make it.
  since vgpu-productisation
  from GPU_group.enabled_VGPU_types

field implementation static enum(vgpu_type_implementation) = "passthrough"
  doc How it is made.
  since dundee

field identifier static string = ""
  doc What tells it from other kinds, lastingly.
  since dundee

field experimental static bool = false
  doc Whether it is not finished.
  since dundee

field compatible_types_in_vm dynamic set(ref(VGPU_type)) = []
  doc Kinds a VM may have beside it.
  since quebec
  flags dangling

field compatible_types_on_pgpu dynamic set(ref(VGPU_type)) = []
  doc Kinds a GPU may make beside it.
  since quebec
  flags internal dangling

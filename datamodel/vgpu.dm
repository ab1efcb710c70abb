# SPDX-License-Identifier: GPL-2.0-or-later

class VGPU
  since boston
  writer pool-operator

field uuid dynamic string

field VM dynamic ref(VM)
  to VM.VGPUs

field GPU_group dynamic ref(GPU_group)
  to GPU_group.VGPUs

field device dynamic string = "0"

field currently_attached dynamic bool = false

field other_config rw map(string,string) = {}

field type dynamic ref(VGPU_type) = "OpaqueRef:NULL"
  since vgpu-tech-preview
  to VGPU_type.VGPUs

field resident_on dynamic ref(PGPU) = "OpaqueRef:NULL"
  since vgpu-tech-preview
  to PGPU.resident_VGPUs

field scheduled_to_be_resident_on dynamic ref(PGPU) = "OpaqueRef:NULL"
  since dundee

field compatibility_metadata dynamic map(string,string) = {}
  since inverness

field extra_args rw string = ""
  since quebec

field PCI dynamic ref(PCI) = "OpaqueRef:NULL"
  since quebec

message create
  role pool-operator
  param VM ref(VM)
  param GPU_group ref(GPU_group)
  param device string = "0"
  param other_config map(string,string) = {}
  param type ref(VGPU_type) = "OpaqueRef:NULL"
  result ref(VGPU)

message destroy
  role pool-operator
  param self ref(VGPU)

message atomic_set_resident_on
  since dundee
  role local-root
  flags hidden pool-internal
  param self ref(VGPU)
  param value ref(PGPU)
